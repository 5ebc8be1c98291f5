import { expect, test } from 'vitest';
import { type Asked, planRoute, type RouteStep } from '../../../domain/budget/route.ts';
import type { PersonId, RegionId } from '../../../domain/id.ts';
import type { Role } from '../../../domain/people/role.ts';
import { person } from '../../support/people.ts';

const [riyadh, munich] = ['riyadh', 'munich'] as unknown as readonly [RegionId, RegionId];
type Line = readonly [id: string, manager: string | null, role?: Role, isActive?: boolean];
/** The requester reports to the lead, the lead to the manager, the manager to the director. */
const directory: readonly Line[] = [
  ['director', null],
  ['manager', 'director', 'regional-manager'],
  ['lead', 'manager', 'learning-lead'],
  ['requester', 'lead'],
  ['report', 'requester', 'learning-lead'],
  ['officer', 'director', 'compliance'],
  ['former', 'director', 'compliance', false],
];
const worldWith = (...delegations: readonly (readonly [string, string])[]) => ({
  people: new Map(
    directory.map(([id, manager, role, isActive = true]) => [
      person(id),
      {
        id: person(id),
        isActive,
        manager: manager as PersonId | null,
        roles: role ? [{ role, region: role === 'compliance' ? null : riyadh }] : [],
      },
    ]),
  ),
  delegates: new Map(delegations.map(([from, to]) => [person(from), person(to)])),
});

const request = {
  requester: person('requester'),
  minor: 100_000n,
  kind: 'course',
  region: riyadh,
  involvesProfessionals: false,
};
const always = { from: 0n, kinds: null, regions: null, involvesProfessionals: null };
const step = (needs: RouteStep['needs'], ...asked: readonly Asked[]): RouteStep => ({
  name: 'step',
  asked,
  needs,
});
const role = (name: Role): Asked => ({ role: name });

function routeOf(steps: readonly RouteStep[], { by = 'requester', world = worldWith() } = {}) {
  const route = planRoute([{ ...always, steps }], { ...request, requester: person(by) }, world);
  if (!route.ok) return `nobody for ${route.nobody.name}`;
  return route.steps.map(({ asked, needs }) => [
    needs,
    ...asked.map((one) => `${one.person} ${one.why}`),
  ]);
}

test.for([
  ['whoever holds the office', [step('any', role('regional-manager'))], {}, [[1, 'manager named']]],
  [
    'a holder who reports to the requester is left out',
    [step('all', role('learning-lead'))],
    {},
    [[1, 'lead named']],
  ],
  [
    'the office of the requester goes upward',
    [step('any', role('regional-manager'))],
    { by: 'manager' },
    [[1, 'director upward']],
  ],
  [
    'two of whom one is there are filled up from above',
    [step(2, role('regional-manager'))],
    {},
    [[2, 'manager named', 'lead upward']],
  ],
  [
    'who stands above all has nobody to ask, and nothing is passed',
    [step('any', role('regional-manager'))],
    { by: 'director' },
    'nobody for step',
  ],
  [
    'a delegate is asked in the place of who delegated, to the end of the chain',
    [step('any', role('regional-manager'))],
    { world: worldWith(['manager', 'lead'], ['lead', 'officer']) },
    [[1, 'officer delegate']],
  ],
  [
    'a delegation in a circle is none',
    [step('any', role('regional-manager'))],
    { world: worldWith(['manager', 'lead'], ['lead', 'manager']) },
    [[1, 'manager named']],
  ],
  [
    'a delegation to the requester is none',
    [step('any', role('regional-manager'))],
    { world: worldWith(['manager', 'requester']) },
    [[1, 'manager named']],
  ],
  [
    'a delegation to who reports to the requester is none',
    [step('any', role('regional-manager'))],
    { world: worldWith(['manager', 'report']) },
    [[1, 'manager named']],
  ],
  [
    'who must agree first counts in the later step',
    [
      step('any', role('regional-manager')),
      step('all', role('regional-manager'), role('compliance')),
    ],
    {},
    [
      [1, 'manager named'],
      [1, 'officer named'],
    ],
  ],
  [
    'who need not agree first is asked in the step that needs them',
    [step('any', role('regional-manager'), role('compliance')), step('any', role('compliance'))],
    {},
    [
      [1, 'manager named'],
      [1, 'officer named'],
    ],
  ],
] as const)('%s', ([, steps, options, route]) => {
  expect(routeOf(steps, options)).toEqual(route);
});

test.for([
  ['the amount, in the line’s minor units', { from: 100_001n }],
  ['the kind', { kinds: ['coaching'] }],
  ['the region', { regions: [munich] }],
  ['whether health-care professionals take part', { involvesProfessionals: true }],
] as const)('a layer asks nothing where it does not hold for %s', ([, condition]) => {
  const layer = { ...always, ...condition, steps: [step('any', role('compliance'))] };
  expect(planRoute([layer], request, worldWith())).toEqual({ ok: true, steps: [] });
});

test('whoever is not asked is told of, with the reason', () => {
  const steps = [step('all', role('compliance'), role('learning-lead'), { person: person('x') })];
  const route = planRoute([{ ...always, steps }], request, worldWith(['officer', 'manager']));
  expect(route).toMatchObject({
    steps: [
      {
        leftOut: [
          { person: 'former', why: 'left' },
          { person: 'officer', why: 'delegated' },
          { person: 'report', why: 'reports_to_requester' },
          { person: 'x', why: 'unknown' },
        ],
      },
    ],
  });
});
