import { expect, test } from 'vitest';
import { explainPractice } from '../../../domain/practice/explain.ts';
import type { PersonId } from '../../../domain/id.ts';
import type { Moment } from '../../../domain/loop.ts';
import type { ClockCommand, PracticeState } from '../../../domain/practice/state.ts';
import { lackingIn } from '../../support/catalogue.ts';
import { after, cleared, draft, submit, withdraw } from '../../support/practice-steps.ts';

const explained = (
  state: PracticeState,
  commands: readonly ClockCommand[] = [],
  heldSince: number | null = null,
) => {
  const moments = commands.map((command, at): Moment<ClockCommand> => ({
    id: `${at}`,
    at,
    rank: 0,
    command,
  }));
  const sentences = explainPractice({ state, heldSince, pauses: [] }, moments);
  for (const { key, params } of sentences) expect(lackingIn(key, params)).toEqual([]);
  return sentences.map(({ key, params }) => [key.split('.').at(-1), params] as const);
};
const names = (said: ReturnType<typeof explained>) => said.map(([name]) => name);

test('a draft, what is withdrawn and what is on hold wait for nobody', () => {
  expect(names(explained(after(draft()).state))).toEqual(['draft']);
  expect(names(explained(after(draft(), withdraw).state))).toEqual(['withdrawn']);
  expect(names(explained(after(draft(), submit).state, [], 5))).toEqual(['open', 'held']);
});

test('whom each review waits for is said with its place, and what follows if they stay silent', () => {
  const key = 'clinical_review/DE/stent';
  const to = 'doctor' as PersonId;
  const assign: ClockCommand = { type: 'assign', assignments: [{ key, to, steward: null }] };
  const { state } = after(draft({ countries: ['DE'] }), submit, assign);
  const next: ClockCommand[] = [
    { type: 'remind', key, percent: 50 },
    { type: 'pass', key, to: 'second' as PersonId },
    { type: 'escalate', key, to: null },
  ];
  const said = explained(state, next);
  expect(names(said)).toEqual(['open', 'asked', 'nobody', 'pass', 'escalate']);
  const about = { task: { term: 'page.task.clinical_review' }, place: { country: 'DE' } };
  expect(said[1]?.[1]).toEqual({ ...about, product: 'stent', person: { person: 'doctor' } });
  expect(said[3]?.[1]).toMatchObject({ person: { person: 'second' }, at: { instant: 1 } });
});

test('when a country is asked again, and what happens there if nobody verifies it', () => {
  const { state } = after(...cleared);
  const due: ClockCommand[] = [
    { type: 'fallDue', country: 'DE' },
    { type: 'lapse', country: 'JP', to: null },
  ];
  const said = explained(state, due).slice(-2);
  expect(said).toEqual([
    ['fallDue', { at: { instant: 0 }, country: { country: 'DE' } }],
    ['lapse', { at: { instant: 1 }, country: { country: 'JP' } }],
  ]);
});
