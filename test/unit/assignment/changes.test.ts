/** Terms that change, and what is withdrawn before the first day: whose word it takes. */
import { expect, test } from 'vitest';
import { assignmentRules as rules } from '../../../domain/assignment/decide.ts';
import type { AssignmentCommand, Terms } from '../../../domain/assignment/state.ts';
import type { PersonId } from '../../../domain/id.ts';
import { eve, home, host, other, proposal, terms } from '../../support/assignment-terms.ts';

const sign = (actor: PersonId) => ({ type: 'sign', actor }) as const;

function tell(commands: readonly AssignmentCommand[]) {
  let [state, refused] = [rules.initial, ''];
  for (const [at, command] of commands.entries()) {
    const decision = rules.decide(state, command, at);
    if (decision.ok) state = decision.events.reduce((so, one) => rules.evolve(so, one, at), state);
    else refused = decision.problem.code;
  }
  return { state, refused };
}

test.for<readonly [string, Partial<Terms>]>([
  ['a later end', { lastDay: '2027-06-30' }],
  ['an earlier end', { lastDay: '2027-04-30' }],
  ['other goals', { goals: [{ competency: 'data-storytelling', level: 'beginner' }] }],
  ['another home manager', { home: other }],
  ['another host manager', { host: other }],
])('%s counts once the three whom the new terms name have signed, and not before', ([, given]) => {
  const next = { ...terms, ...given };
  const change = { type: 'change', actor: eve, terms: next } as const;
  const begun = [proposal, ...[eve, home, host].map(sign), { type: 'begin' }, change] as const;
  const three = [eve, next.home, next.host];
  for (const last of three) {
    const others = three.filter((one) => one !== last).map(sign);
    const { state } = tell([...begun, ...others]);
    expect(state.terms).toEqual(terms);
    expect(tell([...begun, ...others, sign(last)]).state).toMatchObject({ pending: null });
    expect(tell([...begun, ...others, sign(last)]).state.terms).toEqual(next);
  }
  for (const former of [home, host].filter((one) => !three.includes(one))) {
    expect(tell([...begun, sign(former)]).refused).toBe('assignment.not_signer');
  }
});

test('that regulations allow it is taken back until the first day, and it does not begin', () => {
  const shadowing = { ...proposal, kind: 'shadowing', compliance: other } as const;
  const looked = { type: 'finishDuty', actor: eve, duty: 'mobility' } as const;
  const agreed = [
    shadowing,
    { type: 'approve', actor: other },
    looked,
    ...[eve, home, host].map(sign),
  ] as const;
  expect(tell(agreed).state.status).toBe('agreed');
  const forbidden = tell([...agreed, { type: 'forbid', actor: other, content: null }]);
  expect([forbidden.state.status, forbidden.refused]).toEqual(['declined', '']);
});
