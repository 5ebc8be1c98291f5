/** The order of a round's steps, and who of those named in it may take each. */
import { assert } from '../assert.ts';
import type { PersonId } from '../id.ts';
import {
  accept,
  type Command,
  type Decision,
  type Instant,
  type LoopRules,
  partyOf,
  refuse,
} from '../loop.ts';
import { evolveRound } from './evolve.ts';
import { shownTogether } from './groups.ts';
import { groupSizes } from './raters.ts';
import {
  type ClockCommand,
  initialRound,
  type Nominee,
  nomineesMax,
  type Rater,
  type RoundCommand,
  type RoundEvent,
  type RoundState,
  windowDaysMax,
  windowDaysMin,
} from './state.ts';

type Step = Decision<RoundEvent>;
type Of<Type extends RoundCommand['type']> = Extract<RoundCommand, { readonly type: Type }>;

const dayMs = 86_400_000;

export const roundRules: LoopRules<RoundState, RoundCommand, RoundEvent> = {
  loop: 'feedbackRound',
  version: 1,
  initial: initialRound,
  decide,
  evolve: evolveRound,
  isClosed: ({ status }) => status === 'closed' || status === 'cancelled',
};

function decide(state: RoundState, command: RoundCommand, at: Instant): Step {
  if (command.type === 'start') return start(state, command, at);
  if (state.status === 'new') return refuse('loop.not_open');
  if (roundRules.isClosed(state)) return refuse('loop.closed');
  switch (command.type) {
    case 'nominate':
      return nominate(state, command);
    case 'release':
      return release(state, command);
    case 'answer':
    case 'decline':
      return reply(state, command);
    case 'cancel':
      return refusedFor(state, command) ?? accept({ type: 'cancelled', by: partyOf(command) });
    case 'remind':
    case 'lapse':
    case 'ask':
    case 'remindRater':
    case 'passOn':
    case 'close':
    case 'drop':
      return tick(state, command);
  }
}

type Steered = Pick<RoundState, 'subject' | 'manager' | 'starter'>;

/** Whoever acts for somebody does so for those who look after the round, and never in one about themselves. */
export function refusedFor(
  { subject, manager, starter }: Steered,
  { actor, onBehalfOf }: Pick<Command, 'actor' | 'onBehalfOf'>,
): Decision<never> | null {
  if (onBehalfOf === undefined || onBehalfOf === actor) return null;
  if (actor === subject) return refuse('feedback.own_raters');
  return [manager, starter].includes(onBehalfOf) ? null : refuse('authority.forbidden');
}

function start(state: RoundState, command: Of<'start'>, at: Instant): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { subject, manager, closesAt } = command;
  const days = (closesAt - at) / dayMs;
  if (days < windowDaysMin || days > windowDaysMax) {
    return refuse('feedback.window', { min: windowDaysMin, max: windowDaysMax });
  }
  assert(subject !== manager, 'nobody is their own manager');
  const by = partyOf(command);
  return (
    refusedFor({ subject, manager, starter: by }, command) ??
    accept({ type: 'started', by, subject, manager, closesAt })
  );
}

function nominate(state: RoundState, command: Of<'nominate'>): Step {
  if (state.status !== 'nominating') return refuse('feedback.not_nominating');
  if (partyOf(command) !== state.subject) return refuse('feedback.not_subject');
  const { nominees } = command;
  return (
    wrongNominee(state, nominees) ??
    accept({ type: 'nominated', by: partyOf(command), nominees: [...nominees] })
  );
}

function release(state: RoundState, command: Of<'release'>): Step {
  if (state.status !== 'reviewing') return refuse('feedback.not_reviewing');
  if (partyOf(command) !== state.manager) return refuse('feedback.not_manager');
  const { nominees } = command;
  const wrong = refusedFor(state, command) ?? wrongNominee(state, nominees);
  if (wrong) return wrong;
  if (shownTogether(groupSizes(nominees)) === null) return refuse('feedback.too_few');
  return accept({ type: 'released', by: partyOf(command), nominees: [...nominees] });
}

/** The subject and the manager answer anyway; nobody is asked twice. */
function wrongNominee({ subject, manager }: RoundState, nominees: readonly Nominee[]): Step | null {
  const people = nominees.map(({ person }) => person);
  if (people.length > nomineesMax) return refuse('feedback.too_many', { max: nomineesMax });
  if (people.includes(subject)) return refuse('feedback.subject_named');
  if (people.includes(manager)) return refuse('feedback.manager_named');
  const twice = people.find((person, index) => people.indexOf(person) !== index);
  return twice === undefined ? null : refuse('feedback.named_twice', { person: twice });
}

export const raterOf = ({ raters }: RoundState, person: PersonId): Rater | null =>
  raters.find((rater) => rater.person === person) ?? null;

/** Of oneself alone: nobody answers for somebody else. */
function reply(state: RoundState, command: Of<'answer'> | Of<'decline'>): Step {
  const by = partyOf(command);
  const rater = raterOf(state, by);
  if (rater === null || rater.status === 'waiting' || by !== command.actor) {
    return refuse('feedback.not_asked');
  }
  if (rater.status !== 'asked') return refuse('feedback.already_answered');
  return accept({ type: command.type === 'answer' ? 'answered' : 'declined', by });
}

const stale: Step = refuse('loop.stale_plan');

function tick(state: RoundState, command: ClockCommand): Step {
  const { status, since } = state;
  switch (command.type) {
    case 'remind':
      return isWaiting(state, command.since) && !state.isReminded
        ? accept({ type: 'reminded' })
        : stale;
    case 'lapse':
      return status === 'nominating' && since === command.since
        ? accept({ type: 'nominationLapsed' })
        : stale;
    case 'ask':
      return raterOf(state, command.person)?.status === 'waiting'
        ? accept({ type: 'asked', by: command.person })
        : stale;
    case 'remindRater': {
      const rater = raterOf(state, command.person);
      return rater?.status === 'asked' && !rater.isReminded
        ? accept({ type: 'raterReminded', by: command.person })
        : stale;
    }
    case 'passOn':
      return state.manager === command.to ? stale : accept({ type: 'passedOn', to: command.to });
    case 'close':
      return accept(status === 'open' ? { type: 'closed' } : { type: 'cancelled', by: null });
    case 'drop':
      return accept({ type: 'cancelled', by: null });
  }
}

const isWaiting = ({ status, since }: RoundState, asked: Instant): boolean =>
  (status === 'nominating' || status === 'reviewing') && since === asked;
