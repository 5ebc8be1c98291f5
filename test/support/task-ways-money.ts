/** How the tasks of budget requests come about (`task-ways.ts`). */
import type { LoopId } from '../../domain/id.ts';
import { berlin } from './handoff-organisation.ts';
import { after, posted, type TaskStage, type TaskWay } from './task-stage.ts';

const said = { text: 'Because of the delivery.' } as const;

/** Of 90.00 EUR, so that the line has enough for many. */
const money = (given: object = {}) => ({
  title: 'Leading teams across borders',
  kind: 'course',
  why: 'People on three continents.',
  purpose: 'leadership',
  currency: 'EUR',
  costs: { fee: '90.00' },
  instalments: [{ due: '2026-12-10', amount: '90.00' }],
  ends: '2026-12-18',
  involvesProfessionals: false,
  ...given,
});
const decided: readonly TaskWay[] = [
  {
    open: async (stage) => ({
      id: await posted(stage, '/budget-requests', berlin.lead, money()),
      person: berlin.manager,
    }),
    choices: { approve: { asked: '90.00', amount0: '90.00' }, reject: said, ask: said },
    staysOpen: ['ask'],
  },
];
const spends = { instalment: '0', amount: '90.00', ...said };
const approved: readonly TaskWay[] = [
  {
    open: async (stage) => ({
      id: await after(stage, 'budgetRequest.decide', 'approve', decided),
      person: berlin.lead,
    }),
    choices: { prove: spends, raise: { ...spends, amount: '120.00' } },
    staysOpen: ['prove'],
  },
];
export const budgetWays = {
  'budgetRequest.decide': decided,
  'budgetRequest.answer': [
    {
      open: async (stage: TaskStage) => ({
        id: await after(stage, 'budgetRequest.decide', 'ask', decided),
        person: berlin.lead,
      }),
      choices: { answer: said },
    },
  ],
  'budgetRequest.except': [
    {
      open: async (stage: TaskStage) => ({
        id: await posted(stage, '/budget-requests', berlin.lead, money({ exception: true })),
        person: berlin.manager,
      }),
      choices: { except: { amount: '90.00', ...said }, reject: said, ask: said },
      staysOpen: ['ask'],
    },
  ],
  'budgetRequest.close_out': [
    ...approved,
    {
      open: async (stage: TaskStage) => ({
        id: await after(stage, 'budgetRequest.close_out', 'prove', approved),
        person: berlin.lead,
      }),
      choices: { close: { ...said, lessonKind: 'win', lesson: said.text } },
    },
  ],
} as const;

/** Of Berlin's lead, by their manager. */
export const grantedMoney = (stage: TaskStage): Promise<LoopId> =>
  after(stage, 'budgetRequest.decide', 'approve', decided);
