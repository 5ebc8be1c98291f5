import { expect, test } from 'vitest';
import { planRules } from '../../../domain/development-plan/decide.ts';
import { planPlan } from '../../../domain/development-plan/plan.ts';
import type { PlanCommand, PlanFacts, PlanState } from '../../../domain/development-plan/state.ts';
import type { PersonId } from '../../../domain/id.ts';
import type { PlanningWorld } from '../../../domain/loop.ts';
import { person } from '../../support/people.ts';

const at = Date.UTC(2027, 0, 11, 9);
const [ana, ben, cleo] = ['ana', 'ben', 'cleo'].map(person) as [PersonId, PersonId, PersonId];

const start: PlanCommand = {
  type: 'start',
  actor: ben,
  subject: ana,
  manager: ben,
  version: 1,
  terms: {
    goals: [{ competency: 'clinical-fluency', from: null, to: 'advanced', gap: null }],
    lastDay: '2027-06-30',
    endsAt: at + 170 * 86_400_000,
    reviewDays: 20,
    coach: null,
  },
};

const running = [start, { type: 'agree', actor: ana } as const].reduce<PlanState>(
  (state, command) => {
    const decision = planRules.decide(state, command, at);
    if (!decision.ok) throw new Error(decision.problem.code);
    return decision.events.reduce((next, event) => planRules.evolve(next, event, at), state);
  },
  planRules.initial,
);

const facts: PlanFacts = {
  agreeBy: null,
  findBy: { formal: null, onTheJob: null },
  reviewAt: null,
  reviewDueAt: null,
  coachDueAt: null,
  closeDueAt: null,
  stallAt: null,
};

const managersNext = (managers: Readonly<Record<string, PersonId>>): readonly PersonId[] => {
  const world = {
    at,
    facts,
    person: (id: PersonId) => ({ id, isActive: id !== ben, manager: managers[id] ?? null }),
  } as unknown as PlanningWorld<PlanFacts>;
  return planPlan
    .moments(running, world)
    .flatMap(({ command }) => (command.type === 'replaceManager' ? [command.to] : []));
};

test('a manager who leaves is followed by who stands above, and in a circle nobody comes to lead themselves', () => {
  expect(managersNext({ [ana]: ben, [ben]: cleo })).toEqual([cleo]);
  expect(managersNext({ [ana]: ben, [ben]: ana })).toEqual([]);
  const itself = { ...start, manager: ana, actor: cleo };
  expect(() => planRules.decide(planRules.initial, itself, at)).toThrow('their own manager');
});
