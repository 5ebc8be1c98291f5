/** `GET /quarterly-reviews/{id}/meeting.ics`: the meeting, for whatever calendar its reader keeps. */
import { createRoute } from '@hono/zod-openapi';
import { icalendar } from '../../channels/calendar/icalendar.ts';
import { meetingId } from '../../channels/email/thread.ts';
import { addressee } from '../../db/notices.ts';
import { present } from '../../domain/assert.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { taskPath } from '../../locales/links.ts';
import { phrase, recipientFor } from '../../locales/render.ts';
import type { FileOperation } from '../files.ts';
import type { ReviewParts } from './parts.ts';
import { seenReview } from './present.ts';
import { reviewParams } from './schema.ts';

const route = createRoute({
  method: 'get',
  path: '/quarterly-reviews/{id}/meeting.ics',
  operationId: 'exportQuarterlyReviewMeeting',
  tags: ['growth'],
  summary: 'The meeting as a calendar file, in your language and on your clock',
  request: { params: reviewParams },
  responses: {
    200: {
      description: 'The entry that the messages bring too: whatever comes later moves it.',
      content: { 'text/calendar': { schema: { type: 'string' } } },
    },
  },
});

type Parts = ReviewParts & { readonly publicUrl: string };

export const meetingFile: FileOperation<Parts> = {
  route,
  async run({ db, clock, publicUrl }, { actor, id }) {
    const loop = id as LoopId;
    const { state, region, team, sequence } = await seenReview({ db }, actor, loop);
    const { status, slot, quarter } = state;
    // What was called off leads nobody to a meeting.
    if (status === 'cancelled' || status === 'lapsed') throw new Refusal(problem('loop.closed'));
    const reader = recipientFor(present(await addressee(db, actor.id), 'the reader'));
    const of = { of: (team ?? region).name, quarter };
    const name = phrase('quarterlyReview.page.meeting_of', of, reader);
    const { zone, locale } = reader;
    const url = `${publicUrl}${taskPath(id)}`;
    // A message of a later step moves the entry, or withdraws it (RFC 5545, 3.8.7.4).
    const event = { id: meetingId(id, actor.id), sequence, summary: name, url, ...slot };
    const text = icalendar({ name, zone, locale, events: [event], at: clock.now() });
    return { name: 'meeting.ics', type: 'text/calendar', text };
  },
};
