/** How the tasks of rounds, audits, plans and quarterly reviews come about (`task-ways.ts`). */
import { ratersToAsk } from '../../db/skill-audits.ts';
import { reviewId } from '../../db/quarterly-reviews.ts';
import { planRules } from '../../domain/development-plan/decide.ts';
import { roundRules } from '../../domain/feedback-round/decide.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import { reviewRules } from '../../domain/quarterly-review/decide.ts';
import { auditRules } from '../../domain/skill-audit/decide.ts';
import { berlin, tokyo } from './handoff-organisation.ts';
import { closedAssignment } from './task-ways-abroad.ts';
import { grantedMoney } from './task-ways-money.ts';
import { fires, must, type TaskStage } from './task-stage.ts';

const dayMs = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const said = { text: 'Because of the delivery.' } as const;
const world = 'world' as RegionId;
const director = 'berlin-director' as PersonId;

const peers = [tokyo.backup, 'london-lead', 'new-york-lead', berlin.lead] as PersonId[];
const named = Object.fromEntries(
  peers.flatMap((person, row) => [
    [`person-${row}`, person],
    [`group-${row}`, 'peers'],
  ]),
);
export const nominees = peers.map((person) => ({ person, group: 'peers' }) as const);

/** Only one of somebody at a time: the one before is over. */
async function over({ world: { db } }: TaskStage, table: 'feedback_round' | 'development_plan') {
  await db.updateTable(table).set({ closed_at: 0 }).where('closed_at', 'is', null).execute();
}

async function round(stage: TaskStage) {
  await over(stage, 'feedback_round');
  const made = stage.loop(roundRules);
  const { manager, lead: subject } = tokyo;
  const closesAt = stage.world.clock.now() + 21 * dayMs;
  await must(made.does({ type: 'start', actor: manager, subject, manager, closesAt }));
  return made;
}
async function nominated(stage: TaskStage) {
  const made = await round(stage);
  await must(made.does({ type: 'nominate', actor: tokyo.lead, nominees }));
  return made;
}
async function released(stage: TaskStage) {
  const made = await nominated(stage);
  await must(made.does({ type: 'release', actor: tokyo.manager, nominees }));
  while (
    !made.state.raters.some(({ person, status }) => person === berlin.lead && status === 'asked')
  ) {
    await fires(made, 'ask');
  }
  return made;
}

async function audit(stage: TaskStage) {
  const quarter = stage.quarter();
  const made = stage.loop(auditRules);
  const place = { region: world, owner: director, day: '2026-11-23' };
  const raters = await ratersToAsk(stage.world.db, place);
  const closesAt = stage.world.clock.now() + 21 * dayMs;
  const open = { type: 'open', ...place, quarter, mapVersion: 1, raters, closesAt } as const;
  await must(made.does(open));
  return made;
}

const coach = tokyo.backup;
const competency = 'clinical-fluency';
/** Of which nobody of the others is told anything. */
const planned = 'partner-management';

async function plan(stage: TaskStage) {
  await over(stage, 'development_plan');
  const made = stage.loop(planRules);
  const endsAt = stage.world.clock.now() + 90 * dayMs;
  const terms = {
    goals: [{ competency: planned, from: null, to: 'advanced', gap: null }],
    lastDay: dayOf(endsAt - dayMs),
    endsAt,
    reviewDays: 20,
    coach,
  } as const;
  const { manager, lead: subject } = berlin;
  await must(made.does({ type: 'start', actor: manager, subject, manager, version: 1, terms }));
  return made;
}
async function agreedPlan(stage: TaskStage) {
  const made = await plan(stage);
  await must(made.does({ type: 'agree', actor: berlin.lead }));
  return made;
}
async function reportedPlan(stage: TaskStage) {
  const made = await agreedPlan(stage);
  await fires(made, 'askReview');
  const content = await stage.write('plan.review', berlin.lead);
  await must(made.does({ type: 'review', actor: berlin.lead, content }));
  return made;
}

async function convened(stage: TaskStage) {
  const of = { region: world, team: null, quarter: stage.quarter() };
  const from = stage.world.clock.now() + 10 * dayMs;
  const made = stage.loop(reviewRules, reviewId(of));
  const open = {
    type: 'open',
    ...of,
    kind: 'region',
    chair: berlin.manager,
    participants: [berlin.manager, tokyo.lead],
    slot: { from, until: from + dayMs / 24 },
  } as const;
  await must(made.does(open));
  return made;
}
async function met(stage: TaskStage) {
  const made = await convened(stage);
  for (const actor of [berlin.manager, tokyo.lead])
    await must(made.does({ type: 'confirm', actor }));
  await fires(made, 'meet');
  return made;
}

type Choices = Readonly<Record<string, Readonly<Record<string, string>>>>;
const way = (
  tell: (stage: TaskStage) => Promise<{ readonly id: OpenedId }>,
  person: PersonId,
  choices: Choices,
) => [{ open: async (stage: TaskStage) => ({ id: (await tell(stage)).id, person }), choices }];
type OpenedId = Awaited<ReturnType<typeof plan>>['id'];

const rating = {
  [`level-${competency}`]: 'advanced',
  [`kind-${competency}`]: 'observation',
  [`text-${competency}`]: said.text,
};

export const growthWays = {
  'feedback.nominate': way(round, tokyo.lead, { nominate: named }),
  'feedback.release': way(nominated, tokyo.manager, { release: named }),
  'feedback.give': way(released, berlin.lead, {
    answer: { [`level-${competency}`]: 'advanced' },
    decline: {},
  }),
  'skillAudit.rate_people': way(audit, berlin.manager, {
    rate: rating,
    skip: { reason: 'tooNew' },
  }),
  'plan.agree': way(plan, berlin.lead, { agree: {}, refuse: said }),
  'plan.find_money': way(agreedPlan, berlin.lead, { link: {} }),
  'plan.find_work': way(agreedPlan, berlin.lead, { link: {} }),
  'plan.report': way(
    async (stage) => {
      const made = await agreedPlan(stage);
      await fires(made, 'askReview');
      return made;
    },
    berlin.lead,
    { review: said },
  ),
  'plan.coach': way(reportedPlan, coach, { coach: said }),
  'plan.close': way(
    async (stage) => {
      const made = await agreedPlan(stage);
      const link = { type: 'link', actor: berlin.lead } as const;
      const money = await grantedMoney(stage);
      await must(made.does({ ...link, need: 'formal', loop: money }));
      const { id: work } = await closedAssignment(stage);
      await must(made.does({ ...link, need: 'onTheJob', loop: work }));
      await fires(made, 'end');
      return made;
    },
    berlin.manager,
    { close: { [`level-${planned}`]: 'advanced', evidence: 'result', ...said } },
  ),
  'quarter.attend': way(convened, tokyo.lead, { confirm: {} }),
  'quarter.conclude': way(met, berlin.manager, { conclude: {} }),
  'quarter.act': way(
    async (stage) => {
      const made = await met(stage);
      const actor = berlin.manager;
      const dueAt = stage.world.clock.now() + 40 * dayMs;
      const content = await stage.write('quarter.action', actor);
      // Takes no part.
      const owner = tokyo.backup;
      await must(made.does({ type: 'addAction', actor, owner, day: dayOf(dueAt), dueAt, content }));
      return made;
    },
    tokyo.backup,
    { finishAction: said },
  ),
} as const;
