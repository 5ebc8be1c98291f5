/** The order of a plan's steps, and who of those named in it may take each. */
import { assert } from '../assert.ts';
import type { PersonId } from '../id.ts';
import {
  accept,
  type ByPerson,
  partyOf,
  refuse,
  type Decision,
  type Instant,
  type LoopRules,
} from '../loop.ts';
import { rankOf } from '../people/competency-gap.ts';
import { evolvePlan } from './evolve.ts';
import { coachesOf, isMissing, isOther, isUnderWay, roleOf } from './roles.ts';
import {
  changesMax,
  type ClockCommand,
  closedStatuses,
  closeRemindersMax,
  goalsMax,
  initialPlan,
  linksMax,
  needs,
  type PlanCommand,
  planDaysMax,
  planDaysMin,
  type PlanEvent,
  planRoles,
  type PlanState,
  type PlanTerms,
} from './state.ts';

type Step = Decision<PlanEvent>;
type State = PlanState;
type Of<Type extends PlanCommand['type']> = Extract<PlanCommand, { readonly type: Type }>;

const dayMs = 86_400_000;

export const planRules: LoopRules<State, PlanCommand, PlanEvent> = {
  loop: 'developmentPlan',
  version: 1,
  initial: initialPlan,
  decide: decidePlan,
  evolve: evolvePlan,
  isClosed: ({ status }) => closedStatuses.includes(status),
};

const stale: Step = refuse('loop.stale_plan');

function decidePlan(state: State, command: PlanCommand, at: Instant): Step {
  if (command.type === 'start') return start(state, command, at);
  if (state.status === 'new') return refuse('loop.not_open');
  if (planRules.isClosed(state)) return refuse('loop.closed');
  switch (command.type) {
    case 'agree':
      return agree(state, command);
    case 'refuse':
      return refusePending(state, command);
    case 'change':
      return change(state, command, at);
    case 'link':
      return link(state, command);
    case 'review':
      return review(state, command);
    case 'coach':
      return coach(state, command);
    case 'stepDown':
      return stepDown(state, command);
    case 'close':
      return close(state, command);
    case 'cancel':
      return accept({ type: 'cancelled', by: partyOf(command), content: command.content });
    case 'hear':
      return hear(state, command);
    case 'remindAgree':
    case 'lapse':
    case 'remindNeed':
    case 'askReview':
    case 'lateReview':
    case 'remindCoach':
    case 'stall':
    case 'end':
    case 'remindClose':
    case 'replaceManager':
    case 'loseCoach':
    case 'drop':
      return tick(state, command);
  }
}

function start(state: State, command: Of<'start'>, at: Instant): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { subject, manager, version, terms } = command;
  assert(subject !== manager, 'nobody is their own manager');
  const started = { type: 'started', by: partyOf(command), subject, manager, version } as const;
  return (
    broken({ subject, manager }, terms, at) ?? accept({ ...started, terms, ...handOf(command) })
  );
}

/** What no terms may say, whoever agrees to them. */
function broken(
  { subject, manager }: Pick<State, 'subject' | 'manager'>,
  { goals, endsAt, coach: named }: PlanTerms,
  at: Instant,
): Step | null {
  assert(goals.length <= goalsMax, `at most ${goalsMax} goals`);
  if (goals.length === 0) return refuse('plan.no_goal');
  const reached = goals.find(({ from, to }) => rankOf(to) <= rankOf(from));
  if (reached) return refuse('plan.goal_reached');
  if (named === subject || named === manager) return refuse('plan.coach_named');
  const days = (endsAt - at) / dayMs;
  const isLong = days >= planDaysMin && days <= planDaysMax;
  return isLong ? null : refuse('plan.length', { min: planDaysMin, max: planDaysMax });
}

/** Who acts for somebody else; of all others it is said already. */
const handOf = ({ actor, onBehalfOf }: ByPerson): { readonly hand?: PersonId } =>
  onBehalfOf === undefined ? {} : { hand: actor };

/** The last of the two makes the terms count: two people, whomever they act for. */
function agree(state: State, command: Of<'agree'>): Step {
  const by = partyOf(command);
  const { pending } = state;
  if (pending === null) return refuse('plan.nothing_to_agree');
  const role = roleOf(state, by);
  if (role === null) return refuse('plan.not_party');
  if (pending.agreed.includes(role)) return refuse('plan.already_done');
  if (isOther(state, role, command.actor)) return refuse('plan.same_person');
  const consented = { type: 'consented', role, by, ...handOf(command) } as const;
  if (pending.agreed.length + 1 < planRoles.length) return accept(consented);
  return accept<PlanEvent>(consented, { type: 'agreed', number: pending.number });
}

function refusePending(state: State, command: Of<'refuse'>): Step {
  const by = partyOf(command);
  if (state.pending === null) return refuse('plan.nothing_to_agree');
  if (roleOf(state, by) === null) return refuse('plan.not_party');
  const type = state.status === 'proposed' ? 'refused' : 'changeRefused';
  return accept({ type, by, content: command.content });
}

function change(state: State, command: Of<'change'>, at: Instant): Step {
  if (!isUnderWay(state)) return refuse('plan.not_running');
  if (state.number >= changesMax) return refuse('plan.too_many_changes', { max: changesMax });
  const { terms } = command;
  const by = partyOf(command);
  return (
    broken(state, terms, at) ?? accept({ type: 'changeProposed', by, terms, ...handOf(command) })
  );
}

function link(state: State, command: Of<'link'>): Step {
  if (!isUnderWay(state)) return refuse('plan.not_running');
  const { need, loop } = command;
  if (state.links.some((one) => one.loop === loop)) return refuse('plan.already_done');
  if (state.links.length >= linksMax) return refuse('plan.too_many_links', { max: linksMax });
  const by = command.actor === undefined ? null : partyOf(command);
  return accept({ type: 'linked', need, loop, by });
}

function review(state: State, command: Of<'review'>): Step {
  const by = partyOf(command);
  if (state.review === null) return refuse('plan.not_asked');
  if (by !== state.subject) return refuse('plan.not_party');
  const { number } = state.review;
  return accept({ type: 'reviewed', number, by, content: command.content });
}

function coach(state: State, command: Of<'coach'>): Step {
  const by = partyOf(command);
  if (state.coachAsked === null) return refuse('plan.not_asked');
  if (by !== state.terms?.coach) return refuse('plan.not_coach');
  if (command.actor === state.subject) return refuse('plan.same_person');
  const { number } = state.coachAsked;
  return accept({ type: 'coached', number, by, content: command.content });
}

function stepDown(state: State, command: Of<'stepDown'>): Step {
  const by = partyOf(command);
  if (!coachesOf(state).includes(by)) return refuse('plan.not_coach');
  if (command.actor === state.subject) return refuse('plan.same_person');
  return accept({ type: 'coachGone', coach: by });
}

/** Nothing closes without money found, work found, and each goal rated anew: the record looks for the rest. */
function close(state: State, command: Of<'close'>): Step {
  const by = partyOf(command);
  if (state.terms === null) return refuse('plan.not_running');
  if (by !== state.manager) return refuse('plan.not_manager');
  if (command.actor === state.subject) return refuse('plan.same_person');
  const missing = needs.find((need) => isMissing(state, need));
  if (missing === 'formal') return refuse('plan.no_money');
  if (missing === 'onTheJob') return refuse('plan.no_work');
  const wanted = state.terms.goals.map(({ competency }) => competency);
  if (command.ratings.some(({ competency }) => !wanted.includes(competency))) {
    return refuse('plan.no_such_goal');
  }
  const { ratings, evidence, content } = command;
  return accept({ type: 'closed', by, ratings, evidence, content });
}

/** Of what is linked no more, nothing is to be heard. */
function hear(state: State, { loop, standing }: Of<'hear'>): Step {
  const found = state.links.find((one) => one.loop === loop);
  if (found === undefined || found.isDone || standing === 'open') return stale;
  const { need } = found;
  return accept({ type: standing === 'done' ? 'fulfilled' : 'reopened', need, loop });
}

function tick(state: State, command: Exclude<ClockCommand, { readonly type: 'hear' }>): Step {
  const { status, pending } = state;
  switch (command.type) {
    case 'remindAgree':
      return pending === null || pending.isReminded ? stale : accept({ type: 'agreeReminded' });
    case 'lapse':
      if (pending === null) return stale;
      return accept({ type: status === 'proposed' ? 'lapsed' : 'changeLapsed' });
    case 'remindNeed': {
      const looking = state.looking[command.need];
      if (looking === null || looking.isReminded) return stale;
      return accept({ type: 'needReminded', need: command.need });
    }
    case 'replaceManager':
      if (state.manager !== command.from || command.to === state.subject) return stale;
      return accept({ type: 'managerReplaced', from: command.from, to: command.to });
    case 'loseCoach':
      return accept({ type: 'coachGone', coach: command.coach });
    case 'drop':
      return accept({ type: 'cancelled', by: null, content: null });
    case 'askReview':
    case 'lateReview':
    case 'remindCoach':
    case 'stall':
    case 'end':
    case 'remindClose':
      return tickRunning(state, command.type);
  }
}

function tickRunning(
  { status, review: asked, coachAsked, reviewsAsked, stalledAt, closeReminders }: State,
  type: 'askReview' | 'lateReview' | 'remindCoach' | 'stall' | 'end' | 'remindClose',
): Step {
  if (type === 'remindClose') {
    const isDue = status === 'closing' && closeReminders < closeRemindersMax;
    return isDue ? accept({ type: 'closeReminded' }) : stale;
  }
  if (status !== 'running') return stale;
  switch (type) {
    case 'askReview':
      if (asked !== null && !asked.isLate) return stale;
      return accept({ type: 'reviewAsked', number: reviewsAsked + 1 });
    case 'lateReview':
      if (asked === null || asked.isLate) return stale;
      return accept({ type: 'reviewLate', number: asked.number });
    case 'remindCoach':
      if (coachAsked === null || coachAsked.isReminded) return stale;
      return accept({ type: 'coachReminded' });
    case 'stall':
      return stalledAt === null ? accept({ type: 'stalled' }) : stale;
    case 'end':
      return accept({ type: 'ended' });
  }
}
