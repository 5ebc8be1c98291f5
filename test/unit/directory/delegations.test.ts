/** Delegations of the organisation's file: as those that people give, none closes a circle. */
import { expect, test } from 'vitest';
import { delegationChainMax } from '../../../domain/people/delegation.ts';
import { type DirectoryFile, findingsOf, put } from '../../support/directory-file.ts';

type Link = readonly [principal: string, delegate: string];

/** Beside the one that is there, of berlin-manager to berlin-lead, and for as long. */
function delegated(file: DirectoryFile, ...links: readonly Link[]): void {
  const [first] = file.delegations;
  for (const [index, [principal, delegate]] of links.entries()) {
    file.delegations.push({ ...first!, id: `more-${index}`, principal, delegate });
  }
}

const errorsOf = (...links: readonly Link[]) =>
  findingsOf((file) => delegated(file, ...links)).errors;

const chain: readonly Link[] = [
  ['tokyo-lead', 'director'],
  ['berlin-lead', 'tokyo-lead'],
  ['director', 'tokyo-manager'],
];

test('a delegation that leads back while it holds is refused where it stands', () => {
  const errors = errorsOf(['berlin-lead', 'tokyo-lead'], ['tokyo-lead', 'berlin-manager']);
  expect(errors).toEqual([
    { path: 'delegations[2].delegate', code: 'delegation_cycle', params: {} },
  ]);
});

test('a chain is as long as one that people give, and no longer', () => {
  expect(errorsOf(...chain)).toEqual([]);
  expect(errorsOf(...chain, ['tokyo-manager', 'dealer-lead'])).toEqual([
    {
      path: 'delegations[4].delegate',
      code: 'delegation_chain_too_long',
      params: { max: delegationChainMax },
    },
  ]);
});

test('a circle of which no instant holds all is none', () => {
  const { errors } = findingsOf((file) => {
    delegated(file, ['berlin-lead', 'berlin-manager']);
    const [from, until] = [file.delegations[0]!.until, '2026-12-06T00:00:00+01:00'];
    put(file.delegations[1]!, { from, until });
  });
  expect(errors).toEqual([]);
});
