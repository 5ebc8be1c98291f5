/** Which step of a practice is taken after which others, and what it is refused by. */
import { expect, test } from 'vitest';
import { practiceLimits } from '../../../domain/exchange/practice.ts';
import { holdable } from '../../../domain/hold.ts';
import type { LoopId } from '../../../domain/id.ts';
import { ableFor } from '../../../domain/practice/able.ts';
import { practiceRules as rules } from '../../../domain/practice/decide.ts';
import {
  type Cleared,
  failuresOverSuccesses,
  notAllowedMax,
  type PracticeCommand,
  type Terms,
} from '../../../domain/practice/state.ts';
import { counted, doubtedBy, startedAnew } from '../../../domain/practice/tally.ts';
import {
  after,
  approve,
  author,
  cleared,
  content,
  doctor,
  draft,
  judge,
  officer,
  proposed,
  review,
  step,
  submit,
  termsOf,
  text,
  type Told,
  translate,
  withdraw,
} from '../../support/practice-steps.ts';

const revised = (terms: Partial<Terms>) =>
  ({ type: 'revise', actor: author, terms: termsOf('one', terms), correction: null }) as const;

const refusal = {
  type: 'refuseTranslation',
  locale: 'de',
  content: text,
  note: content('why'),
} as const;

test.each<[string, readonly PracticeCommand[], PracticeCommand, string]>([
  ['a step before the draft', [], submit, 'loop.not_open'],
  ['a second draft', [draft()], draft(), 'loop.already_open'],
  ['any step after its withdrawal', [draft(), withdraw], submit, 'loop.closed'],
  ['a second submission', [draft(), submit], submit, 'practice.submitted'],
  ['a submission for no country', [draft({ countries: [] })], submit, 'practice.no_scope'],
  ['a submission for no product', [draft({ products: [] })], submit, 'practice.no_scope'],
  ['a review of a draft', [draft()], review('clinical'), 'practice.not_submitted'],
  [
    'a review by its author',
    [draft(), submit],
    review('clinical', { actor: author }),
    'practice.own_review',
  ],
  [
    'a review of a text that is not that of now',
    [draft(), submit],
    review('clinical', { version: 2 }),
    'practice.source_changed',
  ],
  [
    'a second review of the same',
    [draft(), submit, review('clinical')],
    review('clinical'),
    'practice.not_under_review',
  ],
  [
    'a review where it is not asked for',
    [draft(), submit],
    review('clinical', { country: 'US' }),
    'practice.not_under_review',
  ],
  [
    'a refusal without its reason',
    [draft(), submit],
    review('clinical', { isApproved: false }),
    'practice.reason_missing',
  ],
  [
    'the second review of a pair by whoever gave the first',
    [draft(), submit, review('clinical')],
    review('compliance', { actor: doctor }),
    'practice.both_reviews',
  ],
  [
    'a review of it by whoever read it before partners were to',
    [draft(), submit, revised({ isForPartners: true })],
    review('compliance'),
    'practice.source_changed',
  ],
  [
    'a correction that opens it to partners alone',
    cleared,
    {
      ...revised({ isForPartners: true }),
      correction: { severity: 'safety' as const, note: content('n') },
    },
    'practice.nothing_corrected',
  ],
  ['a translation of a draft', [draft()], proposed, 'practice.not_submitted'],
  [
    'a translation into its own language',
    [draft(), submit],
    { ...proposed, locale: 'pt-BR' },
    'practice.own_language',
  ],
  [
    'a translation of the text of before',
    [draft(), submit],
    { ...proposed, sourceHash: 'before' },
    'practice.source_changed',
  ],
  [
    'a machine’s beside what somebody wrote',
    [draft(), submit, proposed],
    { ...translate, content: content('machine') },
    'practice.translated',
  ],
  [
    'the approval of a machine’s text',
    [draft(), submit, { ...translate, content: text }],
    approve(officer),
    'practice.machine_text',
  ],
  [
    'the approval by whoever proposed it',
    [draft(), submit, proposed],
    approve(doctor),
    'practice.own_review',
  ],
  [
    'the approval by the author of the source',
    [draft(), submit, proposed],
    approve(author),
    'practice.own_review',
  ],
  [
    'the approval of a translation whose source has changed a second ago',
    [
      draft(),
      submit,
      proposed,
      { type: 'revise', actor: author, terms: termsOf('two'), correction: null },
    ],
    approve(officer),
    'practice.source_changed',
  ],
  [
    'the approval by whoever read another source than that of now',
    [draft(), submit, proposed],
    { ...approve(officer), sourceHash: 'before' } as PracticeCommand,
    'practice.source_changed',
  ],
  [
    'the approval of another text than the one proposed last',
    [draft(), submit, proposed, { ...proposed, content: content('newer') }],
    approve(officer),
    'practice.source_changed',
  ],
  [
    'a verification where it is not cleared',
    [draft(), submit],
    { type: 'verify', actor: doctor, country: 'DE', version: 1, isValid: true, note: null },
    'practice.not_cleared_there',
  ],
  [
    'a verification by another than its expert',
    cleared,
    { type: 'verify', actor: officer, country: 'DE', version: 1, isValid: true, note: null },
    'practice.not_expert',
  ],
  [
    'a verification that says no without its reason',
    cleared,
    { type: 'verify', actor: doctor, country: 'DE', version: 1, isValid: false, note: null },
    'practice.reason_missing',
  ],
  [
    'a verification of a text of before',
    [...cleared, revised({ isForPartners: true })],
    { type: 'verify', actor: doctor, country: 'DE', version: 1, isValid: true, note: null },
    'practice.source_changed',
  ],
  [
    'the approval of a text that is in force no more',
    [...cleared, proposed],
    { ...approve(officer), content: content('gone') } as PracticeCommand,
    'practice.source_changed',
  ],
  [
    'the refusal of such a text without a word of how much it matters',
    cleared,
    { ...refusal, actor: officer },
    'practice.source_changed',
  ],
  [
    'the recall of such a text by the author of the source',
    cleared,
    { ...refusal, actor: author, severity: 'safety' },
    'practice.own_review',
  ],
  ['a verdict of one’s own', cleared, judge('author', 'worked'), 'practice.own_verdict'],
  ['a verdict of a draft', [draft()], judge('reader', 'worked'), 'practice.not_submitted'],
  [
    'a correction that corrects nothing',
    cleared,
    {
      type: 'revise',
      actor: author,
      terms: termsOf('one'),
      correction: { severity: 'safety', note: content('n') },
    },
    'practice.nothing_corrected',
  ],
  [
    'a correction of what nobody could read',
    [draft(), submit],
    {
      type: 'revise',
      actor: author,
      terms: termsOf('two'),
      correction: { severity: 'safety', note: content('n') },
    },
    'practice.nothing_corrected',
  ],
  [
    'more pairs of country and product than can be looked after',
    [],
    draft({
      countries: Array.from({ length: 9 }, (_, n) => `A${n}`),
      products: ['a', 'b', 'c'],
    }),
    'practice.too_many_scopes',
  ],
])('%s is refused by its name', (_, before, command, code) => {
  expect(step(after(...before), command).said).toBe(code);
});

test('a lesson that another loop gives is drafted with where it is from; what somebody wrote is not', () => {
  const openedBy = 'a loop' as LoopId;
  const given = rules.decide(
    rules.initial,
    { type: 'draft', openedBy, author, terms: termsOf('one') },
    0,
  );
  expect(given).toMatchObject({ ok: true, events: [{ type: 'drafted', author, openedBy }] });
  const own = rules.decide(rules.initial, draft(), 0);
  expect(own.ok && Object.keys(own.events[0] ?? {})).toEqual(['type', 'author', 'terms']);
});

test('a practice has so many versions at most', () => {
  let told = after(draft());
  for (let n = 1; n < practiceLimits.versionsMax; n++) {
    const terms = termsOf(`text ${n}`);
    told = step(told, { type: 'revise', actor: author, terms, correction: null });
  }
  expect(told).toMatchObject({ said: 'accepted', state: { version: practiceLimits.versionsMax } });
  const terms = termsOf('one more');
  const more = step(told, { type: 'revise', actor: author, terms, correction: null });
  expect(more.said).toBe('practice.too_many_versions');
});

test('two more failures than successes open the clinical review, two prohibitions the other, counted anew from then on', () => {
  const first = step(after(...cleared, judge('a', 'worked')), judge('b', 'failed'));
  const status = ({ state }: Told) =>
    state.reviews.filter(({ country }) => country === 'DE').map((one) => one.status);
  expect(status(first)).toEqual(['approved', 'approved']);
  const doubted = step(step(first, judge('c', 'failed')), judge('d', 'failed'));
  expect(status(doubted)).toEqual(['open', 'approved']);
  expect(doubted.state.tallies['DE']).toMatchObject({ worked: 0, failed: 0 });
  const forbidden = step(step(doubted, judge('e', 'not_allowed')), judge('f', 'not_allowed'));
  expect(status(forbidden)).toEqual(['open', 'open']);
});

test('whoever refused one review of a pair may still give the other: that approves nothing twice', () => {
  const refused = review('clinical', { isApproved: false, note: content('why') });
  const told = step(after(draft(), submit, refused), review('compliance', { actor: doctor }));
  expect(told.said).toBe('accepted');
  const key = 'compliance_review/DE/stent';
  const able = { id: doctor, kind: 'compliance', country: 'DE', products: null, locales: [] };
  const { state } = after(draft(), submit, refused);
  expect(ableFor(state, key, [able as Cleared])).toEqual([doctor]);
});

test('what people report counts on where only the audience is another, and anew of another text', () => {
  const judged = after(...cleared, judge('a', 'failed'));
  const failed = ({ state }: Told) => state.tallies['DE']?.failed;
  expect(failed(step(judged, revised({ isForPartners: true })))).toBe(1);
  expect(failed(step(judged, { ...revised({}), terms: termsOf('two') }))).toBe(0);
});

test('a correction may say that it is for fewer', () => {
  const correction = { severity: 'safety', note: content('n') } as const;
  const terms = termsOf('one', { countries: ['JP'] });
  const revised = step(after(...cleared), { type: 'revise', actor: author, terms, correction });
  expect([revised.said, revised.state.version]).toEqual(['accepted', 1]);
});

test('the last word of each counts, unless it was said before the review that it opened', () => {
  const said = { verdict: 'failed', country: 'DE', at: 5 } as const;
  const once = counted({}, said, null);
  expect(once['DE']).toMatchObject({ failed: 1, worked: 0 });
  const turned = counted(once, { verdict: 'worked', country: 'DE' }, said);
  expect(turned['DE']).toMatchObject({ failed: 0, worked: 1 });
  const anew = counted(startedAnew(once, 'DE', 9), { verdict: 'worked', country: 'DE' }, said);
  expect(anew['DE']).toMatchObject({ failed: 0, worked: 1 });
  expect(counted({}, { verdict: 'tried', country: 'DE' }, null)).toEqual({});
});

test('a country that is stale stays so until it is verified, whatever other product is cleared there', () => {
  const products = ['stent', 'valve'];
  const stale = after(
    ...cleared,
    { type: 'fallDue', country: 'DE' },
    { type: 'lapse', country: 'DE', to: null },
    revised({ products }),
    review('clinical', { product: 'valve' }),
    review('compliance', { product: 'valve' }),
  );
  const duty = ({ state }: Told) =>
    state.duties.map(({ country, status }) => `${country} ${status}`);
  expect(duty(stale)).toEqual(['DE stale']);
  const again = { type: 'verify', country: 'DE', isValid: true, note: null } as const;
  expect(duty(step(stale, { ...again, actor: doctor, version: 1 }))).toEqual(['DE current']);
  // A text that is read anew, of every product, is verified by that.
  const anew = [
    { ...revised({ products }), terms: termsOf('two', { products }) },
    ...products.flatMap((product) => [
      review('clinical', { product, version: 2 }),
      review('compliance', { product, version: 2 }),
    ]),
  ];
  const read = anew.reduce((told, command) => step(told, command), stale);
  expect(duty(read)).toEqual(['DE current']);
});

test('a country is doubted by its own reports alone', () => {
  const tally = { since: 0, worked: 1, failed: 0, notAllowed: 0 };
  expect(doubtedBy({ ...tally, failed: failuresOverSuccesses })).toEqual([]);
  expect(doubtedBy({ ...tally, failed: failuresOverSuccesses + 1 })).toEqual(['clinical']);
  expect(doubtedBy({ ...tally, notAllowed: notAllowedMax })).toEqual(['compliance']);
});

test('on hold nothing is done with it, but whoever may withdraws it all the same', () => {
  const held = holdable(rules);
  const at = 1_000;
  const before = { state: after(draft(), submit).state, heldSince: null, pauses: [] };
  const onHold = held.evolve(before, { type: 'held', by: officer }, at);
  expect(held.decide(onHold, review('clinical'), at)).toMatchObject({
    problem: { code: 'loop.held' },
  });
  const decision = held.decide(onHold, withdraw, at + 5);
  if (!decision.ok) throw new Error(decision.problem.code);
  const over = decision.events.reduce((state, event) => held.evolve(state, event, at + 5), onHold);
  expect([held.isClosed(over), over.heldSince, over.pauses]).toEqual([true, null, [[at, at + 5]]]);
});
