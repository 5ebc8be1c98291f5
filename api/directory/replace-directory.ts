import { createRoute, type z } from '@hono/zod-openapi';
import { type Actor, may } from '../../domain/authority.ts';
import { organisation } from '../../domain/subjects.ts';
import type { Finding } from '../../domain/directory/finding.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { type DirectorySource, importDirectory } from './import-directory.ts';
import type { Asked, DirectoryParts } from './parts.ts';
import { replacedAnswer } from './schema.ts';
import { directoryShape } from './shape.ts';

/** Larger than other bodies: the largest organisation is some 15 MB. */
export const directoryBytesMax = 32 * 1_024 * 1_024;

export const replaceDirectoryRoute = createRoute({
  method: 'put',
  path: '/directory',
  operationId: 'replaceDirectory',
  tags: ['directory'],
  summary: 'Puts the organisation’s own file in place, whole or not at all',
  description:
    'JSON with a list for each noun, or one CSV file a noun as parts of a form, such as `people.csv`. ' +
    'The same file twice changes nothing. Every mistake is told with its path.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: directoryShape },
        'multipart/form-data': {
          schema: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'What it changed.',
      content: { 'application/json': { schema: replacedAnswer } },
    },
  },
});

/** Carries every mistake of the file beside the problem. */
export class DirectoryRefusal extends Refusal {
  readonly findings: readonly Finding[];
  constructor(findings: readonly Finding[]) {
    const isReadable = !findings.some(({ code }) => code.endsWith('_malformed'));
    const code = isReadable ? 'directory.invalid' : 'directory.malformed';
    super(problem(code, { mistakes: findings.length }));
    this.findings = findings;
  }
}

/** Asked before a file is read, too: it is large, and only few may send one. */
export function authoriseReplacement(actor: Actor): void {
  if (!may(actor, 'directory.replace', organisation)) {
    throw new Refusal(problem('authority.forbidden'));
  }
}

export async function replaceDirectory(
  parts: DirectoryParts,
  { actor, input }: Asked<DirectorySource>,
): Promise<z.input<typeof replacedAnswer>> {
  authoriseReplacement(actor);
  const result = await importDirectory(parts, input);
  if (!result.ok) throw new DirectoryRefusal(result.errors);
  const { isUnchanged, changes, replanned, calendarChangeId, warnings } = result;
  if (calendarChangeId !== null) parts.announceChange?.(calendarChangeId);
  return {
    isUnchanged,
    changes,
    replanned: replanned.length,
    calendarChange: calendarChangeId,
    warnings: warnings.map((one) => ({ ...one })),
  };
}
