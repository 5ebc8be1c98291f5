/** Whom an assignment waits for, and what the clock does: while it is signed, at its ends, and within. */
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import type { TaskKind } from '../task-kind.ts';
import { superiorOf } from '../people/line.ts';
import { halfWay } from '../time/half-way.ts';
import { askedUnder, coverParts } from './covers.ts';
import { feedbackRoles } from './decide.ts';
import { assignmentNotices } from './notices.ts';
import { gatesOf, lapsedOf, roleOf, signerOf, signersOf, termsOf, unsignedBy } from './signers.ts';
import {
  type AssignmentCommand,
  type AssignmentEvent,
  type AssignmentFacts,
  type AssignmentState,
  type ClockCommand,
  checkInEveryMs,
  checkInNotInLastMs,
  coverGapMs,
  coverLeadMs,
  type Duty,
  isAtHost,
} from './state.ts';

type State = AssignmentState;
type World = PlanningWorld<AssignmentFacts>;
type Planned = Moment<AssignmentCommand>;

export const assignmentPlan: LoopPlan<State, AssignmentCommand, AssignmentEvent, AssignmentFacts> =
  {
    parties,
    account: () => null,
    tasks,
    moments,
    notices: assignmentNotices,
    contents,
    // A signature changes nothing of what is signed: all three sign one revision.
    callsOff: ({ type }) =>
      type === 'cancelled' ||
      type === 'declined' ||
      type === 'forbidden' ||
      type === 'lapsed' ||
      type === 'ended',
    isMaterial: ({ type }) => !immaterial.includes(type),
  };

const immaterial: readonly AssignmentEvent['type'][] = [
  'signed',
  'signReminded',
  'checkInAsked',
  'checkInLate',
  'stalled',
  'closingReminded',
  'trainingLapsed',
  'trainingRenewed',
  'renewalReminded',
];

function parties(state: State): readonly PersonId[] {
  if (state.status === 'new') return [];
  const { participant, proposer, compliance, terms, pending } = state;
  const named = [terms, pending?.terms].flatMap((one) => (one ? [one.home, one.host] : []));
  return [...new Set([participant, proposer, compliance, ...named].filter((id) => id !== null))];
}

function contents(event: AssignmentEvent): readonly ContentId[] {
  return 'content' in event && event.content !== null ? [event.content] : [];
}

/** Until its last day: what is signed, looked into and judged belongs to this time. */
const isAhead = ({ status }: State): boolean =>
  status === 'proposed' || status === 'agreed' || status === 'waiting' || status === 'running';

function tasks(state: State, world: World): readonly OpenTask[] {
  const all = [
    ...signing(state, world),
    ...judging(state),
    ...dutiesOpen(state, world),
    ...running(state, world),
    ...renewing(state, world),
    ...closing(state),
  ];
  return all.filter(({ person }) => world.person(person).isActive);
}

function signing(state: State, { facts }: World): readonly OpenTask[] {
  const { pending } = state;
  if (pending === null || !isAhead(state)) return [];
  return unsignedBy(state).map((person) => ({
    kind: 'assignment.sign',
    person,
    since: pending.since,
    dueAt: facts.signBy,
  }));
}

function judging(state: State): readonly OpenTask[] {
  const { compliance, pending } = state;
  if (compliance === null || gatesOf(state).isApproved || pending === null || !isAhead(state))
    return [];
  const { since } = pending;
  return [{ kind: 'assignment.allow', person: compliance, since, dueAt: null }];
}

/** The participant's before they sign; the home manager's once it is agreed, by the first day. */
function dutiesOpen(state: State, { facts }: World): readonly OpenTask[] {
  if (!isAtHost(state.kind) || !isAhead(state)) return [];
  const terms = termsOf(state);
  if (terms === null) return [];
  const { participant, pending, agreedAt: since, doneDuties } = state;
  const isOpen = pending !== null && !gatesOf(state).isMobilityDone;
  const dueAt = facts.days?.from ?? facts.signBy;
  const mobility = { kind: 'assignment.mobility', person: participant } as const;
  const open = (duty: Exclude<Duty, 'mobility'>): readonly OpenTask[] =>
    doneDuties.includes(duty)
      ? []
      : [{ kind: `assignment.${duty}`, person: terms.home, since, dueAt }];
  return [
    ...(isOpen ? [{ ...mobility, since: pending.since, dueAt: facts.signBy }] : []),
    ...(state.terms === null ? [] : [...open('posted_worker'), ...open('insurance')]),
  ];
}

function running(state: State, { facts }: World): readonly OpenTask[] {
  const { status, participant, checkIn, changedAt, terms } = state;
  if (status === 'waiting' && terms !== null) {
    const dueAt = facts.days?.until ?? null;
    return [participant, terms.home].map((person) => ({
      kind: 'assignment.begin',
      person,
      since: changedAt,
      dueAt,
    }));
  }
  if (status !== 'running' || checkIn === null) return [];
  const { since } = checkIn;
  return [{ kind: 'assignment.check_in', person: participant, since, dueAt: facts.checkInDueAt }];
}

const renewing = (state: State, { facts }: World): readonly OpenTask[] =>
  state.status === 'running'
    ? lapsedOf(state).map(({ person, since }) => ({
        kind: 'assignment.renew_training' as const,
        person,
        since,
        dueAt: facts.renewBy[person] ?? null,
      }))
    : [];

function closing(state: State): readonly OpenTask[] {
  const { status, terms, participant, endedAt: since } = state;
  if (status !== 'closing' || terms === null) return [];
  const asked = (kind: TaskKind, person: PersonId): OpenTask => ({
    kind,
    person,
    since,
    dueAt: null,
  });
  return [
    ...(state.hasLesson ? [] : [asked('assignment.give_lesson', participant)]),
    ...feedbackRoles
      .filter((role) => !state.feedback.includes(role))
      .map((role) => asked('assignment.give_feedback', signerOf(state, terms, role))),
    ...(state.isRated ? [] : [asked('assignment.rate_goals', terms.home)]),
  ];
}

const ranks = {
  drop: 0,
  replaceSigner: 1,
  replaceApprover: 1,
  remindSign: 2,
  lapse: 3,
  askCovers: 4,
  block: 5,
  begin: 5,
  checkIn: 6,
  checkInLate: 7,
  stall: 8,
  renewTraining: 9,
  lapseTraining: 10,
  remindRenewal: 11,
  remindClosing: 12,
  end: 13,
} as const;

const moment = (key: string, at: Instant, command: ClockCommand): Planned => ({
  id: `${command.type}/${key}`,
  at,
  rank: ranks[command.type],
  command,
});

function moments(state: State, world: World): readonly Planned[] {
  if (state.status === 'new') return [];
  if (!world.person(state.participant).isActive) {
    return [moment(`${state.changedAt}`, state.changedAt, { type: 'drop' })];
  }
  const replaced = replacement(state, world) ?? otherApprover(state, world);
  if (replaced) return [replaced];
  if (state.status === 'closing') return closingMoments(state, world);
  return [
    ...signingMoments(state, world),
    ...coverMoments(state, world),
    ...endMoments(state, world),
    ...runningMoments(state, world),
    ...trainingMoments(state, world),
  ];
}

function closingMoments(state: State, { facts }: World): readonly Planned[] {
  const { isClosingReminded, endedAt } = state;
  const at = facts.remindClosingAt;
  if (isClosingReminded || at === null) return [];
  return [moment(`${endedAt}`, at, { type: 'remindClosing' })];
}

/** A signer who has left: whoever stands above them, else the manager of their region. The dates stay. */
function replacement(state: State, world: World): Planned | null {
  const terms = [state.terms, state.pending?.terms].filter(
    (one) => one !== null && one !== undefined,
  );
  for (const role of ['home', 'host'] as const) {
    for (const { [role]: person } of terms) {
      if (world.person(person).isActive) continue;
      const to = successorOf(state, { role, person }, world);
      if (to === null) continue;
      const key = `${person}/${state.changedAt}`;
      return moment(key, state.changedAt, { type: 'replaceSigner', role, person, to });
    }
  }
  return null;
}

function successorOf(
  state: State,
  { role, person }: { readonly role: 'home' | 'host'; readonly person: PersonId },
  world: World,
): PersonId | null {
  const taken = [state.terms, state.pending?.terms].flatMap((terms) =>
    terms ? [state.participant, terms[role === 'home' ? 'host' : 'home']] : [],
  );
  const unfit = [person, state.compliance, ...taken];
  const found = [superiorOf(person, world), world.facts.managers[role]];
  return found.find((to) => to !== null && !unfit.includes(to)) ?? null;
}

/** Who has left, or looks after compliance there no more: somebody else who does, and is none of the three. */
function otherApprover(state: State, { facts }: World): Planned | null {
  const { compliance, changedAt } = state;
  if (compliance === null || !isAhead(state) || facts.approvers.includes(compliance)) return null;
  const to = facts.approvers.find((person) => !isSigner(state, person));
  if (to === undefined) return null;
  const command = { type: 'replaceApprover', person: compliance, to } as const;
  return moment(`${compliance}/${changedAt}`, changedAt, command);
}

function signingMoments(state: State, world: World): readonly Planned[] {
  const { pending } = state;
  const { signBy } = world.facts;
  if (pending === null || signBy === null) return [];
  const key = `${pending.number}/${pending.since}`;
  const middle = halfWay(unsignedBy(state), { from: pending.since, until: signBy }, world);
  return [
    ...(pending.isReminded || middle === null
      ? []
      : [{ ...moment(key, middle.at, { type: 'remindSign' }), of: middle.of }]),
    moment(key, signBy, { type: 'lapse' }),
  ];
}

/** Two weeks before each part of it, as long as a cover may be. */
function coverMoments(state: State, { facts }: World): readonly Planned[] {
  const { terms, coveredUntil, agreedAt, changedAt, status } = state;
  const { days } = facts;
  if ((status !== 'agreed' && status !== 'running') || !terms || !days) return [];
  if (terms.accounts.length === 0) return [];
  const first = status === 'running' ? changedAt : days.from;
  // Where nothing was to be covered for long, what is asked for begins now.
  const next = Math.max(coveredUntil + coverGapMs, status === 'running' ? changedAt : 0);
  const [part] = coverParts({ from: coveredUntil === 0 ? first : next, until: days.until });
  if (part === undefined) return [];
  const at = Math.max(agreedAt, part.from - coverLeadMs);
  return [moment(`${part.from}/${askedUnder(state)}`, at, { type: 'askCovers', ...part })];
}

function endMoments(state: State, { facts }: World): readonly Planned[] {
  const { status, changedAt, number, pending } = state;
  const { days, untrained } = facts;
  if (days === null) return [];
  switch (status) {
    case 'agreed': {
      const at = Math.max(days.from, changedAt);
      const type = untrained.length === 0 ? 'begin' : 'block';
      return [moment(`${number}/${days.from}`, at, { type })];
    }
    case 'waiting':
      return pending === null ? [moment('waiting', days.until, { type: 'lapse' })] : [];
    case 'running':
      return [moment(`${number}/${days.until}`, days.until, { type: 'end' })];
    case 'new':
    case 'proposed':
    case 'closing':
    case 'closed':
    case 'declined':
    case 'lapsed':
    case 'cancelled':
      return [];
  }
}

function runningMoments(state: State, { facts }: World): readonly Planned[] {
  const { status, startedAt, checkIn, checkInsAsked } = state;
  const { days, stallAt, checkInLateAt } = facts;
  if (status !== 'running' || days === null) return [];
  const next = startedAt + (checkInsAsked + 1) * checkInEveryMs;
  const isAsked = checkIn === null && next < days.until - checkInNotInLastMs;
  return [
    ...(isAsked ? [moment(`${checkInsAsked + 1}`, next, { type: 'checkIn' })] : []),
    ...(checkIn !== null && !checkIn.isLate && checkInLateAt !== null
      ? [moment(`${checkIn.number}`, checkInLateAt, { type: 'checkInLate' })]
      : []),
    ...(stallAt !== null && stallAt < days.until
      ? [moment(`${stallAt}`, stallAt, { type: 'stall' })]
      : []),
  ];
}

/** When the training of one of the three ends before the last day, when it is there again, and between. */
function trainingMoments(state: State, { facts }: World): readonly Planned[] {
  const { status, startedAt, changedAt } = state;
  const { days, trainedUntil, renewBy } = facts;
  if (status !== 'running' || days === null) return [];
  return signersOf(state).flatMap((person) => {
    const ends = trainedUntil[person] ?? 0;
    const lapse = lapsedOf(state).find((one) => one.person === person);
    const key = `${person}/${ends}/${changedAt}`;
    if (lapse && ends > lapse.since) {
      return [moment(key, lapse.since, { type: 'renewTraining', person })];
    }
    if (lapse) {
      const by = renewBy[person] ?? days.until;
      const isLate = !lapse.isReminded && by < days.until;
      return isLate ? [moment(key, by, { type: 'remindRenewal', person })] : [];
    }
    const at = Math.max(ends, startedAt);
    return at < days.until ? [moment(key, at, { type: 'lapseTraining', person })] : [];
  });
}

/** Whoever is one of the three by the terms of now: what they wrote is for these alone. */
export const isSigner = (state: State, person: PersonId): boolean =>
  [state.terms, state.pending?.terms].some(
    (terms) => terms && roleOf(state, terms, person) !== null,
  );
