/** What a cover checks and moves in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { absenceOf } from '../../db/absences.ts';
import { custodianAt, moveCustody } from '../../db/accounts.ts';
import { unfitFor } from '../../db/cover-candidates.ts';
import { coverFacts, isCovered, projectCover } from '../../db/covers.ts';
import { isOpenedBy } from '../../db/openings.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import type { Action } from '../../domain/authority.ts';
import { canCover } from '../../domain/cover/away.ts';
import { askedOf } from '../../domain/cover/decide.ts';
import { awayFrom, closingOf, hasMovedOn, holderAt } from '../../domain/cover/plan.ts';
import type { CoverCommand, CoverEvent, CoverFacts, CoverState } from '../../domain/cover/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import { guardActor } from '../guard-actor.ts';
import { tellHandoff } from '../tell-handoff.ts';
import { openReturn } from './swap.ts';
import { partyOf } from '../../domain/loop.ts';
import type { GuardAnswer, LoopRecord, Opening, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<CoverState, CoverCommand, CoverEvent, CoverFacts>;
type Tx = Transaction<DB>;

export const coverRecord: LoopRecord<CoverState, CoverCommand, CoverEvent, CoverFacts> = {
  movesCustody: true,
  facts: coverFacts,
  guard,
  async project(tx, step) {
    await projectCover(tx, step);
    const to = movesTo(step);
    if (to !== null && to !== step.world.facts.custodian) {
      const account = present(step.after.account, 'the account');
      await moveCustody(tx, { account, to, at: step.at, by: step.id });
      const told = await tellHandoff(tx, { account, to, by: step.id });
      return [...told, ...(await openReturns(tx, step))];
    }
    return openReturns(tx, step);
  },
};

function openReturns(tx: Tx, { id, at, actor, after, events }: Step): Promise<readonly Opening[]> {
  const asked = events.flatMap((event) =>
    event.type === 'taken' && event.inReturn !== undefined
      ? [{ taker: event.by, inReturn: event.inReturn }]
      : [],
  );
  const by = { cover: id, at, owner: after.owner };
  return Promise.all(
    asked.map((swap) => openReturn(tx, { ...by, ...swap, actor: present(actor, 'who takes it') })),
  );
}

/** Whoever owns the account by this step; what has gone elsewhere meanwhile stays there. */
function movesTo({ before, events, world }: Step): PersonId | null {
  const { custodian, chain } = world.facts;
  for (const event of events) {
    if (event.type === 'begun') return event.to;
    if (event.type === 'replaced' && before.status === 'running') {
      return custodian === before.taker ? event.to : null;
    }
    if (event.type === 'returned') {
      return custodian === before.taker && chain !== 'later' ? event.to : null;
    }
    if (event.type === 'accountClosed') return event.to;
  }
  return null;
}

const refused = (code: ProblemCode, person?: PersonId): GuardAnswer => ({
  refused: problem(code, person === undefined ? {} : { person }),
});
const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

/** Steps that move custody, or will: none is taken once the account is closed. */
const movingOfPeople: readonly string[] = ['take', 'endEarly', 'release'];
const movingOfClock: readonly string[] = ['begin', 'replace', 'end'];

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world, before } = step;
  const { isClosed } = world.facts;
  if (isClosed && movingOfPeople.includes(command.type)) return refused('account.closed');
  if (isClosed && movingOfClock.includes(command.type)) return stale;
  switch (command.type) {
    case 'remind':
    case 'remindHandBack':
    case 'drop':
      return null;
    case 'escalate':
      return world.person(command.to).isActive ? null : stale;
    case 'replace': {
      const isRight = !command.isAway || isAwayNow(step, command.person);
      return isRight && world.person(command.to).isActive ? null : stale;
    }
    case 'begin':
      return isReady(step, command.to) && !hasMovedOn(before, world.facts) ? null : stale;
    case 'end':
      return world.person(command.to).isActive && !hasMovedOn(before, world.facts) ? null : stale;
    case 'close': {
      const { to, into } = closingOf(before, world);
      return isClosed && to === command.to && into === command.into ? null : stale;
    }
    case 'overtake':
      return hasMovedOn(before, world.facts) ? null : stale;
    case 'request':
      return guardRequest(tx, step, command);
    case 'take':
      return (
        (await guardAsked(tx, step, 'cover.take')) ??
        (await guardFit(tx, step, command)) ??
        guardReturned(tx, step, command)
      );
    case 'refuse':
      return guardAsked(tx, step, 'cover.take');
    case 'handBack':
      return guardAsked(tx, step, 'cover.end');
    case 'endEarly':
      return (await guardStep(tx, step, { action: 'cover.end' })) ?? guardReturn(step);
    case 'release': {
      const isTheirs = await isOpenedBy(tx, { id: step.id, by: command.openedBy });
      return isTheirs ? guardReturn(step) : refused('authority.forbidden');
    }
    case 'withdraw':
    case 'hold':
    case 'resume':
      return guardStep(tx, step, { action: `cover.${command.type}` });
  }
}

const isAwayNow = ({ before, at, world }: Step, person: PersonId): boolean => {
  const from = awayFrom(before, person, world);
  return from !== null && from <= at;
};

/** Whoever has it then is there: who took it, or the one who holds it at that moment. */
function isReady({ before, at, world }: Step, to: PersonId): boolean {
  const { taker } = before;
  if (taker === null) return to === holderAt(before, world, at);
  return world.person(taker).isActive && awayFrom(before, taker, world) === null;
}

/** Judged when they were asked, and again now; the manager, who holds it otherwise, always may. */
async function guardFit(
  tx: Tx,
  { before, at, world }: Step,
  command: Extract<CoverCommand, { type: 'take' }>,
): Promise<GuardAnswer> {
  const by = partyOf(command);
  if (by === before.manager) return null;
  const { owner, until } = before;
  const window = { from: Math.max(before.from, at), until };
  if (!canCover(world.facts.away, by, window)) return refused('cover.away');
  const account = present(before.account, 'the account');
  const unfit = await unfitFor(tx, { account, owner, ...window }, by);
  return unfit === null ? null : refused(unfit);
}

/** What is asked in return is an account of whoever takes it, another one, and free in that window. */
async function guardReturned(
  tx: Tx,
  { at, before }: Step,
  command: Extract<CoverCommand, { type: 'take' }>,
): Promise<GuardAnswer> {
  const { inReturn } = command;
  if (inReturn === undefined) return null;
  const { account } = inReturn;
  const isTheirs = (await custodianAt(tx, account, at)) === partyOf(command);
  if (!isTheirs || account === before.account) return refused('handoff.not_custodian');
  return (await isCovered(tx, account, inReturn)) ? refused('cover.overlaps') : null;
}

/** Whoever has left gets nothing back: the clock gives it to whoever holds for them. */
const guardReturn = ({ before, world }: Step): GuardAnswer =>
  world.person(before.owner).isActive ? null : refused('person.left', before.owner);

/** Of the owner of now, or of whom the account returns to by then, by who may ask. */
async function guardRequest(
  tx: Tx,
  step: Step,
  command: Extract<CoverCommand, { type: 'request' }>,
): Promise<GuardAnswer> {
  const { custodian } = step.world.facts;
  if (custodian === null) return refused('handoff.account_unknown');
  if (step.world.facts.isClosed) return refused('account.closed');
  if (hasMovedOn(step.after, step.world.facts)) return refused('handoff.not_custodian');
  if (command.actor !== undefined) return guardStep(tx, step, { action: 'cover.request' });
  const absence = command.absence === null ? null : await absenceOf(tx, command.absence);
  return absence?.person === command.owner ? null : refused('content.unknown');
}

type CoverAction = Extract<Action, `cover.${string}`>;

/** Of those the rules have found asked: only who acts for another is judged here. */
const guardAsked = (tx: Tx, step: Step, action: 'cover.take' | 'cover.end'): Promise<GuardAnswer> =>
  guardStep(tx, step, { action, isOfTheAsked: true });

const guardStep = (
  tx: Tx,
  step: Step,
  {
    action,
    isOfTheAsked = false,
  }: { readonly action: CoverAction; readonly isOfTheAsked?: boolean },
): Promise<GuardAnswer> => {
  const { after, before } = step;
  return guardActor(tx, step, {
    action,
    others: [after.owner],
    subject(known) {
      const owner = known(after.owner);
      const { asker } = after;
      const named = { owner, asker, taker: before.taker, asked: askedOf(before) };
      return { ...named, team: owner.team, parties: [] };
    },
    isOfTheAsked,
    otherwise: 'authority.forbidden',
  });
};
