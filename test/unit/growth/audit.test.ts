import { expect, test } from 'vitest';
import type { PersonId, RegionId } from '../../../domain/id.ts';
import type { PlanningWorld } from '../../../domain/loop.ts';
import { auditRules } from '../../../domain/skill-audit/decide.ts';
import { auditPlan } from '../../../domain/skill-audit/plan.ts';
import {
  type AuditCommand,
  type AuditFacts,
  type AuditState,
  ratersMax,
} from '../../../domain/skill-audit/state.ts';
import { person } from '../../support/people.ts';

const at = Date.UTC(2027, 0, 11, 9);
const day = 86_400_000;
const [owner, above, manager, report] = ['lead', 'above', 'manager', 'report'].map(person) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];

type Opening = Extract<AuditCommand, { type: 'open' }>;
const opening: Opening = {
  type: 'open',
  actor: owner,
  owner,
  region: 'world' as RegionId,
  quarter: '2027-Q1',
  day: '2027-01-11',
  mapVersion: 1,
  raters: [{ person: manager, people: 2 }],
  closesAt: at + 21 * day,
};

function after(...commands: readonly AuditCommand[]): AuditState {
  let state = auditRules.initial;
  for (const command of commands) {
    const decision = auditRules.decide(state, command, at);
    if (!decision.ok) throw new Error(decision.problem.code);
    for (const event of decision.events) state = auditRules.evolve(state, event, at);
  }
  return state;
}
const refusal = (state: AuditState, command: AuditCommand): string => {
  const decision = auditRules.decide(state, command, at);
  return decision.ok ? '' : decision.problem.code;
};

interface Line {
  readonly managers: Readonly<Record<string, PersonId>>;
  readonly gone?: readonly PersonId[];
  readonly waiting?: AuditFacts['waiting'];
}

/** Everybody works round the clock. */
const worldOf = ({ managers, gone = [], waiting = [] }: Line): PlanningWorld<AuditFacts> =>
  ({
    at,
    facts: { waiting },
    person: (id: PersonId) => ({ id, isActive: !gone.includes(id), manager: managers[id] ?? null }),
    working: () => ({ add: (from: number, minutes: number) => from + minutes * 60_000 }),
  }) as unknown as PlanningWorld<AuditFacts>;

const followers = (line: Line, state = after(opening)): readonly (readonly [number, string])[] =>
  auditPlan
    .moments(state, worldOf(line))
    .flatMap(({ at: due, command }) => (command.type === 'passOn' ? [[due, command.to]] : []));

const fiveDays = 2_400 * 60_000;

test('whoever stays silent is followed by who stands above them, and whoever has left at once', () => {
  const managers = { [manager]: above };
  expect(followers({ managers })).toEqual([[at + fiveDays, above]]);
  expect(followers({ managers, gone: [manager] })).toEqual([[at, above]]);
  expect(followers({ managers, gone: [manager, above] })).toEqual([[at, owner]]);
});

test('in a line of managers that leads in a circle nobody is given themselves to rate', () => {
  const managers = { [manager]: above, [above]: manager };
  const waiting = [{ person: above, rater: manager, hasLeft: false }];
  expect(followers({ managers, waiting })).toEqual([[at + fiveDays, owner]]);
  const ofOwner = [...waiting, { person: owner, rater: manager, hasLeft: false }];
  expect(followers({ managers, waiting: ofOwner })).toEqual([]);
});

test('it is passed on once, and goes no further by silence', () => {
  const state = after(opening, { type: 'passOn', from: manager, to: above });
  expect(state.raters).toMatchObject([{ person: above, left: 2, reminders: 0, isLast: true }]);
  expect(followers({ managers: { [above]: owner } }, state)).toEqual([]);
  expect(followers({ managers: { [above]: owner }, gone: [above] }, state)).toEqual([[at, owner]]);
});

test('nobody rates themselves, nor anybody in the place of another', () => {
  const state = after(opening);
  const sheet = 'sheet' as Extract<AuditCommand, { type: 'rate' }>['sheet'];
  expect(refusal(state, { type: 'rate', actor: manager, person: manager, sheet })).toBe(
    'skillAudit.own_rating',
  );
  // Whom the manager has delegated to, and be it whoever is to be rated.
  const delegated = { actor: report, onBehalfOf: manager, person: report, sheet } as const;
  expect(refusal(state, { type: 'rate', ...delegated })).toBe('skillAudit.not_asked');
  expect(refusal(state, { type: 'skip', actor: above, person: report, reason: 'away' })).toBe(
    'skillAudit.not_asked',
  );
});

test('with the last one settled it closes, whether rated, left out or gone', () => {
  const rated: AuditCommand = { type: 'skip', actor: manager, person: report, reason: 'tooNew' };
  const dropped: AuditCommand = { type: 'drop', person: person('other'), rater: manager };
  expect(after(opening, rated).status).toBe('rating');
  expect(after(opening, rated, dropped)).toMatchObject({ status: 'closed', people: 1 });
  expect(refusal(after(opening, rated, dropped), rated)).toBe('loop.closed');
});

test('what a step has settled is not planned for again by the facts from before it', () => {
  const waiting = [{ person: report, rater: manager, hasLeft: true }];
  const gone = (state: AuditState) =>
    auditPlan
      .moments(state, worldOf({ managers: {}, waiting }))
      .filter(({ command }) => command.type === 'drop');
  expect(gone(after(opening))).toHaveLength(1);
  expect(gone(after(opening, { type: 'drop', person: report, rater: manager }))).toEqual([]);
});

test.each([
  ['too short', { closesAt: at + 4 * day }, 'skillAudit.window'],
  ['too long', { closesAt: at + 61 * day }, 'skillAudit.window'],
  ['nobody', { raters: [] }, 'skillAudit.nobody'],
  [
    'too many',
    {
      raters: Array.from({ length: ratersMax + 1 }, (_, n) => ({
        person: person(`p-${n}`),
        people: 1,
      })),
    },
    'skillAudit.too_many_raters',
  ],
])('%s is refused', (_what, change, code) => {
  expect(refusal(auditRules.initial, { ...opening, ...change })).toBe(code);
});
