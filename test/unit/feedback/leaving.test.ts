/** Who leaves in the middle of a round, and managers who stand in a circle: whom it still waits for. */
import { expect, test } from 'vitest';
import { roundRules } from '../../../domain/feedback-round/decide.ts';
import { roundPlan } from '../../../domain/feedback-round/plan.ts';
import type { RoundCommand, RoundFacts, RoundState } from '../../../domain/feedback-round/state.ts';
import type { PersonId } from '../../../domain/id.ts';
import type { PlanningWorld } from '../../../domain/loop.ts';
import {
  backup,
  director,
  everybody,
  giver as subject,
  giverManager as manager,
  planningWorld,
  receiver,
  receiverManager,
} from '../../support/handoff-people.ts';
import { monday } from '../../support/handoff-rules.ts';

const day = 86_400_000;
const nominees = [receiver, backup, receiverManager].map((person) => ({
  person,
  group: 'peers' as const,
}));

const begun: readonly RoundCommand[] = [
  { type: 'start', actor: manager, subject, manager, closesAt: monday + 21 * day },
  { type: 'nominate', actor: subject, nominees },
];
const asked: readonly RoundCommand[] = [
  ...begun,
  { type: 'release', actor: manager, nominees },
  ...[subject, manager, receiver, backup].map((person) => ({ type: 'ask', person }) as const),
];

const after = (...commands: readonly RoundCommand[]): RoundState =>
  commands.reduce((state, command) => {
    const decision = roundRules.decide(state, command, monday);
    if (!decision.ok) throw new Error(`${command.type}: ${decision.problem.code}`);
    return decision.events.reduce((next, event) => roundRules.evolve(next, event, monday), state);
  }, roundRules.initial);

interface Line {
  readonly gone?: readonly PersonId[];
  readonly managers?: Readonly<Record<string, PersonId>>;
}

function waitsFor(state: RoundState, { gone = [], managers = {} }: Line = {}) {
  const people = Object.fromEntries(
    Object.entries(everybody).map(([id, one]) => [
      id,
      {
        ...one,
        manager: managers[id] ?? one.manager ?? null,
        isActive: !gone.includes(id as never),
      },
    ]),
  );
  const facts: RoundFacts = { asks: {} };
  const world: PlanningWorld<RoundFacts> = { ...planningWorld({ people, at: monday }), facts };
  return {
    tasks: roundPlan.tasks(state, world).map(({ kind, person }) => `${person} ${kind}`),
    clock: roundPlan.moments(state, world).map(({ command }) => command),
  };
}

test('whoever leaves in the middle of a round is asked and reminded no more, asked before or not', () => {
  const { tasks, clock } = waitsFor(after(...asked), { gone: [receiver, receiverManager] });
  expect(tasks).toEqual([subject, manager, backup].map((who) => `${who} feedback.give`));
  const named = clock.flatMap((command) => ('person' in command ? [command.person] : []));
  expect(named.toSorted()).toEqual([subject, manager, backup].toSorted());
});

test('an answer that was given before somebody left stays one of the three', () => {
  const answered = after(...asked, { type: 'answer', actor: receiver, ticket: 'one' });
  const rater = answered.raters.find(({ person }) => person === receiver);
  expect(rater).toMatchObject({ status: 'answered', shownAs: 'others' });
  expect(waitsFor(answered, { gone: [receiver] }).clock).toContainEqual({ type: 'close' });
});

test('a round ends with whoever it is about, and nothing of it is shown', () => {
  const { clock } = waitsFor(after(...asked), { gone: [subject] });
  expect(clock).toEqual([{ type: 'drop' }]);
  expect(after(...asked, { type: 'drop' }).status).toBe('cancelled');
});

test('who settles it and has left is followed by who stands above, and in a circle by nobody whom it is about', () => {
  const state = after(...begun);
  expect(waitsFor(state, { gone: [manager] }).clock).toContainEqual({
    type: 'passOn',
    to: director,
  });
  const circle = waitsFor(state, { gone: [manager], managers: { [manager]: subject } });
  expect(circle.clock).toEqual([{ type: 'close' }]);
});

test('the one it is about, and one of two, are no raters', () => {
  const reviewing = after(...begun);
  const codeOf = (people: readonly PersonId[]) => {
    const named = people.map((person) => ({ person, group: 'peers' as const }));
    const release = { type: 'release', actor: manager, nominees: named } as const;
    const decision = roundRules.decide(reviewing, release, monday);
    return decision.ok ? null : decision.problem.code;
  };
  expect(codeOf([receiver, backup, subject])).toBe('feedback.subject_named');
  expect(codeOf([receiver, backup])).toBe('feedback.too_few');
  expect(codeOf([receiver, backup, receiverManager])).toBeNull();
});

test('nobody begins, settles or ends a round about themselves for whoever leads them, and nobody else answers it for somebody', () => {
  const codeOf = (state: RoundState, command: RoundCommand) => {
    const decision = roundRules.decide(state, command, monday);
    return decision.ok ? null : decision.problem.code;
  };
  const [start] = begun as readonly [RoundCommand & { readonly type: 'start' }];
  const begin = (one: PersonId) =>
    codeOf(roundRules.initial, { ...start, actor: one, onBehalfOf: manager });
  for (const [actor, code] of [
    [subject, 'feedback.own_raters'],
    [director, null],
  ] as const) {
    const forManager = { actor, onBehalfOf: manager };
    expect(begin(actor)).toBe(code);
    expect(codeOf(after(...begun), { type: 'release', ...forManager, nominees })).toBe(code);
    expect(codeOf(after(...asked), { type: 'cancel', ...forManager })).toBe(code);
  }
  // Of those who look after it, not of whoever stands further above.
  const above = { type: 'cancel', actor: receiver, onBehalfOf: director } as const;
  expect(codeOf(after(...asked), above)).toBe('authority.forbidden');
  const answer = { type: 'answer', actor: director, onBehalfOf: receiver, ticket: 'one' } as const;
  expect(codeOf(after(...asked), answer)).toBe('feedback.not_asked');
});
