import { createRoute, type z } from '@hono/zod-openapi';
import { findCalendarChange, loopsOfChange, type LoopOfChange } from '../../db/calendar-changes.ts';
import { may } from '../../domain/authority.ts';
import { organisation } from '../../domain/subjects.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { calendarChangeAnswer, calendarChangeParams, calendarChangeQuery } from './schema.ts';

const asked = calendarChangeParams.extend(calendarChangeQuery.shape);

export const readCalendarChangeRoute = createRoute({
  method: 'get',
  path: '/calendar-changes/{id}',
  operationId: 'readCalendarChange',
  tags: ['directory'],
  summary: 'A change of working time: which open loops it touched, and which deadlines it moved',
  request: { params: calendarChangeParams, query: calendarChangeQuery },
  responses: {
    200: {
      description: 'Loops whose deadline moved come first.',
      content: { 'application/json': { schema: calendarChangeAnswer } },
    },
  },
});

export async function readCalendarChange(
  { db }: DirectoryParts,
  { actor, input: { id, cursor, limit } }: Asked<z.output<typeof asked>>,
): Promise<z.input<typeof calendarChangeAnswer>> {
  const change = may(actor, 'directory.view', organisation)
    ? await findCalendarChange(db, id)
    : undefined;
  if (!change) throw new Refusal(problem('request.not_found'));
  const place = decodeCursor(cursor, ['integer', 'uuid']);
  const after = place && { moved: place[0], id: place[1] };
  const rows = await loopsOfChange(db, { change: id, after, limit: limit + 1 });
  const page = pageOf(rows, limit, {
    item: shown,
    place: ({ moved, id: loop }) => [moved.length, loop],
  });
  return {
    ...change,
    at: iso(change.at),
    announcedAt: maybeIso(change.announcedAt),
    items: [...page.items],
    next: page.next,
  };
}

const iso = (at: number): string => new Date(at).toISOString();
const maybeIso = (at: number | null): string | null => (at === null ? null : iso(at));
const minuteMs = 60_000;

const shown = ({ id, loop, account, toldAt, plannedAt, moved }: LoopOfChange) => ({
  id,
  loop,
  account,
  toldAt: maybeIso(toldAt),
  plannedAt: maybeIso(plannedAt),
  moved: moved.map(({ task, person, from, to }) => ({
    task,
    person,
    from: iso(from),
    to: iso(to),
    minutes: Math.round((to - from) / minuteMs),
  })),
});
