/** What a development plan checks and keeps in the transaction that records its step. */
import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from 'kysely';
import { loadActors } from '../../db/actors.ts';
import { planFacts } from '../../db/development-plan-facts.ts';
import {
  goalsFor,
  keepPlanRatings,
  loopsFor,
  projectCoaching,
  projectPlan,
  ratedSince,
} from '../../db/development-plans.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import type { Action } from '../../domain/authority.ts';
import { coachesOf, termsOf } from '../../domain/development-plan/roles.ts';
import type {
  PlanCommand,
  PlanEvent,
  PlanFacts,
  PlanState,
  PlanTerms,
} from '../../domain/development-plan/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { superiorOf } from '../../domain/people/line.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<PlanState, PlanCommand, PlanEvent, PlanFacts>;
type Tx = Transaction<DB>;
type Of<Type extends PlanCommand['type']> = Extract<PlanCommand, { readonly type: Type }>;

export const planRecord: LoopRecord<PlanState, PlanCommand, PlanEvent, PlanFacts> = {
  facts: planFacts,
  guard,
  async project(tx, step) {
    const { id, at, after, isClosed } = step;
    await projectPlan(tx, step);
    const coach = isClosed ? null : (after.terms?.coach ?? null);
    await projectCoaching(tx, { id, at, person: after.subject, coach });
    for (const event of step.events) {
      if (event.type === 'closed') await keepPlanRatings(tx, { id, at, after, event });
    }
  },
};

const refused = (code: ProblemCode, params = {}): GuardAnswer => ({
  refused: problem(code, params),
});
const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command } = step;
  switch (command.type) {
    case 'start':
      return (
        (await guardStep(tx, step, 'plan.start')) ??
        guardManager(step) ??
        (await guardTerms(tx, step, command.terms))
      );
    case 'change':
      return (
        (await guardStep(tx, step, 'plan.steer')) ?? (await guardTerms(tx, step, command.terms))
      );
    case 'agree':
    case 'refuse':
    case 'review':
    case 'coach':
    case 'stepDown':
      return guardStep(tx, step, 'plan.act');
    case 'link':
      return guardLink(tx, step, command);
    case 'close':
      return (await guardStep(tx, step, 'plan.act')) ?? (await guardClose(tx, step, command));
    case 'cancel':
      return guardStep(tx, step, 'plan.steer');
    case 'hold':
    case 'resume':
      return refused('authority.forbidden');
    case 'hear': {
      const found = (await loopsFor(tx, [command.loop])).get(command.loop);
      return found?.standing === command.standing ? null : stale;
    }
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
      return guardClock(tx, step, command);
  }
}

type ClockCommand = Exclude<Step['command'], { readonly actor: PersonId }>;

/** What the clock planned is done only while it is so. */
async function guardClock(tx: Tx, step: Step, command: ClockCommand): Promise<GuardAnswer> {
  const { world, before, at } = step;
  switch (command.type) {
    case 'stall': {
      const { stallAt } = await planFacts(tx, before);
      return stallAt !== null && stallAt <= at ? null : stale;
    }
    case 'replaceManager':
      return superiorOf(before.subject, world) === command.to ? null : stale;
    case 'loseCoach': {
      const isThere = world.person(command.coach).isActive && command.coach !== before.manager;
      return isThere ? stale : null;
    }
    case 'drop':
      return world.person(before.subject).isActive ? stale : null;
    case 'remindAgree':
    case 'lapse':
    case 'remindNeed':
    case 'askReview':
    case 'lateReview':
    case 'remindCoach':
    case 'end':
    case 'remindClose':
    case 'hear':
    case 'link':
      return null;
  }
}

/** Whoever leads the person now. */
const guardManager = ({ after, world }: Step): GuardAnswer =>
  superiorOf(after.subject, world) === after.manager ? null : refused('plan.no_manager');

/** Its people are with us, and its goals begin where the person stands now. */
async function guardTerms(
  tx: Tx,
  { at, before, after }: Step,
  { goals, coach }: PlanTerms,
): Promise<GuardAnswer> {
  const named = coach === null ? [after.subject] : [after.subject, coach];
  const people = await loadActors(tx, named, at);
  for (const person of named) {
    const found = people.get(person);
    if (!found) return refused('person.unknown', { person });
    if (!found.isActive) return refused('person.left', { person });
  }
  const known = [before.terms, before.pending?.terms].flatMap((terms) => terms?.goals ?? []);
  const added = goals.filter((goal) => !known.some((one) => isDeepStrictEqual(one, goal)));
  const now = await goalsFor(tx, after.subject, added);
  return isDeepStrictEqual(new Set(now), new Set(added)) ? null : refused('loop.stale_plan');
}

/** A request or an assignment of the person that is not over without what was wanted of it. */
async function guardLink(tx: Tx, step: Step, command: Of<'link'>): Promise<GuardAnswer> {
  const own = command.actor === undefined ? null : await guardStep(tx, step, 'plan.steer');
  if (own) return own;
  const found = (await loopsFor(tx, [command.loop])).get(command.loop);
  if (found?.of !== step.before.subject || found.need !== command.need) {
    return refused('plan.not_linkable');
  }
  return found.standing === 'failed' ? refused('plan.link_failed') : null;
}

/** Money granted, work done, and every goal rated since both agreed, here or where it was worked on. */
async function guardClose(tx: Tx, { before }: Step, command: Of<'close'>): Promise<GuardAnswer> {
  const found = await loopsFor(
    tx,
    before.links.map(({ loop }) => loop),
  );
  const done = [...found.values()].filter(({ standing }) => standing === 'done');
  if (!done.some(({ need }) => need === 'formal')) return refused('plan.no_money');
  if (!done.some(({ need }) => need === 'onTheJob')) return refused('plan.no_work');
  const { subject, agreedAt: since } = before;
  const rated = await ratedSince(tx, { subject, since });
  const now = command.ratings.map(({ competency }) => competency);
  const missing = before.terms?.goals.find(
    ({ competency }) => !rated.has(competency) && !now.includes(competency),
  );
  return missing === undefined ? null : refused('plan.goal_unrated');
}

type PlanAction = Extract<Action, `plan.${string}`>;

/** Of those whom the rules have found asked, only who acts for another is judged here. */
function guardStep(tx: Tx, step: Step, action: PlanAction): Promise<GuardAnswer> {
  const { after, before } = step;
  const state = before.status === 'new' ? after : before;
  present(termsOf(state), 'the terms');
  return guardActor(tx, step, {
    action,
    others: [state.subject],
    subject: (known) => ({
      subject: known(state.subject),
      manager: state.manager,
      coaches: coachesOf(state),
    }),
    isOfTheAsked: action === 'plan.act',
    otherwise: 'authority.forbidden',
  });
}
