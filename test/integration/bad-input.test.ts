import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import type { ProblemCode } from '../../domain/problem.ts';
import { type ApiWorld, type Asking, apiWorld, offer } from '../support/api.ts';
import { berlin, givenAccount, operator, tokyo } from '../support/handoff-organisation.ts';
import { readBack } from '../support/read-back.ts';

let world: ApiWorld;
let account: string;
let accounts = 0;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.drop());
beforeEach(async () => {
  account = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
});

type Titles = Record<string, Record<string, { readonly title: string }>>;
const titlesOf = (locale: string): Titles =>
  JSON.parse(
    readFileSync(new URL(`../../locales/${locale}/problems.json`, import.meta.url), 'utf8'),
  ) as Titles;
const titles = { de: titlesOf('de'), ja: titlesOf('ja'), en: titlesOf('en') };

const transitionsNow = async (): Promise<number> =>
  (await world.db.selectFrom('transition').select('sequence').execute()).length;

/** Its own code, in the caller's language, and nothing of it happened. */
const refusal = (status: number, code: ProblemCode, locale: 'de' | 'ja') => {
  const [area = '', name = ''] = code.split('.');
  const title = titles[locale][area]?.[name]?.title;
  expect(title).not.toBe(titles.en[area]?.[name]?.title);
  return { status, code, title, type: 'application/problem+json', steps: 0 };
};

async function answerTo(path: string, asking: Asking) {
  const before = await transitionsNow();
  const { status, headers, problem } = await world.ask(path, asking);
  const { code, title, detail } = problem;
  expect(detail).not.toMatch(/\{\{|undefined/);
  const steps = (await transitionsNow()) - before;
  return { status, code, title, type: headers.get('content-type'), steps };
}

const post = (as: PersonId, body: unknown): Asking => ({ method: 'POST', as, body });
async function started(): Promise<string> {
  const made = await world.ask('/handoffs', post(berlin.lead, offer(account, tokyo.lead)));
  return (made.json as { id: string }).id;
}
const said = { text: 'The contract is signed.' };

const [action] = offer('an-account', tokyo.lead).actions;

describe('an offer', () => {
  const rows: readonly [string, object, number, ProblemCode][] = [
    ['to somebody nobody knows', { receiver: 'nobody' }, 422, 'person.unknown'],
    ['to its own giver', { receiver: berlin.lead }, 422, 'handoff.same_person'],
    ['of an account nobody knows', { account: 'nowhere' }, 422, 'handoff.account_unknown'],
    ['without a severity', { severity: undefined }, 422, 'request.invalid'],
    ['with 10,000 actions', { actions: Array(10_000).fill(action) }, 413, 'request.body_too_large'],
    [
      'with 10,000 actions of a few letters',
      { actions: Array(10_000).fill('') },
      422,
      'request.invalid',
    ],
    ['for whom one may not decide', { onBehalfOf: tokyo.lead }, 403, 'authority.no_delegation'],
    [
      'with an item owned by somebody nobody knows',
      { actions: [action, { ...action, owner: 'nobody' }] },
      422,
      'person.unknown',
    ],
  ];
  test.each(rows)('%s is refused', async (_name, changes, status, code) => {
    const body = { ...offer(account, tokyo.lead), ...changes };
    expect(await answerTo('/handoffs', post(berlin.lead, body))).toEqual(
      refusal(status, code, 'de'),
    );
  });

  test.each([
    ['left out', {}],
    ['null', { owner: null }],
    ['empty', { owner: '' }],
    ['a space', { owner: ' ' }],
    ['no one of several', { owner: [] }],
  ])('with a packet item owned by nobody, %s, is refused at its place', async (_how, owner) => {
    const actions = [action, { text: 'Call', dueAt: action?.dueAt, ...owner }];
    const body = { ...offer(account, tokyo.lead), actions };
    const asking = post(berlin.lead, body);
    expect(await answerTo('/handoffs', asking)).toEqual(refusal(422, 'request.invalid', 'de'));
    const { problem } = await world.ask('/handoffs', asking);
    expect(problem.errors?.map(({ path }) => path)).toEqual(['body.actions[1].owner']);
  });

  test('of an account that is in another handoff is refused', async () => {
    await started();
    const again = post(berlin.lead, offer(account, tokyo.backup));
    const expected = refusal(409, 'handoff.account_in_handoff', 'de');
    expect(await answerTo('/handoffs', again)).toEqual(expected);
  });

  test('to somebody who never works, or who has left, is refused', async () => {
    const week = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    await world.db.insertInto('working_week').values({ id: 'never', intervals: week }).execute();
    const change = (values: { week_id?: string; left_at?: number }) =>
      world.db.updateTable('person').set(values).where('id', '=', operator).execute();
    const toOperator = post(berlin.lead, offer(account, operator));
    await change({ week_id: 'never' });
    expect(await answerTo('/handoffs', toOperator)).toEqual(
      refusal(422, 'person.no_working_time', 'de'),
    );
    await change({ left_at: world.clock.now() });
    expect(await answerTo('/handoffs', toOperator)).toEqual(refusal(422, 'person.left', 'de'));
  });

  test.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'])(
    'with an action due %s is refused at its place',
    async (dueAt) => {
      const actions = [{ text: 'Call', owner: tokyo.lead, dueAt }];
      const body = { ...offer(account, tokyo.lead), actions };
      const { problem } = await world.ask('/handoffs', post(berlin.lead, body));
      expect(problem.errors).toMatchObject([{ path: 'body.actions[0].dueAt', code: 'too_far' }]);
      expect(problem.errors?.[0]?.detail).toContain('1970');
    },
  );
});

describe('a step', () => {
  test('by somebody else is refused, and so is one before its time', async () => {
    const id = await started();
    const byGiver = refusal(403, 'handoff.not_receiver', 'de');
    expect(await answerTo(`/handoffs/${id}/accept`, post(berlin.lead, readBack))).toEqual(byGiver);
    const byReceiver = refusal(403, 'handoff.not_giver', 'ja');
    expect(await answerTo(`/handoffs/${id}/confirm`, post(tokyo.lead, {}))).toEqual(byReceiver);
    const early = refusal(409, 'handoff.not_read_back', 'de');
    expect(await answerTo(`/handoffs/${id}/confirm`, post(berlin.lead, {}))).toEqual(early);
    const unasked = refusal(409, 'handoff.no_question', 'de');
    expect(await answerTo(`/handoffs/${id}/answer`, post(berlin.lead, said))).toEqual(unasked);
  });

  test('decided upon what has changed since is refused', async () => {
    const id = await started();
    const asking = { ...post(tokyo.lead, readBack), headers: { 'if-match': '"99"' } };
    const stale = refusal(412, 'request.revision_stale', 'ja');
    expect(await answerTo(`/handoffs/${id}/accept`, asking)).toEqual(stale);
    const unreadable = { ...asking, headers: { 'if-match': 'W/"1"' } };
    const invalid = refusal(400, 'request.if_match_invalid', 'ja');
    expect(await answerTo(`/handoffs/${id}/accept`, unreadable)).toEqual(invalid);
  });

  test('after the end is refused', async () => {
    const id = await started();
    await world.ask(`/handoffs/${id}/withdraw`, post(berlin.lead, said));
    const over = refusal(409, 'loop.closed', 'ja');
    expect(await answerTo(`/handoffs/${id}/accept`, post(tokyo.lead, readBack))).toEqual(over);
  });

  test('of no handoff, or one that may not be seen, is not found', async () => {
    const missing = refusal(404, 'request.not_found', 'ja');
    expect(await answerTo(`/handoffs/${randomUUID()}/accept`, post(tokyo.lead, readBack))).toEqual(
      missing,
    );
  });
});

describe('what cannot be read', () => {
  const large = `{"summary":"${'a'.repeat(30_000_000)}"}`;
  const deep = '['.repeat(100_000);
  const rows: readonly [string, Asking, number, ProblemCode][] = [
    ['half a JSON', { text: '{"account":' }, 400, 'request.malformed_json'],
    ['30 MB', { text: large }, 413, 'request.body_too_large'],
    ['nested lists', { text: deep }, 400, 'request.too_deep'],
    ['no key', { key: null }, 400, 'request.idempotency_key_missing'],
    ['a key that is none', { key: 'short' }, 400, 'request.idempotency_key_invalid'],
    ['XML', { headers: { 'content-type': 'text/xml' } }, 415, 'request.media_type'],
    ['a packed body', { headers: { 'content-encoding': 'gzip' } }, 415, 'request.media_type'],
  ];
  test.each(rows)('such as %s is refused', async (_name, asking, status, code) => {
    const whole = { ...post(berlin.lead, offer(account, tokyo.lead)), ...asking };
    expect(await answerTo('/handoffs', whole)).toEqual(refusal(status, code, 'de'));
  });

  test('such as a key that was used for another request is refused', async () => {
    const key = randomUUID();
    const first = { ...post(berlin.lead, offer(account, tokyo.lead)), key };
    expect((await world.ask('/handoffs', first)).status).toBe(201);
    const other = { ...first, body: { ...offer(account, tokyo.lead), summary: 'Other.' } };
    const reused = refusal(422, 'request.idempotency_key_reused', 'de');
    expect(await answerTo('/handoffs', other)).toEqual(reused);
  });

  test.each([
    ['/accounts/x?at=0000-01-01T00:00:00Z', 'query.at'],
    ['/people/berlin-lead/absences?since=0000-01-01', 'query.since'],
  ])('such as the time in %s is refused at its place', async (path, place) => {
    const { status, problem } = await world.ask(path, { as: berlin.lead });
    expect([status, problem.errors?.[0]?.path]).toEqual([422, place]);
  });
});

describe('somebody whose token is', () => {
  const stranger = (token?: string): Asking => ({
    ...(token !== undefined && { token }),
    headers: { 'accept-language': 'fr;q=0.2, ja' },
  });
  const subject = `subject-of-${berlin.lead}`;
  const seconds = () => Math.floor(world.clock.now() / 1_000);
  const rows: readonly [string, () => Promise<string | undefined>, ProblemCode][] = [
    ['missing', async () => undefined, 'identity.missing'],
    [
      'over',
      () => world.tokens.of(subject, { claims: { exp: seconds() - 3_600 } }),
      'identity.token_expired',
    ],
    [
      'forged',
      async () => world.tokens.of(subject, { key: (await generateKeyPair('RS256')).privateKey }),
      'identity.token_invalid',
    ],
    ['nobody’s', () => world.tokens.of('stranger'), 'identity.unknown_person'],
  ];
  test.each(rows)('%s is told so in the language they ask for', async (_name, token, code) => {
    expect(await answerTo('/handoffs', stranger(await token()))).toEqual(refusal(401, code, 'ja'));
  });
});
