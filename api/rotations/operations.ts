/** Starts, shows, changes and ends rotations. Whether somebody may is the record's to say. */
import { createRoute, type z } from '@hono/zod-openapi';
import { findAccount } from '../../db/accounts.ts';
import { accountSubject } from '../../db/actors.ts';
import { teamMembers } from '../../db/cover-candidates.ts';
import { derivedId } from '../../db/derived-id.ts';
import { visiblePeople } from '../../db/people.ts';
import {
  findRotation,
  plannedHandOvers,
  plannedLanes,
  type RotationRow,
} from '../../db/rotations.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import { contentKinds } from '../../domain/handoff/packet.ts';
import { packetTexts } from '../../domain/handoff/packet-texts.ts';
import type { AccountId, LoopId, PersonId } from '../../domain/id.ts';
import type { HoldCommand, HoldEvent, Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { timelineSentence } from '../../domain/rotation/explain.ts';
import {
  membersMax,
  type RotationCommand,
  type RotationEvent,
} from '../../domain/rotation/state.ts';
import { rotationWorkflow, rotationWorkflowId } from '../../workflows/rotation/id.ts';
import { rotationUpdates } from '../../workflows/rotation/messages.ts';
import { actingAs, authorise } from '../authorise.ts';
import type { Asked } from '../directory/parts.ts';
import { write } from '../handoffs/write.ts';
import {
  type Commanded,
  type LoopAddress,
  type LoopStepParts,
  openLoop,
  type StepInput,
  stepRoutes,
  stepTaker,
} from '../loop-steps.ts';
import { refuseUnacknowledged } from '../red-flags.ts';
import type { Tell } from '../tell.ts';
import { changeBody, plainBody, rotationAnswer, rotationBody, rotationParams } from './schema.ts';

export interface RotationParts extends LoopStepParts {
  readonly tell: Tell;
}

const address: LoopAddress = {
  workflow: rotationWorkflow,
  workflowId: rotationWorkflowId,
  updates: rotationUpdates,
};

/** Of the plan that is shown. */
const shownMs = 7 * 86_400_000;

/** Of the picture of it. */
const dayMs = 86_400_000;
const hourMs = 3_600_000;

const iso = (at: Instant): string => new Date(at).toISOString();
const shownSpan = ({ from, until }: { readonly from: Instant; readonly until: Instant }) => ({
  from: iso(from),
  until: iso(until),
});

export type Rotation = z.input<typeof rotationAnswer>;

/** What does not exist and what may not be seen answer alike. */
async function presentRotation(
  { db, clock, tell }: RotationParts,
  actor: Actor,
  id: LoopId,
): Promise<Rotation> {
  const row = await findRotation(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  const entries = await loopTimeline<RotationEvent | HoldEvent>(db, id);
  const told = await tell(
    actor.id,
    entries.map(({ event }) => timelineSentence(event)),
  );
  const names = new Map(row.people.map((one) => [one.id, one]));
  const named = (person: PersonId) => names.get(person) ?? { id: person, name: person };
  const isRunning = row.closedAt === null && !row.isHeld;
  const now = clock.now();
  const shown = { from: now, until: now + shownMs };
  const plan = isRunning ? await plannedHandOvers(db, row, shown) : [];
  return {
    id: row.id,
    account: row.account,
    members: row.members.map(named),
    holder: named(row.holder),
    leadMinutes: row.leadMinutes,
    plan: plan.map(({ at, from, to, until, begins, meets }) => ({
      at: iso(at),
      from: named(from),
      to: named(to),
      until: iso(until),
      begins: iso(begins),
      meets,
    })),
    day: isRunning ? await dayOf({ db, clock }, row, named) : null,
    timeline: entries.map(({ at }, index) => ({ at: iso(at), sentence: told[index] ?? '' })),
    startedAt: iso(row.startedAt),
    closedAt: row.closedAt === null ? null : iso(row.closedAt),
    isHeld: row.isHeld,
    revision: row.revision,
  };
}

type Named = Rotation['holder'];

async function dayOf(
  { db, clock }: Pick<RotationParts, 'db' | 'clock'>,
  row: RotationRow,
  named: (person: PersonId) => Named,
): Promise<Rotation['day']> {
  const from = Math.floor(clock.now() / hourMs) * hourMs;
  const range = { from, until: from + dayMs };
  const lanes = await plannedLanes(db, row, range);
  return {
    ...shownSpan(range),
    lanes: lanes.map(({ person, zone, worked, held }) => ({
      person: named(person),
      zone,
      worked: worked.map(shownSpan),
      held: held.map((span) => ({ ...shownSpan(span), isWorking: span.isWorking })),
    })),
  };
}

const answer = {
  description: 'The rotation as it now stands.',
  content: { 'application/json': { schema: rotationAnswer } },
} as const;
const body = <Body extends z.ZodType>(schema: Body) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

/** Whom the actor may not see is to them nobody, as everywhere. */
async function refuseUnknown(
  { db }: RotationParts,
  actor: Actor,
  members: readonly string[],
): Promise<void> {
  const people = await visiblePeople(db, actor, members as PersonId[]);
  for (const person of members) {
    const found = people.get(person as PersonId);
    if (!found) throw new Refusal(problem('person.unknown', { person }));
    if (!found.isActive) throw new Refusal(problem('person.left', { person }));
  }
}

interface TurnsAsked {
  readonly account: AccountId;
  readonly members: readonly string[];
  readonly teams: readonly string[];
}

/** Those named, then each team as it is now, in the order of the names; nobody twice by their team. */
async function membersOf(
  parts: RotationParts,
  actor: Actor,
  { account, members, teams }: TurnsAsked,
): Promise<readonly PersonId[]> {
  await refuseUnknown(parts, actor, members);
  const found = await teamMembers(parts.db, actor, { account, teams });
  const empty = teams.find((team) => !found.some((one) => one.team === team));
  if (empty !== undefined) throw new Refusal(problem('rotation.team_empty', { team: empty }));
  const others = found.map(({ id }) => id).filter((id) => !members.includes(id));
  const all = [...(members as PersonId[]), ...others];
  if (all.length > membersMax) throw new Refusal(problem('rotation.too_many', { max: membersMax }));
  return all;
}

const startRoute = createRoute({
  method: 'post',
  path: '/rotations',
  operationId: 'startRotation',
  tags: ['rotations'],
  summary: 'Lets an account follow the sun: a handoff at each change of watch',
  request: body(rotationBody),
  responses: { 201: answer },
});

async function start(
  parts: RotationParts,
  asked: Commanded<z.output<typeof rotationBody>>,
): Promise<Rotation> {
  const id = derivedId('rotation', asked.commandId) as LoopId;
  await openLoop(parts, address, { id, command: () => startOf(parts, asked) });
  return presentRotation(parts, asked.actor, id);
}

async function startOf(
  parts: RotationParts,
  asked: Commanded<z.output<typeof rotationBody>>,
): Promise<RotationCommand> {
  const { db, clock } = parts;
  const { actor, input } = asked;
  const account = input.account as AccountId;
  const at = clock.now();
  if (!(await findAccount(db, { actor, id: account, at }))) {
    throw new Refusal(problem('handoff.account_unknown'));
  }
  const subject = present(await accountSubject(db, account), 'the account that was found');
  const { onBehalfOf, severity, summary, situation, leadMinutes } = input;
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'rotation.start', subject, otherwise });
  const members = await membersOf(parts, actor, { ...input, account });
  const body = { severity, summary, actions: [], situation, contingencies: [] };
  // Every handoff of it offers this: it is changed or named before, as in a packet.
  const acknowledged = input.acknowledgedFlags ?? [];
  await refuseUnacknowledged(parts, actor, { texts: packetTexts(body), acknowledged });
  const packet = await write(parts, asked, { kind: contentKinds.packet, body });
  return {
    type: 'start',
    ...actingAs(actor, onBehalfOf),
    account,
    holder: subject.owner.id,
    packet,
    members,
    leadMinutes,
  };
}

const readRoute = createRoute({
  method: 'get',
  path: '/rotations/{id}',
  operationId: 'readRotation',
  tags: ['rotations'],
  summary: 'A rotation: whose watch it is, what lies ahead, what happened',
  request: { params: rotationParams },
  responses: { 200: answer },
});

const stepRoute = stepRoutes({
  path: '/rotations',
  noun: 'Rotation',
  tag: 'rotations',
  params: rotationParams,
  answer: rotationAnswer,
  description: answer.description,
});

type StepCommand = Exclude<RotationCommand, { readonly type: 'start' }> | HoldCommand;

const takeStep = stepTaker<StepCommand, RotationParts, Rotation, Rotation>({
  address,
  seen: presentRotation,
  show: presentRotation,
});

const plain =
  (type: 'end' | 'hold' | 'resume') =>
  (parts: RotationParts, asked: Commanded<StepInput>): Promise<Rotation> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

/** For what is to come; a handoff that is under way goes on as it is. */
const change = (
  parts: RotationParts,
  asked: Commanded<z.output<typeof changeBody> & StepInput>,
): Promise<Rotation> => {
  const { actor, input } = asked;
  const { leadMinutes } = input;
  return takeStep(parts, asked, async ({ by }) => {
    const row = await findRotation(parts.db, actor, input.id as LoopId);
    const { account } = present(row, 'the rotation that was seen');
    const members = await membersOf(parts, actor, { ...input, account: account.id });
    return { type: 'change', ...by, members, leadMinutes };
  });
};

export const rotationOperations = {
  start: { route: startRoute, run: start },
  read: {
    route: readRoute,
    run: (parts: RotationParts, { actor, input }: Asked<{ readonly id: string }>) =>
      presentRotation(parts, actor, input.id as LoopId),
  },
  change: {
    route: stepRoute('change', 'Changes who takes turns from now on', changeBody),
    run: change,
  },
  end: {
    route: stepRoute('end', 'Ends it: whoever owns the account keeps it', plainBody),
    run: plain('end'),
  },
  hold: {
    route: stepRoute('hold', 'Puts it on hold: nothing is handed over', plainBody),
    run: plain('hold'),
  },
  resume: { route: stepRoute('resume', 'Resumes it', plainBody), run: plain('resume') },
} as const;
