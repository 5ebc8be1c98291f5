import { createRoute, type z } from '@hono/zod-openapi';
import { countAbsences, enterAbsence as keepAbsence } from '../../db/absences.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { parseHours } from '../../domain/directory/hours.ts';
import { dayNumber, type MinuteInterval } from '../../domain/time/calendar.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { authoriseAbsence } from './authorise.ts';
import { absenceBody, enteredAnswer } from './schema.ts';

export const enterAbsenceRoute = createRoute({
  method: 'post',
  path: '/people/{id}/absences',
  operationId: 'enterAbsence',
  tags: ['working time'],
  summary: 'Somebody will be away: their deadlines move, and whoever they concern is told',
  request: {
    params: idParams,
    body: { required: true, content: { 'application/json': { schema: absenceBody } } },
  },
  responses: {
    201: { description: 'Entered.', content: { 'application/json': { schema: enteredAnswer } } },
  },
});

const absenceDaysMax = 366;
/** Of one person, still to come. */
export const absencesMax = 200;

type Input = { readonly id: string } & z.output<typeof absenceBody>;

export async function enterAbsence(
  { db, clock, announceChange }: DirectoryParts,
  { actor, input, commandId }: Asked<Input> & { readonly commandId: string },
): Promise<z.input<typeof enteredAnswer>> {
  const person = input.id as PersonId;
  await authoriseAbsence(db, actor, { person, action: 'absence.enter' });
  const { firstDay, lastDay, hours } = input;
  checkDays(firstDay, lastDay);
  const [fromMinute = null, untilMinute = null] = hoursOf(input) ?? [];
  const at = clock.now();
  const today = new Date(at).toISOString().slice(0, 10);
  if ((await countAbsences(db, person, today)) >= absencesMax) {
    throw new Refusal(problem('absence.too_many', { max: absencesMax }));
  }
  // From the request, so that a repeat finds the absence it entered.
  const id = derivedId('absence', commandId);
  const days = { firstDay, lastDay, fromMinute, untilMinute };
  const entered = { id, person, ...days, by: actor.id, at };
  const { calendarChange } = await keepAbsence(db, entered);
  if (calendarChange !== null) announceChange?.(calendarChange);
  return { id, firstDay, lastDay, hours: hours ?? null, source: 'person', calendarChange };
}

function checkDays(firstDay: string, lastDay: string): void {
  const [first, last] = [dayNumber(firstDay), dayNumber(lastDay)];
  if (first === null || last === null) throw new Refusal(problem('time.horizon'));
  if (last < first) throw new Refusal(problem('absence.reversed', { firstDay, lastDay }));
  if (last - first >= absenceDaysMax) {
    throw new Refusal(problem('absence.too_long', { max: absenceDaysMax }));
  }
}

/** Undefined for whole days. */
function hoursOf({ firstDay, lastDay, hours }: Input): MinuteInterval | undefined {
  if (hours === undefined) return undefined;
  const interval = parseHours(hours);
  if (!interval) throw new Refusal(problem('absence.hours_invalid', { hours }));
  if (firstDay !== lastDay) throw new Refusal(problem('absence.hours_of_one_day'));
  return interval;
}
