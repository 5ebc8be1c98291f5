/** Lets somebody decide for somebody, shows it, and ends it. Whether somebody may is the record's to say. */
import { createRoute, type z } from '@hono/zod-openapi';
import { personSubject } from '../../db/actors.ts';
import {
  countDelegations,
  type DelegationRow,
  findDelegation,
  listDelegations,
} from '../../db/delegations.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findPerson } from '../../db/people.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { timelineSentence } from '../../domain/delegation/explain.ts';
import type { DelegationCommand, DelegationEvent } from '../../domain/delegation/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { dayNumber, dayText } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { wallTime } from '../../domain/time/zone.ts';
import { delegationWorkflow, delegationWorkflowId } from '../../workflows/delegation/id.ts';
import { delegationUpdates } from '../../workflows/delegation/messages.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams, pageQuery } from '../directory/schema.ts';
import {
  type Commanded,
  type LoopAddress,
  type LoopStepParts,
  openLoop,
  sendStep,
} from '../loop-steps.ts';
import type { Tell } from '../tell.ts';
import {
  delegationAnswer,
  delegationBody,
  delegationParams,
  delegationsAnswer,
  plainBody,
} from './schema.ts';

export interface DelegationParts extends LoopStepParts {
  readonly tell: Tell;
}

const address: LoopAddress = {
  workflow: delegationWorkflow,
  workflowId: delegationWorkflowId,
  updates: delegationUpdates,
};

/** Of one person, planned or running. */
export const delegationsMax = 50;

export type Delegation = z.input<typeof delegationAnswer>;
export type DelegationSummary = Omit<Delegation, 'timeline'>;

const iso = (at: Instant): string => new Date(at).toISOString();
const two = (count: number): string => String(count).padStart(2, '0');

/** Such as `2027-03-18T09:00`; the reverse of `instantOf`. */
function wallText(at: Instant, zone: string): string {
  const { day, minute } = wallTime(at, zone);
  return `${dayText(day)}T${two(Math.floor(minute / 60))}:${two(Math.floor(minute % 60))}`;
}

const wallShape = /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):([0-5]\d))?$/;

/** Where the clocks skip that time, the end of the gap; where they show it twice, the first. */
function instantOf(wall: string, zone: string): Instant {
  const [, date = '', hour = '0', minute = '0'] = wallShape.exec(wall) ?? [];
  const day = dayNumber(date);
  if (day === null) throw new Refusal(problem('delegation.period_unreadable'));
  const found = atWall(zone, { day, minute: Number(hour) * 60 + Number(minute) });
  if ('reason' in found) throw new Refusal(problem('time.horizon'));
  return found.at;
}

function summaryOf({ principal, from, until, closedAt, ...row }: DelegationRow) {
  const { zone, ...named } = principal;
  const boundary = (at: Instant) => ({ at: iso(at), wall: wallText(at, zone) });
  return {
    ...row,
    principal: named,
    from: boundary(from),
    until: boundary(until),
    closedAt: closedAt === null ? null : iso(closedAt),
  } as DelegationSummary;
}

/** What does not exist and what may not be seen answer alike. */
async function presentDelegation(
  { db, tell }: DelegationParts,
  actor: Actor,
  id: LoopId,
): Promise<Delegation> {
  const row = await findDelegation(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  const entries = await loopTimeline<DelegationEvent | HoldEvent>(db, id);
  const told = await tell(
    actor.id,
    entries.map(({ event }) => timelineSentence(event)),
  );
  const timeline = entries.map(({ at }, index) => ({ at: iso(at), sentence: told[index] ?? '' }));
  return { ...summaryOf(row), timeline };
}

const answer = {
  description: 'The delegation as it now stands.',
  content: { 'application/json': { schema: delegationAnswer } },
} as const;

const giveRoute = createRoute({
  method: 'post',
  path: '/people/{id}/delegations',
  operationId: 'giveDelegation',
  tags: ['delegations'],
  summary:
    'Somebody decides for somebody else for a while: what waits moves, and comes back undecided',
  description:
    'By whoever is away, or by whoever stands over them. Nobody decides in a circle, and decisions ' +
    'are passed on through a bounded chain.',
  request: {
    params: idParams,
    body: { required: true, content: { 'application/json': { schema: delegationBody } } },
  },
  responses: { 201: answer },
});

type Giving = { readonly id: string } & z.output<typeof delegationBody>;

async function give(parts: DelegationParts, asked: Commanded<Giving>): Promise<Delegation> {
  const id = derivedId('delegation', asked.commandId) as LoopId;
  await openLoop(parts, address, { id, command: () => commandOf(parts, asked, id) });
  return presentDelegation(parts, asked.actor, id);
}

async function commandOf(
  { db, clock }: DelegationParts,
  { actor, input }: Commanded<Giving>,
  id: LoopId,
): Promise<DelegationCommand> {
  const principal = input.id as PersonId;
  const delegate = input.delegate as PersonId;
  const person = await findPerson(db, actor, principal);
  const subject = person && (await personSubject(db, principal));
  if (!person || !subject) throw new Refusal(problem('request.not_found'));
  if (!may(actor, 'delegation.give', subject)) throw new Refusal(problem('authority.forbidden'));
  if (principal === delegate) throw new Refusal(problem('delegation.to_self'));
  // Whom the actor may not see is to them nobody, as everywhere.
  const found = await findPerson(db, actor, delegate);
  if (!found) throw new Refusal(problem('person.unknown', { person: delegate }));
  if ((await countDelegations(db, principal)) >= delegationsMax) {
    throw new Refusal(problem('delegation.too_many', { max: delegationsMax }));
  }
  return {
    type: 'give',
    actor: actor.id,
    delegation: id,
    principal,
    delegate,
    scope: input.scope,
    // What is past is nobody's to give any more.
    from: Math.max(instantOf(input.from, person.zone), clock.now()),
    until: instantOf(input.until, person.zone),
    source: actor.id === principal ? 'person' : 'manager',
    absence: null,
  };
}

const readRoute = createRoute({
  method: 'get',
  path: '/delegations/{id}',
  operationId: 'readDelegation',
  tags: ['delegations'],
  summary: 'Who decides for whom, for how long, and what happened',
  request: { params: delegationParams },
  responses: { 200: answer },
});

const read = (
  parts: DelegationParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Delegation> => presentDelegation(parts, actor, input.id as LoopId);

const listRoute = createRoute({
  method: 'get',
  path: '/people/{id}/delegations',
  operationId: 'listDelegations',
  tags: ['delegations'],
  summary: 'The delegations somebody gave and was given, of those you may see',
  request: { params: idParams, query: pageQuery },
  responses: {
    200: {
      description: 'The latest first.',
      content: { 'application/json': { schema: delegationsAnswer } },
    },
  },
});

type Listing = { readonly id: string } & z.output<typeof pageQuery>;

async function list(
  { db }: DelegationParts,
  { actor, input }: Asked<Listing>,
): Promise<Page<DelegationSummary>> {
  const person = input.id as PersonId;
  if (!(await findPerson(db, actor, person))) throw new Refusal(problem('request.not_found'));
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const after = place && { from: place[0], id: place[1] };
  const rows = await listDelegations(db, actor, { person, after, limit: input.limit + 1 });
  return pageOf(rows, input.limit, { item: summaryOf, place: ({ from, id }) => [from, id] });
}

const endRoute = createRoute({
  method: 'post',
  path: '/delegations/{id}/end',
  operationId: 'endDelegation',
  tags: ['delegations'],
  summary: 'Ends it now: what is undecided comes back',
  description: 'By either of the two, or by whoever stands over the one who is away.',
  request: {
    params: delegationParams,
    body: { required: true, content: { 'application/json': { schema: plainBody } } },
  },
  responses: { 200: answer },
});

async function end(
  parts: DelegationParts,
  { actor, input, commandId, seen }: Commanded<{ readonly id: string }>,
): Promise<Delegation> {
  const id = input.id as LoopId;
  if (!(await findDelegation(parts.db, actor, id))) throw new Refusal(problem('request.not_found'));
  const command = { type: 'end', actor: actor.id } as const;
  await sendStep(parts, address, { id, commandId, seen, command: async () => command });
  return presentDelegation(parts, actor, id);
}

export const delegationOperations = {
  give: { route: giveRoute, run: give },
  read: { route: readRoute, run: read },
  list: { route: listRoute, run: list },
  end: { route: endRoute, run: end },
} as const;
