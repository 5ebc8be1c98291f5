import { expect, test } from 'vitest';
import { delegationScopes } from '../../domain/people/delegation.ts';
import { textsOf } from '../../locales/checks.ts';

test('a delegation can be given of each loop, under a name of its own', () => {
  const named = [...textsOf('en').keys()].filter((key) => key.startsWith('delegation.scope.'));
  expect(named.sort()).toEqual(delegationScopes.map((scope) => `delegation.scope.${scope}`).sort());
});
