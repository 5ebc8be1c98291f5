/** `PUT /people/{id}/absences/calendar`: the one operation on absences that takes a file. */
import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { readCalendar } from '../../channels/calendar/read-calendar.ts';
import { replaceCalendarAbsences } from '../../db/absences.ts';
import { loadCalendars } from '../../db/calendars.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { dayMs } from '../../domain/time/zone.ts';
import { actorOf } from '../bind.ts';
import type { ApiEnvironment } from '../environment.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { authoriseAbsence } from './authorise.ts';
import { absencesMax } from './enter-absence.ts';
import { replacedAnswer } from './schema.ts';

export const replaceCalendarRoute = createRoute({
  method: 'put',
  path: '/people/{id}/absences/calendar',
  operationId: 'replaceCalendarAbsences',
  tags: ['working time'],
  summary: 'Every event of an iCalendar file that takes time is an absence',
  description:
    'What an earlier file said and this one does not is taken back. The same file twice changes ' +
    'nothing. Of an event only its times are read: no title, no text.',
  request: {
    params: idParams,
    body: { required: true, content: { 'text/calendar': { schema: { type: 'string' } } } },
  },
  responses: {
    200: {
      description: 'What it changed.',
      content: { 'application/json': { schema: replacedAnswer } },
    },
  },
});

/** What lies further back moves no deadline any more; what lies further ahead is not planned yet. */
const pastMs = 31 * dayMs;
const aheadMs = 731 * dayMs;

export function registerCalendarFile(
  app: OpenAPIHono<ApiEnvironment>,
  parts: DirectoryParts,
): void {
  app.openAPIRegistry.registerPath(replaceCalendarRoute);
  app.put('/people/:id/absences/calendar', async (c) => {
    if (!/^text\/calendar\b/i.test(c.req.header('content-type') ?? '')) {
      throw new Refusal(problem('request.media_type', { types: 'text/calendar' }));
    }
    const { success, data } = idParams.safeParse(c.req.param());
    if (!success) throw new Refusal(problem('request.not_found'));
    const input = { person: data.id as PersonId, text: await c.req.text() };
    return c.json(await replaceCalendar(parts, { actor: actorOf(c), input }));
  });
}

async function replaceCalendar(
  { db, clock, announceChange }: DirectoryParts,
  { actor, input }: Asked<{ readonly person: PersonId; readonly text: string }>,
): Promise<z.input<typeof replacedAnswer>> {
  const { person, text } = input;
  await authoriseAbsence(db, actor, { person, action: 'absence.enter' });
  const { zone } = present((await loadCalendars(db, [person])).get(person), 'the calendar');
  const at = clock.now();
  const options = { zone, from: at - pastMs, until: at + aheadMs, awayMax: absencesMax };
  const read = readCalendar(text, options);
  if ('fault' in read) throw new Refusal(refusalOf(read));
  const replaced = await replaceCalendarAbsences(db, {
    person,
    by: actor.id,
    at,
    since: new Date(at - pastMs).toISOString().slice(0, 10),
    away: read.away,
  });
  if (replaced.calendarChange !== null) announceChange?.(replaced.calendarChange);
  return replaced;
}

function refusalOf({ fault, line }: { readonly fault: string; readonly line: number }) {
  if (fault === 'too many') return problem('absence.too_many', { max: absencesMax });
  const code = fault === 'event' ? 'absence.event_invalid' : 'absence.calendar_malformed';
  return problem(code, { line });
}
