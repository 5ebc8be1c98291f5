/** The steps of a plan. Whether somebody may take one is the record's to say. */
import type { z } from '@hono/zod-openapi';
import { derivedId } from '../../db/derived-id.ts';
import { loopsFor, type PlanRow } from '../../db/development-plans.ts';
import { isLoopSeen } from '../../db/visibility.ts';
import { coachesOf, termsOf } from '../../domain/development-plan/roles.ts';
import { planRules } from '../../domain/development-plan/decide.ts';
import type { PlanCommand } from '../../domain/development-plan/state.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { proposeAssignment } from '../assignments/propose-assignment.ts';
import { actingAs, authorise } from '../authorise.ts';
import { writeEvidence } from '../growth/parts.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { askedTerms } from './asked-terms.ts';
import { planAddress, type PlanParts } from './parts.ts';
import { type Plan, planSubject, presentPlan, seenPlan } from './present.ts';
import {
  assignmentBody,
  changeBody,
  closeBody,
  linkBody,
  plainBody,
  planAnswer,
  planParams,
  reasonBody,
  textBody,
} from './schema.ts';

const stepRoute = stepRoutes({
  path: '/development-plans',
  noun: 'DevelopmentPlan',
  tag: 'growth',
  params: planParams,
  answer: planAnswer,
  description: 'The plan as it now stands.',
});

type StepCommand = Exclude<PlanCommand, { readonly type: 'start' }>;

const takeStep = stepTaker<StepCommand, PlanParts, PlanRow, Plan>({
  address: planAddress,
  seen: seenPlan,
  show: presentPlan,
});

/** Both agree to the same revision: without one it is not known what was read. */
function agreePlan(parts: PlanParts, asked: Commanded<StepInput>): Promise<Plan> {
  if (asked.seen === undefined) throw new Refusal(problem('plan.revision_missing'));
  return takeStep(parts, asked, ({ by }) => ({ type: 'agree', ...by }));
}

const stepDown = (parts: PlanParts, asked: Commanded<StepInput>): Promise<Plan> =>
  takeStep(parts, asked, ({ by }) => ({ type: 'stepDown', ...by }));

type Change = StepInput & z.output<typeof changeBody>;

const changePlan = (parts: PlanParts, asked: Commanded<Change>): Promise<Plan> =>
  takeStep(parts, asked, async ({ by, row: { state } }) => {
    const { actor, input } = asked;
    const { subject } = state;
    const given = { subject, sent: input.terms, before: termsOf(state) };
    return { type: 'change', ...by, terms: await askedTerms(parts.db, actor, given) };
  });

const saying =
  (type: 'review' | 'coach') =>
  (parts: PlanParts, asked: Commanded<StepInput & z.output<typeof textBody>>): Promise<Plan> =>
    takeStep(parts, asked, async ({ by, write }) => {
      const { text } = asked.input;
      return { type, ...by, content: await write(`plan.${type}`, { text }) };
    });

const ending =
  (type: 'refuse' | 'cancel') =>
  (parts: PlanParts, asked: Commanded<StepInput & z.output<typeof reasonBody>>): Promise<Plan> =>
    takeStep(parts, asked, async ({ by, write }) => {
      const { text } = asked.input;
      const content = text === undefined ? null : await write(`plan.${type}`, { text });
      return { type, ...by, content };
    });

type Link = StepInput & z.output<typeof linkBody>;

/** What may not be seen is not there to be linked. */
const linkPlan = (parts: PlanParts, asked: Commanded<Link>): Promise<Plan> =>
  takeStep(parts, asked, async ({ by }) => {
    const loop = asked.input.loop as LoopId;
    const found = (await isLoopSeen(parts.db, asked.actor, loop))
      ? await parts.db.transaction().execute((tx) => loopsFor(tx, [loop]))
      : new Map();
    const need = found.get(loop)?.need;
    if (need === undefined) throw new Refusal(problem('plan.not_linkable'));
    return { type: 'link', ...by, need, loop };
  });

/** Before anything is proposed that no plan would take. */
async function refuseUnlinked(
  parts: PlanParts,
  { actor, commandId, input }: Commanded<StepInput>,
  { state }: PlanRow,
): Promise<void> {
  const { onBehalfOf } = input;
  const { subject, manager } = state;
  await authorise(parts, {
    actor,
    onBehalfOf,
    action: 'plan.steer',
    subject: await planSubject(parts, { subject, manager, coaches: coachesOf(state) }),
    otherwise: 'authority.forbidden',
  });
  const command = { type: 'link', ...actingAs(actor, onBehalfOf), need: 'onTheJob' } as const;
  const loop = commandId as LoopId;
  const decided = planRules.decide(state, { ...command, loop }, parts.clock.now());
  if (!decided.ok) throw new Refusal(decided.problem);
}

type NewAssignment = StepInput & z.output<typeof assignmentBody>;

/** Proposed as anywhere else, and linked with the same request: sent again, it is the same one. */
async function assignFromPlan(parts: PlanParts, asked: Commanded<NewAssignment>): Promise<Plan> {
  const { actor, commandId, input } = asked;
  const { id, ...proposal } = input;
  const row = await seenPlan(parts, actor, id as LoopId);
  await refuseUnlinked(parts, asked, row);
  const proposed = await proposeAssignment(parts, {
    actor,
    commandId: derivedId('assignment of plan', commandId),
    input: { ...proposal, participant: row.subject.id },
  });
  const loop = proposed.id as LoopId;
  const { onBehalfOf } = proposal;
  return takeStep(parts, { actor, commandId, input: { id, onBehalfOf } }, ({ by }) => ({
    type: 'link',
    ...by,
    need: 'onTheJob',
    loop,
  }));
}

type Close = StepInput & z.output<typeof closeBody>;

const closePlan = (parts: PlanParts, asked: Commanded<Close>): Promise<Plan> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { ratings, evidence, text, acknowledgedFlags: acknowledged } = asked.input;
    const warned = { texts: [{ place: 'text', text }], acknowledged };
    const content = await writeEvidence(parts, asked.actor, warned, () =>
      write('plan.evidence', { text }),
    );
    return { type: 'close', ...by, ratings, evidence, content };
  });

/** By the verb of the address. */
export const planSteps = {
  agree: {
    route: stepRoute('agree', 'Agrees to the terms of the revision in If-Match', plainBody),
    run: agreePlan,
  },
  refuse: {
    route: stepRoute('refuse', 'Refuses what is proposed', reasonBody),
    run: ending('refuse'),
  },
  change: {
    route: stepRoute(
      'change',
      'Proposes other terms; those of now count until both agree',
      changeBody,
    ),
    run: changePlan,
  },
  link: {
    route: stepRoute('link', 'Says that a request or an assignment serves this plan', linkBody),
    run: linkPlan,
  },
  assign: {
    route: stepRoute('assign', 'Proposes an assignment that serves this plan', assignmentBody),
    run: assignFromPlan,
  },
  review: {
    route: stepRoute('review', 'Says what was done since the last review', textBody),
    run: saying('review'),
  },
  coach: {
    route: stepRoute('coach', 'Says how the coach sees it', textBody),
    run: saying('coach'),
  },
  stepDown: {
    route: stepRoute('leave', 'Is the coach no more', plainBody),
    run: stepDown,
  },
  close: {
    route: stepRoute('close', 'Closes it with new ratings and what shows them', closeBody),
    run: closePlan,
  },
  cancel: {
    route: stepRoute('cancel', 'Ends it without a rating', reasonBody),
    run: ending('cancel'),
  },
} as const;
