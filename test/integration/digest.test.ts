import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver, type DeliveryOutcome } from '../../activities/deliver.ts';
import { createCollectDigests } from '../../activities/digest/collect.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { enterAbsence } from '../../db/absences.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { digestsOf } from '../../db/digest-list.ts';
import { lockDigests } from '../../db/digests.ts';
import { recordDelivery } from '../../db/practice-deliveries.ts';
import { recall } from '../../db/practice-recalls.ts';
import { savePreferences } from '../../db/preferences.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import type { DigestWish } from '../../domain/people/preferences.ts';
import { digestKey } from '../../locales/digest.ts';
import { readingMinutes } from '../../locales/reading.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { mailFrom } from '../support/mail-stage.ts';
import { givenMarkets, givenPractice, losesClearance } from '../support/markets.ts';
import { storyClock } from '../support/story-clock.ts';

/** A Monday; digests come on Thursdays at nine unless somebody says otherwise. */
const monday = Date.parse('2027-03-01T06:00:00Z');
const clock = storyClock(monday);

let database: TestDatabase;
let sink: MailSink;
let email: Channel;
let planned: NoticeId[] = [];
beforeAll(async () => {
  database = await testDatabase();
  await givenMarkets(database.db, [
    { id: 'anna', market: 'dach' },
    { id: 'kenji', market: 'japan' },
    { id: 'ana', market: 'brazil' },
    { id: 'john', market: 'america' },
    { id: 'paula', market: 'dach', isPartner: true },
  ]);
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom });
});
afterAll(async () => {
  email.close();
  await sink.stop();
  await database.drop();
});

const collect = () => {
  const { db } = database;
  const startDeliveries = (ids: readonly NoticeId[]) => void planned.push(...ids);
  return createCollectDigests({ db, clock, startDeliveries })();
};

/** Sends whatever the last tick planned. */
async function deliverAll(by: Channel = email): Promise<readonly DeliveryOutcome[]> {
  const deliver = createDeliver({
    db: database.db,
    clock,
    channels: { email: by },
    publicUrl: 'https://meridian.test',
    unsubscribeUrl: (person) => `https://meridian.test/unsubscribe/${person}`,
  });
  const mine = planned;
  planned = [];
  return Promise.all(mine.map((noticeId) => deliver({ noticeId, revision: 1 })));
}

const wishes = (person: string, digest: DigestWish | null) =>
  savePreferences(database.db, {
    person: person as PersonId,
    at: clock.now(),
    said: { channels: null, quiet: null, hourCycle: null, digest },
  });

const digests = (person: string) =>
  database.db
    .selectFrom('digest')
    .select(['period', 'status', 'reason', 'every'])
    .where('person_id', '=', person)
    .orderBy('period')
    .execute();

const deliveries = async (person: string) => {
  const rows = await database.db
    .selectFrom('practice_delivery')
    .select(['practice_id', 'locale', 'via'])
    .where('person_id', '=', person)
    .execute();
  return rows.map(({ practice_id: practice, locale, via }) => ({ practice, locale, via }));
};

const mailsTo = (person: string) =>
  sink.messages().filter(({ to }) => to.includes(`${person}@example.test`));

function goTo(at: string): void {
  clock.moveTo(Date.parse(at));
}

test('whoever is new is planned, and a tick with nobody due does nothing', async () => {
  expect(await collect()).toMatchObject({ planned: 5, composed: 0, hasMore: false });
  expect(await collect()).toMatchObject({ planned: 0, composed: 0, suppressed: 0, skipped: 0 });
});

test('a practice reaches those it is cleared for, each in their language at their hour', async () => {
  const practice = await givenPractice(database.db, {
    author: 'ana',
    publishedAt: clock.now(),
    countries: ['DE', 'JP', 'BR'],
    locale: 'pt-BR',
    text: { title: 'Uma lista antes do implante' },
    translations: { de: { title: 'Eine Liste vor dem Implantat' } },
  });
  goTo('2027-03-04T00:02:00Z');
  expect(await collect()).toMatchObject({ composed: 1, suppressed: 0 });
  expect(await deliverAll()).toEqual(['sent']);
  // No text in Japanese is approved: the source is shown, and said to be in another language.
  expect(mailsTo('kenji')[0]?.text).toContain('Uma lista antes do implante');
  expect(mailsTo('kenji')[0]?.text).toContain('ポルトガル語 (ブラジル)');

  goTo('2027-03-04T08:04:00Z');
  expect(await collect()).toMatchObject({ composed: 1, suppressed: 1 });
  await deliverAll();
  expect(mailsTo('anna')[0]?.text).toContain('Eine Liste vor dem Implantat');
  expect(mailsTo('anna')[0]?.text).not.toContain('Uma lista');
  // Partners pass the same gate: it is not for them.
  expect(await digests('paula')).toMatchObject([{ status: 'suppressed', reason: 'nothing_new' }]);

  goTo('2027-03-04T14:04:00Z');
  await collect();
  await deliverAll();
  // Its author knows it already, and it is not cleared for the United States.
  expect(await digests('ana')).toMatchObject([{ status: 'suppressed' }]);
  expect(await digests('john')).toMatchObject([{ status: 'suppressed' }]);
  expect([mailsTo('ana'), mailsTo('john')]).toEqual([[], []]);
  expect(await deliveries('anna')).toEqual([{ practice, locale: 'de', via: 'digest' }]);
  expect(await deliveries('kenji')).toEqual([{ practice, locale: 'pt-BR', via: 'digest' }]);
});

test('a digest says how it is ended, and nothing else does', () => {
  const head = mailsTo('anna')[0]?.raw.toString();
  expect(head).toContain('List-Unsubscribe: <https://meridian.test/unsubscribe/anna>');
  expect(head).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  expect(mailsTo('anna')[0]?.text).toContain('https://meridian.test/unsubscribe/anna');
});

test('what was seen before does not come again, and an empty digest is not sent', async () => {
  goTo('2027-03-11T08:04:00Z');
  await collect();
  expect((await digests('anna')).at(-1)).toMatchObject({
    period: '2027-03-08',
    status: 'suppressed',
    reason: 'nothing_new',
  });
});

test('clearance lost between composing and sending leaves the item out, and its reader has it never', async () => {
  const { db } = database;
  const at = clock.now();
  const both = { author: 'ana', publishedAt: at, countries: ['DE', 'BR'] };
  const lost = await givenPractice(db, { ...both, text: { title: 'Soon not cleared' } });
  const kept = await givenPractice(db, {
    ...both,
    text: { title: 'Still cleared <img src=x onerror=alert(1)>' },
  });
  goTo('2027-03-18T08:04:00Z');
  expect(await collect()).toMatchObject({ composed: 1 });
  await losesClearance(db, lost, 'DE');
  expect(await deliverAll()).toEqual(['sent']);
  expect(mailsTo('anna').at(-1)?.text).toContain('Still cleared');
  expect(mailsTo('anna').at(-1)?.text).not.toContain('Soon not cleared');
  // What people wrote is shown, and not obeyed.
  expect(mailsTo('anna').at(-1)?.html).toContain('Still cleared &lt;img src=x');
  expect(mailsTo('anna').at(-1)?.html).not.toContain('<img src=x');
  expect((await deliveries('anna')).map(({ practice }) => practice)).not.toContain(lost);
  expect((await deliveries('anna')).map(({ practice }) => practice)).toContain(kept);
});

test('where nothing is left, nothing is sent, and the digest says why', async () => {
  const { db } = database;
  const at = clock.now();
  const only = await givenPractice(db, { author: 'ana', publishedAt: at, countries: ['DE'] });
  goTo('2027-03-25T08:04:00Z');
  await collect();
  await losesClearance(db, only, 'DE');
  const before = mailsTo('anna').length;
  expect(await deliverAll()).toEqual(['cancelled']);
  expect(mailsTo('anna').length).toBe(before);
  expect((await digests('anna')).at(-1)).toMatchObject({
    status: 'suppressed',
    reason: 'digest_empty',
  });
});

/** A try that ends with the connection, and one that was answered with a refusal. */
const unknownFate = { outcome: 'temporary', code: 'down', mayHaveArrived: true } as const;
const refusal = { outcome: 'temporary', code: '450', mayHaveArrived: false } as const;

test('what may have arrived counts as received, and what was refused does not, whatever becomes of the digest then', async () => {
  const { db } = database;
  const fates = [
    { person: 'john', country: 'US', at: '2027-03-25T13:04:00Z', fate: refusal },
    { person: 'kenji', country: 'JP', at: '2027-04-01T00:04:00Z', fate: unknownFate },
  ] as const;
  for (const { person, country, at, fate } of fates) {
    const practice = await givenPractice(db, {
      author: 'ana',
      publishedAt: clock.now(),
      countries: [country],
    });
    goTo(at);
    expect(await collect()).toMatchObject({ composed: 1 });
    const due = planned;
    await expect(deliverAll({ ...email, send: () => Promise.resolve(fate) })).rejects.toThrow(
      fate.code,
    );
    await wishes(person, { every: 'never', weekday: 4, minute: 540 });
    planned = due;
    expect(await deliverAll()).toEqual(['cancelled']);
    const had = (await deliveries(person)).filter((one) => one.practice === practice);
    expect([person, had.length]).toEqual([person, fate.mayHaveArrived ? 1 : 0]);
    const called = { kind: 'withdrawn', severity: 'safety', beforeVersion: 2 } as const;
    const told = await db
      .transaction()
      .execute((tx) => recall(tx, { id: practice, at: clock.now(), ...called }));
    expect([person, told.length]).toEqual([person, fate.mayHaveArrived ? 1 : 0]);
    const [last] = await digestsOf(db, person as PersonId, 1);
    expect(last).toMatchObject({ status: 'suppressed', items: fate.mayHaveArrived ? 1 : 0 });
    await wishes(person, null);
  }
});

test('what was frozen and is not readable any more is made anew without it before another try', async () => {
  const { db } = database;
  const given = { author: 'ana', publishedAt: clock.now(), countries: ['DE'] };
  const lost = await givenPractice(db, { ...given, text: { title: 'Withdrawn in between' } });
  await givenPractice(db, { ...given, text: { title: 'Left in it' } });
  goTo('2027-04-01T07:04:00Z');
  await collect();
  const [notice] = planned;
  let isDown = true;
  const flaky: Channel = {
    ...email,
    send: (bytes, address) => (isDown ? Promise.resolve(unknownFate) : email.send(bytes, address)),
  };
  await expect(deliverAll(flaky)).rejects.toThrow('down');
  await losesClearance(db, lost, 'DE');
  isDown = false;
  planned = [notice!];
  expect(await deliverAll(flaky)).toEqual(['sent']);
  expect(mailsTo('anna').at(-1)?.text).toContain('Left in it');
  expect(mailsTo('anna').at(-1)?.text).not.toContain('Withdrawn in between');
});

test('a text whose approval has gone is not sent again, and whoever may have had it is told of it', async () => {
  const { db } = database;
  const practice = await givenPractice(db, {
    author: 'ana',
    publishedAt: clock.now(),
    countries: ['US'],
    locale: 'pt-BR',
    text: { title: 'Duas vezes por dia' },
    translations: { en: { title: 'Ten times a day' } },
  });
  goTo('2027-04-01T13:04:00Z');
  await collect();
  const due = planned;
  await expect(deliverAll({ ...email, send: () => Promise.resolve(unknownFate) })).rejects.toThrow(
    'down',
  );
  const { status } = await db
    .updateTable('practice_translation')
    .set({ status: 'proposed', approved_at: null, approved_for: [] })
    .where('practice_id', '=', practice)
    .returning('status')
    .executeTakeFirstOrThrow();
  expect(status).toBe('proposed');
  planned = due;
  expect(await deliverAll()).toEqual(['sent']);
  expect(mailsTo('john').at(-1)?.text).toContain('Duas vezes por dia');
  expect(mailsTo('john').at(-1)?.text).not.toContain('Ten times a day');
  const had = (await deliveries('john')).filter((one) => one.practice === practice);
  expect(had.map(({ locale }) => locale).toSorted()).toEqual(['en', 'pt-BR']);
});

test('a digest that reached nobody calls nobody back, and what was in it comes again', async () => {
  const { db } = database;
  await givenPractice(db, { author: 'ana', publishedAt: clock.now(), countries: ['DE'] });
  goTo('2027-04-08T07:04:00Z');
  await collect();
  const before = (await deliveries('anna')).length;
  const refusing: Channel = {
    ...email,
    send: () => Promise.resolve({ outcome: 'permanent', code: 'unknown_user' }),
  };
  expect(await deliverAll(refusing)).toEqual(['failed']);
  expect((await deliveries('anna')).length).toBe(before);
  goTo('2027-04-15T07:04:00Z');
  expect(await collect()).toMatchObject({ composed: 1 });
  expect(await deliverAll()).toEqual(['sent']);
});

test('what was clearly refused has reached nobody, and is recalled from nobody until it goes out', async () => {
  const { db } = database;
  const practice = await givenPractice(db, {
    author: 'ana',
    publishedAt: clock.now(),
    countries: ['US'],
  });
  const called = { kind: 'withdrawn', severity: 'safety', beforeVersion: 2 } as const;
  const told = () =>
    db.transaction().execute(async (tx) => {
      const notices = await recall(tx, { id: practice, at: clock.now(), ...called });
      await tx
        .deleteFrom('practice_recall_recipient')
        .where('practice_id', '=', practice)
        .execute();
      await tx.deleteFrom('practice_recall').where('practice_id', '=', practice).execute();
      return notices.length;
    });
  goTo('2027-04-15T13:04:00Z');
  await collect();
  const due = planned;
  await expect(deliverAll({ ...email, send: () => Promise.resolve(refusal) })).rejects.toThrow(
    '450',
  );
  expect(await told()).toBe(0);
  planned = due;
  expect(await deliverAll()).toEqual(['sent']);
  expect(await told()).toBe(1);
});

test('who read one text in two languages is told in that of the last time', async () => {
  const { db } = database;
  const practice = await givenPractice(db, {
    author: 'ana',
    publishedAt: clock.now(),
    countries: ['US'],
    locale: 'pt-BR',
    translations: { en: {}, de: {} },
  });
  const person = 'john' as PersonId;
  for (const [minutes, locale] of ['en', 'de', 'en'].entries()) {
    await db.updateTable('person').set({ locale }).where('id', '=', person).execute();
    const at = clock.now() + minutes * 60_000;
    await db
      .transaction()
      .execute((tx) => recordDelivery(tx, { practice, person, via: 'page', at }));
  }
  const called = { kind: 'withdrawn', severity: 'safety', beforeVersion: 2 } as const;
  const [notice] = await db
    .transaction()
    .execute((tx) => recall(tx, { id: practice, at: clock.now(), ...called }));
  const { locale } = await db
    .selectFrom('notice')
    .select('locale')
    .where('id', '=', notice!)
    .executeTakeFirstOrThrow();
  expect(locale).toBe('en');
});

test('ended or left between composing and sending, nothing is sent', async () => {
  const { db } = database;
  await givenPractice(db, { author: 'ana', publishedAt: clock.now(), countries: ['DE', 'JP'] });
  goTo('2027-04-22T00:04:00Z');
  await collect();
  await wishes('kenji', { every: 'never', weekday: 4, minute: 540 });
  expect(await deliverAll()).toEqual(['cancelled']);
  expect((await digests('kenji')).at(-1)).toMatchObject({ reason: 'digests_ended' });
  goTo('2027-04-22T07:04:00Z');
  await collect();
  await db.updateTable('person').set({ left_at: clock.now() }).where('id', '=', 'anna').execute();
  expect(await deliverAll()).toEqual(['cancelled']);
  expect((await digests('anna')).at(-1)).toMatchObject({ reason: 'recipient_left' });
  await db.updateTable('person').set({ left_at: null }).where('id', '=', 'anna').execute();
});

test('what limits a practice is read before what was done, and an item takes two minutes whatever it holds', async () => {
  const { db } = database;
  const long = 'They counted every stent twice and wrote it down. '.repeat(200);
  const given = { author: 'ana', publishedAt: clock.now(), countries: ['US'] };
  await givenPractice(db, {
    ...given,
    text: { action: long, indication: 'Not for children.' },
    notes: { US: 'By cardiologists alone.', DE: 'Not for this reader.' },
  });
  await givenPractice(db, { ...given, text: { indication: long, action: 'Cut with the rest.' } });
  goTo('2027-04-22T13:04:00Z');
  await collect();
  await deliverAll();
  const text = mailsTo('john').at(-1)?.text ?? '';
  expect(text).toMatch(
    /Not for children\.[^a-z]+By cardiologists alone\.[^a-z]+The theatre team[^]*counted every stent/u,
  );
  expect(text).not.toContain('Not for this reader.');
  expect(text).not.toContain('Cut with the rest.');
  const [, ...items] = text.split('\n\n\n');
  expect(items).toHaveLength(2);
  const words = items.map((item) => item.split('\n\n').filter((one) => one.includes('stent')));
  for (const told of words) expect(readingMinutes(told.join(' '), 'en')).toBeGreaterThan(1.5);
  for (const told of words) expect(readingMinutes(told.join(' '), 'en')).toBeLessThanOrEqual(2);
});

test('a rhythm changed minutes before counts at once, and a leave entered then moves it', async () => {
  const { db } = database;
  goTo('2027-04-28T07:00:00Z');
  await collect();
  await givenPractice(db, { author: 'ana', publishedAt: clock.now(), countries: ['DE'] });
  goTo('2027-04-29T06:58:00Z');
  await wishes('anna', { every: 'day', weekday: 1, minute: 600 });
  goTo('2027-04-29T07:04:00Z');
  expect(await collect()).toMatchObject({ composed: 0 });
  goTo('2027-04-29T07:58:00Z');
  await enterAbsence(db, {
    id: 'spring',
    person: 'anna' as PersonId,
    by: 'anna' as PersonId,
    firstDay: '2027-04-29',
    lastDay: '2027-05-02',
    fromMinute: null,
    untilMinute: null,
    at: clock.now(),
  });
  goTo('2027-04-29T08:04:00Z');
  expect(await collect()).toMatchObject({ composed: 0 });
  goTo('2027-05-03T07:04:00Z');
  expect(await collect()).toMatchObject({ composed: 1 });
  await deliverAll();
  expect((await digests('anna')).at(-1)).toMatchObject({ every: 'day', status: 'composed' });
});

test('each that would be later than twelve hours is skipped with its reason, and the next one comes', async () => {
  goTo('2027-05-06T07:30:00Z');
  await collect();
  const kept = await digests('anna');
  const late = { every: 'day', reason: 'late' };
  expect(kept.filter(({ status }) => status === 'skipped')).toMatchObject([
    { ...late, period: '2027-05-03' },
    { ...late, period: '2027-05-04' },
    { ...late, period: '2027-05-05' },
  ]);
});

test('a digest goes out by itself, beside whatever else comes due for its reader', async () => {
  const { db } = database;
  const at = Date.parse('2027-05-10T08:04:00Z');
  await givenPractice(db, { author: 'ana', publishedAt: at - 1, countries: ['DE'] });
  clock.moveTo(at);
  await collect();
  const to = 'anna' as PersonId;
  const params = { account: 'St. Hedwig', person: 'Ana' };
  const other = plainNotice({ to, key: 'handoff.declined', params, sendAt: at });
  await db
    .transaction()
    .execute((tx) => insertNotices(tx, { id: null, sequence: null, at, notices: [other] }));
  const before = mailsTo('anna').length;
  expect(await deliverAll()).toEqual(['sent']);
  planned = [other.id];
  clock.moveTo(at + 61_000);
  expect(await deliverAll()).toEqual(['sent']);
  const mails = mailsTo('anna').slice(before);
  const isDigest = mails.map(({ raw }) => raw.toString().includes('List-Unsubscribe:'));
  expect(isDigest).toEqual([true, false]);
});

test('two who collect at once make one digest of each period', async () => {
  const { db } = database;
  await givenPractice(db, { author: 'ana', publishedAt: clock.now(), countries: ['DE', 'US'] });
  goTo('2027-05-13T13:30:00Z');
  await Promise.all([collect(), collect(), collect()]);
  const rows = await db.selectFrom('digest').select(['person_id', 'every', 'period']).execute();
  const keys = rows.map(({ person_id: person, every, period }) => `${person}/${every}/${period}`);
  expect(new Set(keys).size).toBe(keys.length);
  const notices = await db
    .selectFrom('notice')
    .select('id')
    .where('status', '=', 'planned')
    .where('key', '=', digestKey)
    .execute();
  expect(notices.length).toBe(planned.length);
  expect((await deliverAll()).every((outcome) => outcome === 'sent')).toBe(true);
});

test('whoever is just being planned is planned again with what was said meanwhile', async () => {
  const { db } = database;
  const replans = () =>
    db.selectFrom('digest_replan').selectAll().where('person_id', '=', 'anna').execute();
  await collect();
  await db.transaction().execute(async (tx) => {
    expect(await lockDigests(tx, 'anna' as PersonId)).toBe(true);
    await wishes('anna', { every: 'day', weekday: 1, minute: 660 });
    expect(await collect()).toMatchObject({ planned: 0, hasMore: false });
  });
  expect(await replans()).toHaveLength(1);
  expect(await collect()).toMatchObject({ planned: 1 });
  expect(await replans()).toEqual([]);
});

test('one whose digest cannot be made keeps nobody from theirs, and the tick fails for all to see', async () => {
  const { db } = database;
  await sql`CREATE FUNCTION refuse_digest() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'poisoned'; END $$`.execute(db);
  await sql`CREATE TRIGGER refuse_digest BEFORE INSERT OR UPDATE ON digest_plan FOR EACH ROW
    WHEN (NEW.person_id = 'anna') EXECUTE FUNCTION refuse_digest()`.execute(db);
  for (const person of ['anna', 'kenji']) {
    await wishes(person, { every: 'week', weekday: 4, minute: 555 });
  }
  await expect(collect()).rejects.toThrow('the digests of 1 people could not be made');
  const left = await db.selectFrom('digest_replan').select('person_id').execute();
  expect(left.map((row) => row.person_id)).toEqual(['anna']);
  await sql`DROP FUNCTION refuse_digest CASCADE`.execute(db);
  expect(await collect()).toMatchObject({ planned: 1 });
});

test('whoever moves to another zone between two slots of a period has no second digest of it', async () => {
  const { db } = database;
  goTo('2027-05-20T13:04:00Z');
  await givenPractice(db, { author: 'ana', publishedAt: clock.now(), countries: ['US'] });
  const before = (await digests('john')).length;
  await collect();
  expect((await digests('john')).slice(before)).toMatchObject([{ period: '2027-05-17' }]);
  await givenPractice(db, { author: 'ana', publishedAt: clock.now(), countries: ['US'] });
  // There it is Thursday before nine again, of the same week.
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('person')
      .set({ zone: 'Pacific/Honolulu' })
      .where('id', '=', 'john')
      .execute();
    const people = ['john' as PersonId];
    await recordCalendarChange(tx, { reason: 'directory', people, at: clock.now() });
  });
  goTo('2027-05-20T19:04:00Z');
  await collect();
  expect((await digests('john')).slice(before)).toHaveLength(1);
  goTo('2027-05-27T19:04:00Z');
  await collect();
  expect((await digests('john')).slice(before).map(({ period }) => period)).toEqual([
    '2027-05-17',
    '2027-05-24',
  ]);
});
