/** Files that a page offers: the same as the API answers with, for whoever is signed in. */
import type { ApiEnvironment } from '../api/environment.ts';
import { fileAnswer } from '../api/files.ts';
import { meetingFile } from '../api/quarterly-reviews/meeting-file.ts';
import { auditFiles } from '../api/skill-audits/table-files.ts';
import { taskPath } from '../locales/links.ts';
import type { Context } from 'hono';
import type { TaskPageParts } from './task-pages.ts';

const names = ['meeting.ics', 'gaps.csv', 'heat-map.csv'] as const;
type Download = (typeof names)[number];

export const downloadPath = (loop: string, name: Download): string => `${taskPath(loop)}/${name}`;

interface DownloadRoute {
  readonly path: string;
  answer(c: Context<ApiEnvironment>, parts: TaskPageParts): Promise<Response>;
}

const answers: Readonly<Record<Download, DownloadRoute['answer']>> = {
  'meeting.ics': (c, { reviews, publicUrl }) =>
    fileAnswer(c, meetingFile, { ...reviews, publicUrl }),
  'gaps.csv': (c, { audits }) => fileAnswer(c, auditFiles.gaps, audits),
  'heat-map.csv': (c, { audits }) => fileAnswer(c, auditFiles.heatMap, audits),
};

export const downloads: readonly DownloadRoute[] = names.map((name) => ({
  path: downloadPath(':id', name),
  answer: answers[name],
}));
