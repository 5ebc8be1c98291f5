/** How each kind of task comes about, and what its page lets whoever is asked do with it. */
import { randomUUID } from 'node:crypto';
import { alertRules } from '../../domain/alert/decide.ts';
import { coverRules } from '../../domain/cover/decide.ts';
import { holidayReviewRules } from '../../domain/holiday-review/decide.ts';
import type { RegionId } from '../../domain/id.ts';
import { outlookRules } from '../../domain/outlook/decide.ts';
import type { PlainTaskKind } from '../../domain/task-kind.ts';
import { offer } from './api.ts';
import { berlin, tokyo } from './handoff-organisation.ts';
import { readBack } from './read-back.ts';
import { assignmentWays, practiceWays } from './task-ways-abroad.ts';
import { growthWays } from './task-ways-growth.ts';
import { budgetWays } from './task-ways-money.ts';
import { after, fires, must, posted, type TaskStage, type TaskWay } from './task-stage.ts';

const dayMs = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const said = { text: 'Because of the delivery.' } as const;

const asked: readonly TaskWay[] = [
  {
    open: async (stage) => {
      const body = offer(await stage.account(berlin.lead), tokyo.lead);
      const id = await posted(stage, '/handoffs', berlin.lead, body);
      return { id, person: tokyo.lead };
    },
    choices: { accept: readBack, ask: said, decline: said },
  },
];
const handoffWays = {
  'handoff.read_back': asked,
  'handoff.answer': [
    {
      open: async (stage: TaskStage) => ({
        id: await after(stage, 'handoff.read_back', 'ask', asked),
        person: berlin.lead,
      }),
      choices: { answer: said },
    },
  ],
  'handoff.confirm': [
    {
      open: async (stage: TaskStage) => ({
        id: await after(stage, 'handoff.read_back', 'accept', asked),
        person: berlin.lead,
      }),
      choices: { confirm: {}, sendBack: said },
    },
  ],
} as const;

async function coverAsked(stage: TaskStage) {
  const from = stage.world.clock.now() + 10 * dayMs;
  const cover = stage.loop(coverRules);
  const request = {
    type: 'request',
    actor: berlin.lead,
    account: await stage.account(berlin.lead),
    owner: berlin.lead,
    reason: 'asked',
    manager: berlin.manager,
    candidates: [tokyo.lead],
    note: null,
    absence: null,
    from,
    until: from + 3 * dayMs,
  } as const;
  await must(cover.does(request));
  return cover;
}
const coverWays = {
  'cover.take': [
    {
      open: async (stage: TaskStage) => ({ id: (await coverAsked(stage)).id, person: tokyo.lead }),
      choices: { take: {}, refuse: {} },
    },
  ],
  'cover.hand_back': [
    {
      open: async (stage: TaskStage) => {
        const cover = await coverAsked(stage);
        await must(cover.does({ type: 'take', actor: tokyo.lead }));
        await fires(cover, 'begin');
        return { id: cover.id, person: tokyo.lead };
      },
      choices: { handBack: said, end: {} },
    },
  ],
} as const;

const alertWays = {
  'alert.acknowledge': [
    {
      open: async (stage: TaskStage) => {
        const alert = stage.loop(alertRules);
        const raise = {
          type: 'raise',
          actor: tokyo.lead,
          account: await stage.account(berlin.lead),
          owner: berlin.lead,
          text: await stage.write('account.action', tokyo.lead),
          item: randomUUID(),
          dueAt: stage.world.clock.now() + dayMs,
          answerMinutes: 15,
        } as const;
        await must(alert.does(raise));
        await fires(alert, 'call');
        return { id: alert.id, person: alert.state.calls[0]?.person ?? berlin.lead };
      },
      choices: { acknowledge: {} },
    },
  ],
} as const;

const holidayWays = {
  'holidayReview.review': [
    {
      open: async (stage: TaskStage) => {
        const { db, clock } = stage.world;
        const day = dayOf(clock.now() + (30 + stage.next()) * dayMs);
        const row = {
          region_id: 'world',
          day,
          kind: 'off',
          name: 'Carnival',
          source: '1',
        } as const;
        await db
          .insertInto('holiday')
          .values({ ...row, status: 'provisional' })
          .execute();
        const review = stage.loop(holidayReviewRules);
        const ask = {
          type: 'ask',
          region: 'world' as RegionId,
          day,
          beginsAt: Date.parse(day),
          reviewer: tokyo.lead,
          allowanceMinutes: 2_400,
        } as const;
        await must(review.does(ask));
        return { id: review.id, person: tokyo.lead };
      },
      choices: { confirm: {}, drop: {}, move: { movedTo: '2027-02-09' } },
    },
  ],
} as const;

const outlookWays = {
  'outlook.settle': [
    {
      open: async (stage: TaskStage) => {
        const from = stage.world.clock.now() + 20 * dayMs;
        const finding = stage.loop(outlookRules);
        const open = {
          type: 'open',
          account: await stage.account(berlin.lead),
          kind: 'leave',
          subject: berlin.lead,
          firstDay: dayOf(from),
          severity: 'high',
          from,
          until: from + 3 * dayMs,
          owner: berlin.lead,
          asked: berlin.lead,
          about: null,
          allowanceMinutes: 960,
        } as const;
        await must(finding.does(open));
        return { id: finding.id, person: berlin.lead };
      },
      choices: { '': { until: '2026-12-20', reason: said.text } },
    },
  ],
} as const;

/** A kind that no plan of today opens, or that is new, does not compile. */
export const taskWays: Readonly<Record<PlainTaskKind, readonly TaskWay[]>> = {
  ...handoffWays,
  ...coverWays,
  ...alertWays,
  ...holidayWays,
  ...outlookWays,
  ...budgetWays,
  ...practiceWays,
  ...assignmentWays,
  ...growthWays,
};
