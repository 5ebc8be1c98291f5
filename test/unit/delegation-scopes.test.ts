import { expect, test } from 'vitest';
import { delegationScopes } from '../../domain/people/delegation.ts';
import { type Actor, actions, decidesFor } from '../../domain/authority.ts';
import type { PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { loopNames } from '../../domain/loop.ts';
import { textsOf } from '../../locales/checks.ts';

test('a delegation can be given of each loop, under a name of its own', () => {
  const named = [...textsOf('en').keys()].filter((key) => key.startsWith('delegation.scope.'));
  expect(named.sort()).toEqual(delegationScopes.map((scope) => `delegation.scope.${scope}`).sort());
});

const [delegate, principal] = ['delegate', 'principal'] as [PersonId, PersonId];

/** Decides for somebody in one loop, and nowhere else. */
const delegateIn = (loop: (typeof loopNames)[number]): Actor => ({
  id: delegate,
  region: 'world' as RegionId,
  team: 'team' as TeamId,
  teamKind: 'own',
  line: [],
  isActive: true,
  grants: [],
  principals: [],
  principalsIn: { [loop]: [principal] },
});

test('a delegation of one loop reaches the steps of that loop, whichever it is, and no other', () => {
  const reached = loopNames.map((loop) =>
    actions.filter((action) => decidesFor(delegateIn(loop), principal, action)),
  );
  const unreached = loopNames.filter((_loop, index) => reached[index]?.length === 0);
  expect(unreached).toEqual([]);
  const all = reached.flat();
  expect(new Set(all).size).toBe(all.length);
});
