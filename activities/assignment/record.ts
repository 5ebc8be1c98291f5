/** What an assignment checks and moves in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { assignmentFacts, trainedUntil } from '../../db/assignment-facts.ts';
import { callOffMeetings } from '../../db/assignment-meetings.ts';
import { termsProblem } from '../../db/assignment-terms.ts';
import { endAccess, grantAccess, keepGiven, projectAssignment } from '../../db/assignments.ts';
import { readContents } from '../../db/contents.ts';
import { isOpenedBy } from '../../db/openings.ts';
import { regionNow } from '../../db/regions.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { termsOf } from '../../domain/assignment/signers.ts';
import type {
  AssignmentCommand,
  AssignmentEvent,
  AssignmentFacts,
  AssignmentState,
  Terms,
} from '../../domain/assignment/state.ts';
import type { Action } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import { partyOf } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import { draftPractice } from '../draft-practice.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, Opening, RecordedStep } from '../loop-record.ts';
import { askCovers, moveCovers, releaseCovers } from './covers.ts';

type Step = RecordedStep<AssignmentState, AssignmentCommand, AssignmentEvent, AssignmentFacts>;
type Tx = Transaction<DB>;

export const assignmentRecord: LoopRecord<
  AssignmentState,
  AssignmentCommand,
  AssignmentEvent,
  AssignmentFacts
> = {
  facts: assignmentFacts,
  guard,
  async project(tx, step) {
    await projectAssignment(tx, step);
    const openings: Opening[] = [];
    for (const event of step.events) openings.push(...(await follow(tx, step, event)));
    return openings;
  },
};

/** What else an event moves: access to the host region, covers, and what was given. */
async function follow(
  tx: Tx,
  step: Step,
  event: Step['events'][number],
): Promise<readonly Opening[]> {
  const { id, at, after } = step;
  switch (event.type) {
    case 'begun':
      await openAccess(tx, step);
      return [];
    case 'agreed':
      if (after.status === 'running') await openAccess(tx, step);
      return moveCovers(tx, step, event);
    case 'coversAsked': {
      const { accounts } = present(after.terms, 'the terms in force');
      return askCovers(tx, step, { ...event, accounts });
    }
    case 'ended':
    case 'cancelled':
    case 'blocked':
    case 'lapsed':
    case 'forbidden': {
      await endAccess(tx, id, at);
      await callOffMeetings(tx, { id, at, people: meetingPeople(after) });
      return releaseCovers(tx, step);
    }
    case 'lessonGiven':
      return giveLesson(tx, step, event);
    case 'feedbackGiven':
    case 'rated':
    case 'checkInAnswered':
      await keepGiven(tx, { id, at, after, event, practice: null });
      return [];
    case 'proposed':
    case 'changeProposed':
    case 'signed':
    case 'signReminded':
    case 'declined':
    case 'changeDeclined':
    case 'changeLapsed':
    case 'approved':
    case 'dutyDone':
    case 'signerReplaced':
    case 'approverReplaced':
    case 'trainingLapsed':
    case 'trainingRenewed':
    case 'renewalReminded':
    case 'checkInAsked':
    case 'checkInLate':
    case 'stalled':
    case 'closingReminded':
    case 'closed':
    case 'held':
    case 'resumed':
      return [];
  }
}

const meetingPeople = (state: AssignmentState): readonly PersonId[] => {
  const terms = termsOf(state);
  return terms === null ? [] : [state.participant, terms.host];
};

/** For the exchange: drafted there as a practice of whoever gave it, by the same step. */
async function giveLesson(
  tx: Tx,
  { id, at, after }: Step,
  event: Extract<AssignmentEvent, { type: 'lessonGiven' }>,
): Promise<readonly Opening[]> {
  const { by, lesson: kind, content } = event;
  const body = (await readContents(tx, [content])).get(content)?.body as { text: string } | null;
  const { text } = present(body ?? undefined, 'what was learned');
  const [goal] = present(after.terms, 'the terms in force').goals;
  const { competency } = present(goal, 'the first goal');
  const opening = await draftPractice(tx, { by: id, at, author: by, kind, text, competency });
  await keepGiven(tx, { id, at, after, event, practice: opening.id });
  return [opening];
}

const openAccess = (tx: Tx, { id, at, after, world }: Step): Promise<void> =>
  grantAccess(tx, {
    id,
    person: after.participant,
    region: after.hostRegion,
    at,
    days: present(world.facts.days, 'the days of what runs'),
  });

const refused = (code: ProblemCode, params = {}): GuardAnswer => ({
  refused: problem(code, params),
});
const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, before } = step;
  const terms = termsOf(before);
  switch (command.type) {
    case 'propose':
      return (await guardOpener(tx, step, command)) ?? (await guardTerms(tx, step, command.terms));
    case 'change':
      return (
        (await guardStep(tx, step, 'assignment.steer')) ??
        (await guardTerms(tx, step, command.terms))
      );
    case 'sign':
      return (await guardStep(tx, step, 'assignment.act')) ?? (await guardTraining(tx, step));
    case 'start': {
      const asked = terms === null ? [] : [before.participant, terms.home];
      if (!asked.includes(partyOf(command))) return refused('assignment.not_signer');
      return (await guardStep(tx, step, 'assignment.act')) ?? guardGate(step);
    }
    case 'confirmTraining':
      return (await guardStep(tx, step, 'assignment.act')) ?? guardRenewed(step, partyOf(command));
    case 'approve':
    case 'forbid':
      return (await guardStep(tx, step, 'assignment.act')) ?? guardApprover(step);
    case 'decline':
    case 'finishDuty':
    case 'answerCheckIn':
    case 'giveLesson':
    case 'giveFeedback':
    case 'rate':
      return guardStep(tx, step, 'assignment.act');
    case 'cancel':
    case 'returnEarly':
      return guardStep(tx, step, 'assignment.steer');
    case 'hold':
    case 'resume':
      return refused('authority.forbidden');
    case 'remindSign':
    case 'lapse':
    case 'begin':
    case 'block':
    case 'askCovers':
    case 'checkIn':
    case 'checkInLate':
    case 'stall':
    case 'end':
    case 'remindClosing':
    case 'lapseTraining':
    case 'renewTraining':
    case 'remindRenewal':
    case 'replaceSigner':
    case 'replaceApprover':
    case 'drop':
      return guardClock(tx, step, command);
  }
}

type ClockCommand = Exclude<Step['command'], { readonly actor: PersonId }>;

/** What the clock planned is done only while it is so. */
async function guardClock(
  tx: Tx,
  { id, world, before, at }: Step,
  command: ClockCommand,
): Promise<GuardAnswer> {
  const { facts } = world;
  switch (command.type) {
    case 'begin':
      return facts.untrained.length === 0 ? null : stale;
    case 'block':
      return facts.untrained.length > 0 ? null : stale;
    case 'stall': {
      // Somebody may have proposed a meeting since it was planned.
      const { stallAt } = await assignmentFacts(tx, before, id);
      return stallAt !== null && stallAt <= at ? null : stale;
    }
    case 'end':
    case 'lapse':
    case 'remindSign':
    case 'checkIn':
    case 'checkInLate':
    case 'askCovers':
    case 'remindClosing':
    case 'propose':
      return null;
    case 'lapseTraining':
    case 'remindRenewal':
      return (facts.trainedUntil[command.person] ?? 0) <= at ? null : stale;
    case 'renewTraining':
      return (facts.trainedUntil[command.person] ?? 0) > at ? null : stale;
    case 'replaceSigner': {
      const hasLeft = !world.person(command.person).isActive;
      return hasLeft && world.person(command.to).isActive ? null : stale;
    }
    case 'replaceApprover': {
      const { person, to } = command;
      return facts.approvers.includes(to) && !facts.approvers.includes(person) ? null : stale;
    }
    case 'drop':
      return world.person(before.participant).isActive ? stale : null;
  }
}

async function guardTerms(tx: Tx, step: Step, terms: Terms): Promise<GuardAnswer> {
  const found = await termsProblem(tx, step, terms);
  return found && { refused: found };
}

/** A person who may, or the loop whose recorded step begins this very assignment. */
async function guardOpener(
  tx: Tx,
  step: Step,
  command: Extract<AssignmentCommand, { type: 'propose' }>,
): Promise<GuardAnswer> {
  if (command.actor !== undefined) return guardStep(tx, step, 'assignment.propose');
  const isTheirs = await isOpenedBy(tx, { id: step.id, by: command.openedBy });
  return isTheirs ? null : refused('authority.forbidden');
}

/** Whoever signs knows the culture of the other side, until the last day of what they sign. */
async function guardTraining(tx: Tx, { command, before }: Step): Promise<GuardAnswer> {
  const person = partyOf(command);
  const lastDay = present(before.pending, 'what is signed').terms.lastDay;
  const until = (await trainedUntil(tx, before, [person])).get(person);
  if (until === undefined) return refused('assignment.training_missing');
  return until < lastDay ? refused('assignment.training_expires', { day: until }) : null;
}

const guardGate = ({ world }: Step): GuardAnswer => {
  return world.facts.untrained.length === 0 ? null : refused('assignment.training_missing');
};

/** Whoever looks after compliance there now, not whoever once did. */
const guardApprover = ({ world, before }: Step): GuardAnswer =>
  before.compliance !== null && world.facts.approvers.includes(before.compliance)
    ? null
    : refused('assignment.not_approver');

const guardRenewed = ({ world, at }: Step, person: PersonId): GuardAnswer =>
  (world.facts.trainedUntil[person] ?? 0) > at ? null : refused('assignment.training_missing');

type AssignmentAction = Extract<Action, `assignment.${'act' | 'steer' | 'propose'}`>;

/** Of those whom the rules have found asked, only who acts for another is judged here. */
const guardStep = async (tx: Tx, step: Step, action: AssignmentAction): Promise<GuardAnswer> => {
  const { after, before, command } = step;
  const state = before.status === 'new' ? after : before;
  const terms = present(termsOf(state), 'the terms');
  const hostRegion = await regionNow(tx, state.hostRegion);
  return guardActor(tx, step, {
    action,
    others: [state.participant],
    subject: (known) => ({
      participant: known(state.participant),
      home: terms.home,
      host: terms.host,
      hostRegion,
      asked: [partyOf(command)],
    }),
    isOfTheAsked: action === 'assignment.act',
    otherwise: 'authority.forbidden',
  });
};
