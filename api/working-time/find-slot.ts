import { createRoute, type z } from '@hono/zod-openapi';
import { loadCalendars } from '../../db/calendars.ts';
import { soFar } from '../../db/fairness.ts';
import { findPerson } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { bestSlot, type Slot, slotRangeDaysMax } from '../../domain/time/best-slot.ts';
import type { WorkingCalendar } from '../../domain/time/calendar.ts';
import type { SlotCost } from '../../domain/time/slot-cost.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { dayMs, minuteMs } from '../../domain/time/zone.ts';
import type { Asked } from '../directory/parts.ts';
import { localTime } from '../local-time.ts';
import type { WorkingTimeParts } from './parts.ts';
import { slotAnswer, slotBody } from './schema.ts';

export const findSlotRoute = createRoute({
  method: 'post',
  path: '/slots',
  operationId: 'findSlot',
  tags: ['working time'],
  summary: 'When a meeting costs the people in it least, and what it costs each of them',
  description:
    'Nothing is booked. A repeated request gets the answer of the first. Whoever was asked much outside their hours in ' +
    'the last 90 days is asked last; how much that is, each is told of themselves alone.',
  request: { body: { required: true, content: { 'application/json': { schema: slotBody } } } },
  responses: {
    200: {
      description: 'The least for whoever it costs most; then the least of all; then the earliest.',
      content: { 'application/json': { schema: slotAnswer } },
    },
  },
});

type Input = z.output<typeof slotBody>;
type Answer = z.input<typeof slotAnswer>;

export async function findSlot(
  parts: WorkingTimeParts,
  { actor, input }: Asked<Input>,
): Promise<Answer> {
  const people = [...new Set(input.people as PersonId[])];
  const calendars = await calendarsOf(parts, actor, people);
  const borne = await soFar(parts.db, people, parts.clock.now());
  const slot = slotOf(
    input,
    people.map((person, index) => ({
      calendar: present(calendars[index], 'the calendar'),
      soFar: borne.get(person) ?? 0,
    })),
  );
  const costs = slot.people.map((cost, index) =>
    people[index] === actor.id ? cost : withoutSoFar(cost),
  );
  return {
    from: new Date(slot.from).toISOString(),
    until: new Date(slot.until).toISOString(),
    worst: Math.max(...costs.map(({ points }) => points)),
    sum: costs.reduce((sum, { points }) => sum + points, 0),
    people: await Promise.all(
      people.map(async (person, index) => {
        const { zone } = present(calendars[index], 'the calendar');
        const cost = present(costs[index], 'the cost');
        return {
          person,
          zone,
          localFrom: localTime(slot.from, zone),
          localUntil: localTime(slot.until, zone),
          points: cost.points,
          reasons: await reasonsOf(parts, actor, cost),
        };
      }),
    ),
  };
}

/** In the order of `people`; whom one may not see cannot be met with either. */
async function calendarsOf(
  { db }: WorkingTimeParts,
  actor: Actor,
  people: readonly PersonId[],
): Promise<readonly WorkingCalendar[]> {
  for (const person of people) {
    if (!(await findPerson(db, actor, person))) {
      throw new Refusal(problem('person.unknown', { person }));
    }
  }
  const calendars = await loadCalendars(db, people);
  return people.map((person) => present(calendars.get(person), 'the calendar'));
}

/** What somebody has borne before is theirs to know. */
function withoutSoFar({ points, reasons }: SlotCost): SlotCost {
  const borne = reasons.find(({ code }) => code === 'soFar');
  return { points: points - (borne?.points ?? 0), reasons: reasons.filter((one) => one !== borne) };
}

interface Asking {
  readonly calendar: WorkingCalendar;
  readonly soFar: number;
}

function slotOf(input: Input, people: readonly Asking[]): Slot {
  const range = { from: Date.parse(input.from), until: Date.parse(input.until) };
  const { minutes, everyMinutes } = input;
  if (range.until - range.from > slotRangeDaysMax * dayMs) {
    throw new Refusal(problem('time.range_too_long', { max: slotRangeDaysMax }));
  }
  if (range.until - range.from < minutes * minuteMs) throw new Refusal(problem('slot.none_fits'));
  const attendees = people.map(({ calendar, soFar: borne }) => ({
    clock: openCalendar(calendar),
    zone: calendar.zone,
    soFar: borne,
  }));
  const slot = bestSlot(attendees, { range, minutes, everyMinutes });
  if (!('reason' in slot)) return slot;
  throw new Refusal(problem(slot.reason === 'invalid' ? 'slot.none_fits' : 'time.horizon'));
}

async function reasonsOf(
  { tell }: WorkingTimeParts,
  actor: Actor,
  { reasons }: SlotCost,
): Promise<Answer['people'][number]['reasons']> {
  const sentences = await tell(
    actor.id,
    reasons.map(({ code, minutes }) => ({ key: `calendar.slot.${code}`, params: { minutes } })),
  );
  return reasons.map((reason, index) => ({
    ...reason,
    sentence: present(sentences[index], 'the sentence'),
  }));
}
