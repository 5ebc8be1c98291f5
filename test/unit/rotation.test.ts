/** Who takes turns in a rotation, and who hears that they do no longer, or that nothing is handed over. */
import { expect, test } from 'vitest';
import type { AccountId, ContentId, PersonId } from '../../domain/id.ts';
import type { PlanningWorld } from '../../domain/loop.ts';
import { rotationRules } from '../../domain/rotation/decide.ts';
import { rotationNotices } from '../../domain/rotation/notices.ts';
import { rotationPlan } from '../../domain/rotation/plan.ts';
import {
  initialRotation,
  type Outcome,
  type RotationCommand,
  type RotationFacts,
  type RotationState,
} from '../../domain/rotation/state.ts';

const [berlin, tokyo, lima, outsider] = ['berlin', 'tokyo', 'lima', 'outsider'] as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
const start = (members: readonly PersonId[]): RotationCommand => ({
  type: 'start',
  actor: berlin,
  account: 'clinic' as AccountId,
  holder: berlin,
  packet: 'packet' as ContentId,
  members,
  leadMinutes: 60,
});
const change = (members: readonly PersonId[]): RotationCommand => ({
  type: 'change',
  actor: berlin,
  members,
  leadMinutes: 60,
});
const handOver = (to: PersonId, outcome: Outcome, giver = outsider): RotationCommand => ({
  type: 'handOver',
  to,
  begins: 1,
  giver,
  outcome,
});

/** The state after the commands, and who is told what by the last of them. */
function after(...commands: readonly RotationCommand[]) {
  const world = {} as PlanningWorld<RotationFacts>;
  let state: RotationState = initialRotation;
  let told: readonly string[] = [];
  for (const command of commands) {
    const decision = rotationRules.decide(state, command, 0);
    if (!decision.ok) return decision.problem.code;
    for (const event of decision.events) {
      state = rotationRules.evolve(state, event, 0);
      told = rotationNotices(event, state, world).map(({ to, key }) => `${key} ${to}`);
    }
  }
  return told;
}

const everybody = [berlin, tokyo, lima];

test('a rotation with one member or none is refused, when it starts and when it is changed', () => {
  expect(after(start([berlin]))).toBe('rotation.too_few');
  expect(after(start([]))).toBe('rotation.owner_not_member');
  expect(after(start(everybody), change([berlin]))).toBe('rotation.too_few');
  expect(after(start(everybody), change([]))).toBe('rotation.too_few');
});

test('whoever takes turns no longer after a change is told so, and not that it has changed', () => {
  expect(after(start(everybody), change([berlin, lima]))).toEqual([
    `rotation.changed ${lima}`,
    `rotation.left_out ${tokyo}`,
  ]);
});

test('while somebody outside owns the account they and those who take turns are told once that nothing is handed over', () => {
  const once = [start(everybody), handOver(tokyo, 'elsewhere')];
  const waiting = everybody.map((to) => `rotation.waiting ${to}`);
  const told = [...waiting, `rotation.waits_for_you ${outsider}`];
  expect(after(...once)).toEqual(told);
  expect(after(...once, handOver(lima, 'elsewhere'))).toEqual([]);
  const between = [...once, handOver(lima, 'in_handoff'), handOver(berlin, 'elsewhere')];
  expect(after(...between)).toEqual([]);
  const anew = [...once, handOver(lima, 'theirs'), handOver(berlin, 'elsewhere')];
  expect(after(...anew)).toEqual(told);
  const another = 'another' as PersonId;
  expect(after(...once, handOver(lima, 'elsewhere', another))).toEqual([
    ...waiting,
    `rotation.waits_for_you ${another}`,
  ]);
});

test('a rotation is read by whoever it waits for, and by them no more once the account goes on', () => {
  const named = (...commands: readonly RotationCommand[]) => {
    let state: RotationState = initialRotation;
    for (const command of commands) {
      const decision = rotationRules.decide(state, command, 0);
      if (!decision.ok) throw new Error(decision.problem.code);
      for (const event of decision.events) state = rotationRules.evolve(state, event, 0);
    }
    return rotationPlan.parties(state);
  };
  const waits = [start(everybody), handOver(tokyo, 'elsewhere')];
  expect(named(...waits)).toEqual([berlin, tokyo, lima, outsider]);
  expect(named(...waits, handOver(lima, 'in_handoff'))).toContain(outsider);
  expect(named(...waits, handOver(lima, 'offered', berlin))).toEqual([berlin, lima, tokyo]);
});

test('that nobody is left to take over is told to members, starter and owner once, and anew after a change', () => {
  const empty: RotationCommand = { type: 'empty', owner: outsider };
  const once = [start(everybody), empty];
  const told = [...everybody, outsider].map((to) => `rotation.emptied ${to}`);
  expect(after(...once)).toEqual(told);
  expect(after(...once, empty)).toBe('loop.stale_plan');
  expect(after(...once, change([berlin, lima]), empty)).toEqual([
    `rotation.emptied ${berlin}`,
    `rotation.emptied ${lima}`,
    `rotation.emptied ${outsider}`,
  ]);
});
