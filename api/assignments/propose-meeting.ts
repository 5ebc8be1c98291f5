import { createRoute, type z } from '@hono/zod-openapi';
import { placeZone } from '../../db/assignment-facts.ts';
import { insertMeeting, lockMeetings, meetingOf } from '../../db/assignment-meetings.ts';
import { loadCalendars } from '../../db/calendars.ts';
import { soFar } from '../../db/fairness.ts';
import { present } from '../../domain/assert.ts';
import { spanOf } from '../../domain/assignment/place.ts';
import { signerOf } from '../../domain/assignment/signers.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { bestSlot, slotRangeDaysMax } from '../../domain/time/best-slot.ts';
import type { Range } from '../../domain/time/range.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { dayMs } from '../../domain/time/zone.ts';
import type { Commanded } from '../loop-steps.ts';
import type { AssignmentParts, ById } from './parts.ts';
import { seenAssignment } from './present.ts';
import { assignmentParams, meetingAnswer, meetingBody } from './schema.ts';

export const proposeMeetingRoute = createRoute({
  method: 'post',
  path: '/assignments/{id}/meetings',
  operationId: 'proposeAssignmentMeeting',
  tags: ['assignments'],
  summary: 'Finds when participant and host meet at the least cost, and tells them',
  request: {
    params: assignmentParams,
    body: { required: true, content: { 'application/json': { schema: meetingBody } } },
  },
  responses: {
    200: {
      description: 'The meeting; what it costs outside their hours counts in the next one.',
      content: { 'application/json': { schema: meetingAnswer } },
    },
  },
});

const meetingsMax = 200;
const searchedDays = 14;

type Input = ById & z.output<typeof meetingBody>;

export async function proposeMeeting(
  parts: AssignmentParts,
  { actor, input, commandId }: Commanded<Input>,
): Promise<z.input<typeof meetingAnswer>> {
  const { db, clock } = parts;
  const assignment = input.id as LoopId;
  const { state } = await seenAssignment(parts, actor, assignment);
  const { terms, status } = state;
  if (terms === null || status !== 'running') throw new Refusal(problem('assignment.not_running'));
  const people = [state.participant, signerOf(state, terms, 'host')];
  if (!people.includes(actor.id)) throw new Refusal(problem('assignment.not_signer'));
  const at = clock.now();
  const from = Math.max(at, input.from === undefined ? at : Date.parse(input.from));
  const wanted = input.until === undefined ? from + searchedDays * dayMs : Date.parse(input.until);
  // Nobody meets for what is over by then.
  const until = Math.min(wanted, spanOf(terms, await placeZone(db, state)).until);
  if (from >= until) throw new Refusal(problem('slot.none_fits'));
  return db.transaction().execute(async (tx) => {
    const number = await lockMeetings(tx, assignment);
    const before = await meetingOf(tx, { assignment, commandId });
    if (before !== null) return shown(before);
    if (number >= meetingsMax) {
      throw new Refusal(problem('assignment.too_many_meetings', { max: meetingsMax }));
    }
    const slot = await slotOf(tx, people, { range: { from, until }, minutes: input.minutes, at });
    await insertMeeting(tx, { assignment, number, slot, people, commandId, by: actor.id, at });
    return shown(slot);
  });
}

const shown = ({ from, until }: Range) => ({
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
});

interface Wanted {
  readonly range: Range;
  readonly minutes: number;
  readonly at: number;
}

async function slotOf(
  query: Parameters<typeof loadCalendars>[0],
  people: readonly PersonId[],
  { range, minutes, at }: Wanted,
): Promise<Range> {
  if (range.until - range.from > slotRangeDaysMax * dayMs) {
    throw new Refusal(problem('time.range_too_long', { max: slotRangeDaysMax }));
  }
  const calendars = await loadCalendars(query, people);
  const borne = await soFar(query, people, at);
  const attendees = people.map((person) => {
    const calendar = present(calendars.get(person), 'the calendar');
    return { clock: openCalendar(calendar), zone: calendar.zone, soFar: borne.get(person) ?? 0 };
  });
  const slot = bestSlot(attendees, { range, minutes });
  if (!('reason' in slot)) return slot;
  throw new Refusal(problem(slot.reason === 'invalid' ? 'slot.none_fits' : 'time.horizon'));
}
