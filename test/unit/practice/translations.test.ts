/** Which text of a language is in force, and what waits beside it. */
import { expect, test } from 'vitest';
import { holdable } from '../../../domain/hold.ts';
import { practiceRules as rules } from '../../../domain/practice/decide.ts';
import type { PracticeCommand, PracticeState } from '../../../domain/practice/state.ts';
import {
  after,
  approve,
  cleared,
  content,
  officer,
  proposed,
  reader,
  step,
  text,
  type Told,
} from '../../support/practice-steps.ts';

const refusal = {
  type: 'refuseTranslation',
  locale: 'de',
  content: text,
  note: content('why'),
} as const;

/** The texts of a language: those in force by country, and what waits. */
const texts = ({ state }: Told) =>
  state.translations
    .filter(({ locale }) => locale === 'de')
    .map((one) => [one.status, one.content, ...one.approvedFor].join(' '));
const second = content('second');
const corrected = { ...proposed, actor: reader, content: second };
const approvedIn = (...countries: readonly string[]): PracticeCommand[] => [
  ...cleared,
  proposed,
  { ...approve(officer), countries } as PracticeCommand,
];

test('an approved translation stays in force until its successor is approved, country by country', () => {
  const waiting = step(after(...approvedIn('DE', 'AT')), corrected);
  expect(texts(waiting)).toEqual(['approved translation DE AT', 'proposed second']);
  const third = step(waiting, { ...corrected, content: content('third') });
  expect(texts(third)).toEqual(['approved translation DE AT', 'proposed third']);
  expect(step(third, { ...approve(officer), content: second } as PracticeCommand).said).toBe(
    'practice.source_changed',
  );
  const approves = (countries: readonly string[]): PracticeCommand =>
    ({ ...approve(officer), content: second, countries }) as PracticeCommand;
  const partly = step(waiting, approves(['DE']));
  expect(texts(partly)).toEqual(['approved translation AT', 'approved second DE']);
  expect(texts(step(partly, approves(['AT'])))).toEqual(['approved second DE AT']);
});

test('what waits beside an approved translation is refused without ending it; who approved may end it too', () => {
  const waiting = step(after(...approvedIn('DE')), corrected);
  const refuses = (refusedText: PracticeState['translations'][number]['content']) =>
    step(waiting, {
      type: 'refuseTranslation',
      actor: officer,
      locale: 'de',
      content: refusedText,
      note: content('why'),
    });
  expect(texts(refuses(second))).toEqual(['approved translation DE']);
  expect(texts(refuses(text))).toEqual(['proposed second']);
});

test('of a translation that is in force it is kept how much it matters that it was wrong, of another it is not', () => {
  const wrong = { type: 'refuseTranslation', locale: 'de', content: text, note: content('why') };
  const refused = { ...wrong, actor: officer, severity: 'safety' } as PracticeCommand;
  const said = (commands: readonly PracticeCommand[]) => {
    const decision = rules.decide(after(...commands).state, refused, 9);
    return decision.ok && decision.events.map((event) => 'severity' in event && event.severity);
  };
  expect(said(approvedIn('DE'))).toEqual(['safety']);
  expect(said([...cleared, proposed])).toEqual([false]);
});

test('a translation that is in force no more is called back without ending another', () => {
  const waiting = after(...approvedIn('DE'));
  const gone = {
    ...refusal,
    content: content('gone'),
    actor: officer,
    severity: 'safety',
  } as const;
  const called = step(waiting, gone);
  expect([called.said, texts(called)]).toEqual(['accepted', ['approved translation DE']]);
});

test('what is in force is not proposed again', () => {
  expect(step(after(...approvedIn('DE')), { ...proposed, actor: reader }).said).toBe(
    'practice.translated',
  );
});

test('what is on hold is read meanwhile: a translation that was wrong is called back all the same', () => {
  const held = holdable(rules);
  const before = { state: after(...approvedIn('DE')).state, heldSince: null, pauses: [] };
  const onHold = held.evolve(before, { type: 'held', by: officer }, 5);
  const calls = { ...refusal, actor: officer, severity: 'safety' } as const;
  expect(held.decide(onHold, calls, 9)).toMatchObject({
    ok: true,
    events: [{ type: 'translationRefused', severity: 'safety' }],
  });
  expect(held.decide(onHold, { ...proposed, actor: reader }, 9)).toMatchObject({
    problem: { code: 'loop.held' },
  });
});
