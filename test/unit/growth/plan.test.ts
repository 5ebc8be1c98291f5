import { expect, test } from 'vitest';
import { planRules } from '../../../domain/development-plan/decide.ts';
import { planPlan } from '../../../domain/development-plan/plan.ts';
import type { PlanCommand, PlanFacts, PlanState } from '../../../domain/development-plan/state.ts';
import type { ContentId, LoopId, PersonId } from '../../../domain/id.ts';
import type { PlanningWorld } from '../../../domain/loop.ts';
import { person } from '../../support/people.ts';

const at = Date.UTC(2027, 0, 11, 9);
const [ana, ben, cleo, dora] = ['ana', 'ben', 'cleo', 'dora'].map(person) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];

const start = {
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
} as const;

const after = (...commands: readonly PlanCommand[]): PlanState =>
  commands.reduce<PlanState>((state, command) => {
    const decision = planRules.decide(state, command, at);
    if (!decision.ok) throw new Error(decision.problem.code);
    return decision.events.reduce((next, event) => planRules.evolve(next, event, at), state);
  }, planRules.initial);
const running = after(start, { type: 'agree', actor: ana });

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

test('the person and the manager are two people, whomever they or somebody else act for, and at the close too', () => {
  const codeOf = (state: PlanState, command: PlanCommand) => {
    const decision = planRules.decide(state, command, at);
    return decision.ok ? null : decision.problem.code;
  };
  const agree = (actor: PersonId, onBehalfOf: PersonId) =>
    ({ type: 'agree', actor, onBehalfOf }) as const;
  const byAna = after({ ...start, actor: ana });
  expect(codeOf(byAna, agree(ana, ben))).toBe('plan.same_person');
  expect(codeOf(after(start), agree(ben, ana))).toBe('plan.same_person');
  expect(codeOf(byAna, agree(cleo, ben))).toBeNull();
  // Somebody who acts for both is one person; what the one side does for the other is nobody's consent.
  const byCleo = after({ ...start, actor: cleo, onBehalfOf: ben });
  expect(codeOf(byCleo, agree(cleo, ana))).toBe('plan.same_person');
  expect(codeOf(byCleo, { type: 'agree', actor: ana })).toBeNull();
  const forBen = { actor: ana, onBehalfOf: ben };
  expect(after({ ...start, ...forBen }).pending?.agreed).toEqual([]);
  const change = { type: 'change', ...forBen, terms: start.terms } as const;
  expect(after(start, { type: 'agree', actor: ana }, change).pending?.agreed).toEqual([]);

  const rated = { ratings: [], evidence: 'result', content: 'text' as ContentId } as const;
  const linked = (['formal', 'onTheJob'] as const).map(
    (need) => ({ type: 'link', actor: ana, need, loop: need as string as LoopId }) as const,
  );
  const ready = after(start, { type: 'agree', actor: ana }, ...linked);
  expect(codeOf(ready, { type: 'close', ...forBen, ...rated })).toBe('plan.same_person');
  expect(codeOf(ready, { type: 'close', actor: cleo, onBehalfOf: ben, ...rated })).toBeNull();
});

test('whom a plan is about speaks and leaves for their coach no more than they close it, and somebody else does', () => {
  const codeOf = (command: PlanCommand) => {
    const decision = planRules.decide(asked, command, at);
    return decision.ok ? null : decision.problem.code;
  };
  const coached = { ...start, terms: { ...start.terms, coach: cleo } };
  const agreed = after(coached, { type: 'agree', actor: ana });
  const asked = [
    { type: 'reviewAsked', number: 1 } as const,
    { type: 'reviewLate', number: 1 } as const,
  ].reduce<PlanState>((state, event) => planRules.evolve(state, event, at), agreed);
  const content = 'text' as ContentId;
  for (const [actor, code] of [
    [ana, 'plan.same_person'],
    [dora, null],
  ] as const) {
    const forCleo = { actor, onBehalfOf: cleo };
    expect([actor, codeOf({ type: 'coach', ...forCleo, content })]).toEqual([actor, code]);
    expect([actor, codeOf({ type: 'stepDown', ...forCleo })]).toEqual([actor, code]);
  }
});

test('who follows a manager has all the days there are to agree, and agrees for nobody else before', () => {
  const later = at + 4 * 86_400_000;
  const event = { type: 'managerReplaced', from: ben, to: cleo } as const;
  const reminded = planRules.evolve(after(start), { type: 'agreeReminded' }, at);
  const { pending } = planRules.evolve(reminded, event, later);
  expect(pending).toMatchObject({ agreed: [], since: later, isReminded: false });
  const agree = { type: 'agree', actor: cleo, onBehalfOf: ana } as const;
  const byCleo = after({ ...start, actor: cleo }, agree);
  expect(byCleo.pending?.agreed).toEqual(['subject']);
  expect(planRules.evolve(byCleo, event, later).pending?.agreed).toEqual([]);
});
