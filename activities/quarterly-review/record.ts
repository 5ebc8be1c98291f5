/** What a quarterly review checks and keeps in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { loadActors } from '../../db/actors.ts';
import { countPack, keepPack } from '../../db/quarterly-pack.ts';
import {
  askOfParticipants,
  projectReview,
  reviewFacts,
  reviewId,
} from '../../db/quarterly-reviews.ts';
import { loadRegionCalendar } from '../../db/calendars.ts';
import type { DB } from '../../db/schema.ts';
import type { Action } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import { partyOf } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import type {
  ReviewCommand,
  ReviewEvent,
  ReviewFacts,
  ReviewState,
} from '../../domain/quarterly-review/state.ts';
import { rangeOf } from '../../domain/scorecard/quarter.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<ReviewState, ReviewCommand, ReviewEvent, ReviewFacts>;
type Tx = Transaction<DB>;

export const reviewRecord: LoopRecord<ReviewState, ReviewCommand, ReviewEvent, ReviewFacts> = {
  facts: reviewFacts,
  guard,
  async project(tx, step) {
    await projectReview(tx, step);
    for (const event of step.events) await follow(tx, step, event.type);
  },
};

async function follow(tx: Tx, step: Step, type: Step['events'][number]['type']): Promise<void> {
  const { id, at, after } = step;
  if (type === 'opened') {
    const { zone } = await loadRegionCalendar(tx, after.region);
    await keepPack(tx, { review: id, figures: await countPack(tx, { ...after, zone, at }) });
  }
  if (type === 'opened' || type === 'moved') await askOfParticipants(tx, step, false);
  if (type === 'cancelled' || type === 'lapsed') await askOfParticipants(tx, step, true);
}

const refused = (code: ProblemCode, params = {}): GuardAnswer => ({
  refused: problem(code, params),
});
const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'open':
      return (await guardQuarter(tx, step)) ?? guardPeople(step, step.after.participants);
    case 'confirm':
    case 'move':
    case 'conclude':
    case 'finishAction':
      return guardStep(tx, step, 'quarter.attend');
    case 'addAction':
      return (await guardStep(tx, step, 'quarter.attend')) ?? guardOwner(tx, step, command.owner);
    case 'cancel':
      return guardStep(tx, step, 'quarter.steer');
    case 'hold':
    case 'resume':
      return refused('authority.forbidden');
    case 'replaceChair':
    case 'passAction':
      return world.person(command.to).isActive ? null : stale;
    case 'excuse':
      return world.person(command.person).isActive ? stale : null;
    case 'remindAttend':
    case 'meet':
    case 'proposeAnew':
    case 'lapse':
    case 'remindConclude':
    case 'remindAction':
    case 'overdueAction':
      return null;
  }
}

/** Of a quarter that is over where the region is; once, whoever begins it. */
async function guardQuarter(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { after, id, at } = step;
  const { region, quarter } = after;
  if (step.command.actor !== undefined) {
    const forbidden = await guardStep(tx, step, 'quarter.open');
    if (forbidden) return forbidden;
  }
  if (id !== reviewId(after)) return refused('authority.forbidden');
  const { zone } = await loadRegionCalendar(tx, region);
  return rangeOf(quarter, quarter, zone).until <= at ? null : refused('quarter.not_over');
}

function guardPeople({ world }: Step, people: readonly PersonId[]): GuardAnswer {
  const left = people.find((person) => !world.person(person).isActive);
  return left === undefined ? null : stale;
}

/** Who takes part, or a colleague of theirs whom it is agreed with. */
async function guardOwner(tx: Tx, { at }: Step, owner: PersonId): Promise<GuardAnswer> {
  const found = (await loadActors(tx, [owner], at)).get(owner);
  if (!found) return refused('person.unknown', { person: owner });
  return found.isActive ? null : refused('person.left', { person: owner });
}

type ReviewAction = Extract<Action, `quarter.${string}`>;

/** Of those whom the rules have found asked, only who acts for another is judged here. */
function guardStep(tx: Tx, step: Step, action: ReviewAction): Promise<GuardAnswer> {
  const { after, before } = step;
  const { region, chair, participants: all } = before.status === 'new' ? after : before;
  const isOfTheAsked = action === 'quarter.attend';
  // Also whoever takes no part and does what was agreed.
  const participants = isOfTheAsked ? [...all, partyOf(step.command)] : all;
  return guardActor(tx, step, {
    action,
    subject: () => ({ region, chair, participants }),
    isOfTheAsked,
    otherwise: 'authority.forbidden',
  });
}
