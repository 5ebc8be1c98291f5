import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../../channels/channel.ts';
import { enterAbsence } from '../../db/absences.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { digestFacts } from '../../db/digests.ts';
import { digestsOf } from '../../db/digest-list.ts';
import { recall } from '../../db/practice-recalls.ts';
import type { PersonId } from '../../domain/id.ts';
import { digestKey } from '../../locales/digest.ts';
import { givenPractice, losesClearance } from '../support/markets.ts';
import { digestStage, type DigestStage, unknownFate, refusal } from '../support/digest-stage.ts';

let stage: DigestStage;
beforeAll(async () => {
  stage = await digestStage();
});
afterAll(() => stage.stop());

test('whoever is new is planned, and a tick with nobody due does nothing', async () => {
  expect(await stage.collect()).toMatchObject({ planned: 5, composed: 0, hasMore: false });
  expect(await stage.collect()).toMatchObject({
    planned: 0,
    composed: 0,
    suppressed: 0,
    skipped: 0,
  });
});

test('a practice reaches those it is cleared for, each in their language at their hour', async () => {
  const practice = await givenPractice(stage.database.db, {
    author: 'ana',
    publishedAt: stage.clock.now(),
    countries: ['DE', 'JP', 'BR'],
    locale: 'pt-BR',
    text: { title: 'Uma lista antes do implante' },
    translations: { de: { title: 'Eine Liste vor dem Implantat' } },
  });
  stage.goTo('2027-03-04T00:02:00Z');
  expect(await stage.collect()).toMatchObject({ composed: 1, suppressed: 0 });
  expect(await stage.deliverAll()).toEqual(['sent']);
  // No text in Japanese is approved: the source is shown, and said to be in another language.
  expect(stage.mailsTo('kenji')[0]?.text).toContain('Uma lista antes do implante');
  expect(stage.mailsTo('kenji')[0]?.text).toContain('ポルトガル語 (ブラジル)');
  expect(stage.mailsTo('kenji')[0]?.html).toMatch(
    /<html lang="ja" dir="ltr">.* lang="pt-BR" dir="ltr"/s,
  );

  stage.goTo('2027-03-04T08:04:00Z');
  expect(await stage.collect()).toMatchObject({ composed: 1, suppressed: 1 });
  await stage.deliverAll();
  expect(stage.mailsTo('anna')[0]?.text).toContain('Eine Liste vor dem Implantat');
  expect(stage.mailsTo('anna')[0]?.text).not.toContain('Uma lista');
  // Partners pass the same gate: it is not for them.
  expect(await stage.digests('paula')).toMatchObject([
    { status: 'suppressed', reason: 'nothing_new' },
  ]);

  stage.goTo('2027-03-04T14:04:00Z');
  await stage.collect();
  await stage.deliverAll();
  // Its author knows it already, and it is not cleared for the United States.
  expect(await stage.digests('ana')).toMatchObject([{ status: 'suppressed' }]);
  expect(await stage.digests('john')).toMatchObject([{ status: 'suppressed' }]);
  expect([stage.mailsTo('ana'), stage.mailsTo('john')]).toEqual([[], []]);
  expect(await stage.deliveries('anna')).toEqual([{ practice, locale: 'de', via: 'digest' }]);
  expect(await stage.deliveries('kenji')).toEqual([{ practice, locale: 'pt-BR', via: 'digest' }]);
});

test('a digest says how it is ended, and nothing else does', () => {
  const head = stage.mailsTo('anna')[0]?.raw.toString();
  expect(head).toContain('List-Unsubscribe: <https://meridian.test/unsubscribe/anna>');
  expect(head).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  expect(stage.mailsTo('anna')[0]?.text).toContain('https://meridian.test/unsubscribe/anna');
});

test('what was seen before does not come again, and an empty digest is not sent', async () => {
  stage.goTo('2027-03-11T08:04:00Z');
  await stage.collect();
  expect((await stage.digests('anna')).at(-1)).toMatchObject({
    period: '2027-03-08',
    status: 'suppressed',
    reason: 'nothing_new',
  });
});

test('clearance lost between composing and sending leaves the item out, and its reader has it never', async () => {
  const { db } = stage.database;
  const at = stage.clock.now();
  const both = { author: 'ana', publishedAt: at, countries: ['DE', 'BR'] };
  const lost = await givenPractice(db, { ...both, text: { title: 'Soon not cleared' } });
  const kept = await givenPractice(db, {
    ...both,
    text: { title: 'Still cleared <img src=x onerror=alert(1)>' },
  });
  stage.goTo('2027-03-18T08:04:00Z');
  expect(await stage.collect()).toMatchObject({ composed: 1 });
  await losesClearance(db, lost, 'DE');
  expect(await stage.deliverAll()).toEqual(['sent']);
  expect(stage.mailsTo('anna').at(-1)?.text).toContain('Still cleared');
  expect(stage.mailsTo('anna').at(-1)?.text).not.toContain('Soon not cleared');
  // What people wrote is shown, and not obeyed.
  expect(stage.mailsTo('anna').at(-1)?.html).toContain('Still cleared &lt;img src=x');
  expect(stage.mailsTo('anna').at(-1)?.html).not.toContain('<img src=x');
  expect((await stage.deliveries('anna')).map(({ practice }) => practice)).not.toContain(lost);
  expect((await stage.deliveries('anna')).map(({ practice }) => practice)).toContain(kept);
});

test('where nothing is left, nothing is sent, and the digest says why', async () => {
  const { db } = stage.database;
  const at = stage.clock.now();
  const only = await givenPractice(db, { author: 'ana', publishedAt: at, countries: ['DE'] });
  stage.goTo('2027-03-25T08:04:00Z');
  await stage.collect();
  await losesClearance(db, only, 'DE');
  const before = stage.mailsTo('anna').length;
  expect(await stage.deliverAll()).toEqual(['cancelled']);
  expect(stage.mailsTo('anna').length).toBe(before);
  expect((await stage.digests('anna')).at(-1)).toMatchObject({
    status: 'suppressed',
    reason: 'digest_empty',
  });
});

test('what may have arrived counts as received, and what was refused does not, whatever becomes of the digest then', async () => {
  const { db } = stage.database;
  const fates = [
    { person: 'john', country: 'US', at: '2027-03-25T13:04:00Z', fate: refusal },
    { person: 'kenji', country: 'JP', at: '2027-04-01T00:04:00Z', fate: unknownFate },
  ] as const;
  for (const { person, country, at, fate } of fates) {
    const practice = await givenPractice(db, {
      author: 'ana',
      publishedAt: stage.clock.now(),
      countries: [country],
    });
    stage.goTo(at);
    expect(await stage.collect()).toMatchObject({ composed: 1 });
    const due = stage.planned;
    await expect(
      stage.deliverAll({ ...stage.email, send: () => Promise.resolve(fate) }),
    ).rejects.toThrow(fate.code);
    await stage.wishes(person, { every: 'never', weekday: 4, minute: 540 });
    stage.planned = due;
    expect(await stage.deliverAll()).toEqual(['cancelled']);
    const had = (await stage.deliveries(person)).filter((one) => one.practice === practice);
    expect([person, had.length]).toEqual([person, fate.mayHaveArrived ? 1 : 0]);
    const called = { kind: 'withdrawn', severity: 'safety', beforeVersion: 2 } as const;
    const told = await db
      .transaction()
      .execute((tx) => recall(tx, { id: practice, at: stage.clock.now(), ...called }));
    expect([person, told.length]).toEqual([person, fate.mayHaveArrived ? 1 : 0]);
    const [last] = await digestsOf(db, person as PersonId, 1);
    expect(last).toMatchObject({ status: 'suppressed', items: fate.mayHaveArrived ? 1 : 0 });
    await stage.wishes(person, null);
  }
});

test('what was frozen and is not readable any more is made anew without it before another try', async () => {
  const { db } = stage.database;
  const given = { author: 'ana', publishedAt: stage.clock.now(), countries: ['DE'] };
  const lost = await givenPractice(db, { ...given, text: { title: 'Withdrawn in between' } });
  await givenPractice(db, { ...given, text: { title: 'Left in it' } });
  stage.goTo('2027-04-01T07:04:00Z');
  await stage.collect();
  const [notice] = stage.planned;
  let isDown = true;
  const flaky: Channel = {
    ...stage.email,
    send: (bytes, address) =>
      isDown ? Promise.resolve(unknownFate) : stage.email.send(bytes, address),
  };
  await expect(stage.deliverAll(flaky)).rejects.toThrow('down');
  await losesClearance(db, lost, 'DE');
  isDown = false;
  stage.planned = [notice!];
  expect(await stage.deliverAll(flaky)).toEqual(['sent']);
  expect(stage.mailsTo('anna').at(-1)?.text).toContain('Left in it');
  expect(stage.mailsTo('anna').at(-1)?.text).not.toContain('Withdrawn in between');
});

test('a digest that reached nobody calls nobody back, and what was in it comes again', async () => {
  const { db } = stage.database;
  await givenPractice(db, { author: 'ana', publishedAt: stage.clock.now(), countries: ['DE'] });
  stage.goTo('2027-04-08T07:04:00Z');
  await stage.collect();
  const before = (await stage.deliveries('anna')).length;
  const refusing: Channel = {
    ...stage.email,
    send: () => Promise.resolve({ outcome: 'permanent', code: 'unknown_user' }),
  };
  expect(await stage.deliverAll(refusing)).toEqual(['failed']);
  expect((await stage.deliveries('anna')).length).toBe(before);
  stage.goTo('2027-04-15T07:04:00Z');
  expect(await stage.collect()).toMatchObject({ composed: 1 });
  expect(await stage.deliverAll()).toEqual(['sent']);
});

test('ended or left between composing and sending, nothing is sent', async () => {
  const { db } = stage.database;
  await givenPractice(db, {
    author: 'ana',
    publishedAt: stage.clock.now(),
    countries: ['DE', 'JP'],
  });
  stage.goTo('2027-04-22T00:04:00Z');
  await stage.collect();
  await stage.wishes('kenji', { every: 'never', weekday: 4, minute: 540 });
  expect(await stage.deliverAll()).toEqual(['cancelled']);
  expect((await stage.digests('kenji')).at(-1)).toMatchObject({ reason: 'digests_ended' });
  stage.goTo('2027-04-22T07:04:00Z');
  await stage.collect();
  await db
    .updateTable('person')
    .set({ left_at: stage.clock.now() })
    .where('id', '=', 'anna')
    .execute();
  expect(await stage.deliverAll()).toEqual(['cancelled']);
  expect((await stage.digests('anna')).at(-1)).toMatchObject({ reason: 'recipient_left' });
  await db.updateTable('person').set({ left_at: null }).where('id', '=', 'anna').execute();
});

test('a rhythm changed minutes before counts at once, and a leave entered then moves it', async () => {
  const { db } = stage.database;
  stage.goTo('2027-04-28T07:00:00Z');
  await stage.collect();
  await givenPractice(db, { author: 'ana', publishedAt: stage.clock.now(), countries: ['DE'] });
  stage.goTo('2027-04-29T06:58:00Z');
  await stage.wishes('anna', { every: 'day', weekday: 1, minute: 600 });
  stage.goTo('2027-04-29T07:04:00Z');
  expect(await stage.collect()).toMatchObject({ composed: 0 });
  stage.goTo('2027-04-29T07:58:00Z');
  await enterAbsence(db, {
    id: 'spring',
    person: 'anna' as PersonId,
    by: 'anna' as PersonId,
    firstDay: '2027-04-29',
    lastDay: '2027-05-02',
    fromMinute: null,
    untilMinute: null,
    at: stage.clock.now(),
  });
  stage.goTo('2027-04-29T08:04:00Z');
  expect(await stage.collect()).toMatchObject({ composed: 0 });
  stage.goTo('2027-05-03T07:04:00Z');
  expect(await stage.collect()).toMatchObject({ composed: 1 });
  await stage.deliverAll();
  expect((await stage.digests('anna')).at(-1)).toMatchObject({ every: 'day', status: 'composed' });
});

test('each that would be later than twelve hours is skipped with its reason, and the next one comes', async () => {
  stage.goTo('2027-05-06T07:30:00Z');
  await stage.collect();
  const kept = await stage.digests('anna');
  const late = { every: 'day', reason: 'late' };
  expect(kept.filter(({ status }) => status === 'skipped')).toMatchObject([
    { ...late, period: '2027-05-03' },
    { ...late, period: '2027-05-04' },
    { ...late, period: '2027-05-05' },
  ]);
});

test('a digest goes out by itself, beside whatever else comes due for its reader', async () => {
  const { db } = stage.database;
  const at = Date.parse('2027-05-10T08:04:00Z');
  await givenPractice(db, { author: 'ana', publishedAt: at - 1, countries: ['DE'] });
  stage.clock.moveTo(at);
  await stage.collect();
  const to = 'anna' as PersonId;
  const params = { account: 'St. Hedwig', person: 'Ana' };
  const other = plainNotice({ to, key: 'handoff.declined', params, sendAt: at });
  await db
    .transaction()
    .execute((tx) => insertNotices(tx, { id: null, sequence: null, at, notices: [other] }));
  const before = stage.mailsTo('anna').length;
  expect(await stage.deliverAll()).toEqual(['sent']);
  stage.planned = [other.id];
  stage.clock.moveTo(at + 61_000);
  expect(await stage.deliverAll()).toEqual(['sent']);
  const mails = stage.mailsTo('anna').slice(before);
  const isDigest = mails.map(({ raw }) => raw.toString().includes('List-Unsubscribe:'));
  expect(isDigest).toEqual([true, false]);
});

test('two who collect at once make one digest of each period', async () => {
  const { db } = stage.database;
  await givenPractice(db, {
    author: 'ana',
    publishedAt: stage.clock.now(),
    countries: ['DE', 'US'],
  });
  stage.goTo('2027-05-13T13:30:00Z');
  await Promise.all([stage.collect(), stage.collect(), stage.collect()]);
  const rows = await db.selectFrom('digest').select(['person_id', 'every', 'period']).execute();
  const keys = rows.map(({ person_id: person, every, period }) => `${person}/${every}/${period}`);
  expect(new Set(keys).size).toBe(keys.length);
  const notices = await db
    .selectFrom('notice')
    .select('id')
    .where('status', '=', 'planned')
    .where('key', '=', digestKey)
    .execute();
  expect(notices.length).toBe(stage.planned.length);
  expect((await stage.deliverAll()).every((outcome) => outcome === 'sent')).toBe(true);
});

test('whoever moves to another zone between two slots of a period has no second digest of it', async () => {
  const { db } = stage.database;
  stage.goTo('2027-05-20T13:04:00Z');
  await givenPractice(db, { author: 'ana', publishedAt: stage.clock.now(), countries: ['US'] });
  const before = (await stage.digests('john')).length;
  await stage.collect();
  expect((await stage.digests('john')).slice(before)).toMatchObject([{ period: '2027-05-17' }]);
  await givenPractice(db, { author: 'ana', publishedAt: stage.clock.now(), countries: ['US'] });
  // There it is Thursday before nine again, of the same week.
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('person')
      .set({ zone: 'Pacific/Honolulu' })
      .where('id', '=', 'john')
      .execute();
    const people = ['john' as PersonId];
    await recordCalendarChange(tx, { reason: 'directory', people, at: stage.clock.now() });
  });
  stage.goTo('2027-05-20T19:04:00Z');
  await stage.collect();
  expect((await stage.digests('john')).slice(before)).toHaveLength(1);
  stage.goTo('2027-05-27T19:04:00Z');
  await stage.collect();
  expect((await stage.digests('john')).slice(before).map(({ period }) => period)).toEqual([
    '2027-05-17',
    '2027-05-24',
  ]);
});

test('a digest shows each of its items, however little its channel does, and the most of each where it can', async () => {
  const { db } = stage.database;
  stage.goTo('2027-06-03T06:00:00Z');
  await stage.wishes('anna', { every: 'week', weekday: 4, minute: 540 });
  await stage.collect();
  const long = Array.from({ length: 60 }, (_, n) => `Sentence ${n} of what was done.`).join(' ');
  const titles = [1, 2, 3, 4, 5].map((n) => `Number ${n} of five`);
  for (const title of titles) {
    const text = { title, situation: long, action: long, result: long };
    const publishedAt = stage.clock.now();
    await givenPractice(db, { author: 'ana', publishedAt, countries: ['DE', 'US'], text });
  }
  const textsBy = async (textLengthMax: number) => {
    const texts: string[] = [];
    const compose: Channel['compose'] = (letter) => {
      texts.push(letter.rendered.text);
      return stage.email.compose(letter);
    };
    await stage.collect();
    await stage.deliverAll({ ...stage.email, textLengthMax, compose });
    return texts;
  };
  stage.goTo('2027-06-03T07:04:00Z');
  const [whole = ''] = await textsBy(Infinity);
  expect(whole.length).toBeGreaterThan(6_000);
  stage.goTo('2027-06-03T19:04:00Z');
  const [narrow = ''] = await textsBy(3_000);
  expect(narrow.length).toBeLessThanOrEqual(3_000);
  for (const title of titles)
    expect([whole, narrow]).toEqual(Array(2).fill(expect.stringContaining(title)));
  expect(narrow.match(/\/tasks\//g)).toHaveLength(5);
  expect(narrow).toContain('Sentence 0');
});

test('the wish of a region holds from the first minute of its day there, not of the day in Greenwich', async () => {
  const { db } = stage.database;
  const begins = { key: 'digest.wish', region_id: 'japan', valid_from: '2027-06-05' };
  const value = { every: 'day', at: '10:00' };
  await db
    .insertInto('policy')
    .values({ ...begins, value })
    .execute();
  const wish = (person: string, at: string) =>
    db
      .transaction()
      .execute(
        async (tx) => (await digestFacts(tx, person as PersonId, Date.parse(at)))?.wish.every,
      );
  for (const person of ['kenji', 'anna']) await stage.wishes(person, null);
  const hour = '2027-06-04T15:00:00Z';
  expect(await wish('kenji', '2027-06-04T14:59:59Z')).toBe('week');
  expect([await wish('kenji', hour), await wish('anna', hour)]).toEqual(['day', 'week']);
  // Whoever was planned before is planned anew then, and not at the end of the old plan.
  const planned = async (at: string) => {
    stage.goTo(at);
    await stage.collect();
    const plans = db.selectFrom('digest_plan').select(['person_id', 'every', 'next_digest_at']);
    return (await plans.where('person_id', '=', 'kenji').execute())[0];
  };
  expect(await planned('2027-06-04T14:59:59Z')).toMatchObject({ every: 'week' });
  // Saturday's slot, moved to when he works.
  const next_digest_at = Date.parse('2027-06-07T00:00:00Z');
  expect(await planned(hour)).toMatchObject({ every: 'day', next_digest_at });
});
