/** When a handoff or an assignment begins, its first message offers what may help: through the gate, or nothing. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { settleTasks } from '../../db/loops.ts';
import { loadReaders } from '../../db/practice-gate.ts';
import { fittingPractices } from '../../db/practice-offers.ts';
import { keepVerdict, reportsOf } from '../../db/practice-verdicts.ts';
import type { LoopId, NoticeId, PersonId, RegionId } from '../../domain/id.ts';
import { taskPath } from '../../locales/links.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { mailFrom } from '../support/mail-stage.ts';
import { givenMarkets, givenPractice, losesClearance } from '../support/markets.ts';
import { type GivenNotice, givenNotice } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';

const clock = storyClock(Date.parse('2027-03-02T10:00:00Z'));
const anna = 'anna' as PersonId;
const kenji = 'kenji' as PersonId;

let database: TestDatabase;
let sink: MailSink;
let email: Channel;
beforeAll(async () => {
  database = await testDatabase();
  await givenMarkets(database.db, [
    { id: anna, market: 'dach' },
    { id: kenji, market: 'japan' },
    { id: 'ana', market: 'brazil' },
  ]);
  const account = { id: 'clinic', name: 'Clinic', team_id: 'dach-own', products: ['stent'] };
  const since = `[${new Date(clock.now() - 1).toISOString()},)`;
  await database.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('account')
      .values({ ...account, countries: ['DE'], sites: [{ name: 'Site', zone: 'UTC' }] })
      .execute();
    const custody = { account_id: 'clinic', owner_id: anna, period: since };
    await tx.insertInto('custody').values(custody).execute();
  });
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom });
});
afterAll(async () => {
  email.close();
  await sink.stop();
  await database.drop();
});

let minutes = 0;
const practice = (given: Partial<Parameters<typeof givenPractice>[1]> = {}): Promise<LoopId> =>
  givenPractice(database.db, {
    author: 'ana',
    publishedAt: clock.now() - 1_000_000 + minutes++ * 60_000,
    countries: ['DE', 'BR'],
    ...given,
  });

const delivered = async (to: PersonId) => {
  const rows = await database.db
    .selectFrom('practice_delivery')
    .select(['practice_id', 'via', 'locale'])
    .where('person_id', '=', to)
    .orderBy('at')
    .execute();
  return rows.map(({ practice_id: id, via, locale }) => ({ id, via, locale }));
};

/** The first message of a new handoff of the clinic, a minute after whatever was before. */
async function begins(
  to: PersonId,
  key = 'handoff.offered',
  { goals, ...more }: { goals?: readonly string[] } & Partial<GivenNotice> = {},
) {
  const id = randomUUID();
  const state = {
    state: { terms: { goals: goals?.map((competency) => ({ competency })) } },
    heldSince: null,
  };
  const loop = goals ? { loop: 'assignment', state } : { loop: 'handoff', account_id: 'clinic' };
  await database.db
    .insertInto('loop_instance')
    .values({ id, ...loop })
    .execute();
  const day = { day: '2027-03-02' };
  const names = { account: 'Clinic', giver: 'A', receiver: 'B', participant: 'C', region: 'D' };
  const params = { ...names, person: 'E', severity: 'F', firstDay: day, lastDay: day };
  return givenNotice(database.db, id, {
    to,
    key,
    params: { ...params, at: { instant: clock.now() }, dueAt: { instant: clock.now() } },
    sendAt: clock.now(),
    ...more,
  });
}

async function sends(noticeId: NoticeId, by: Channel = email) {
  const parts = { db: database.db, clock, publicUrl: 'https://meridian.test' };
  const before = sink.messages().length;
  const outcome = await createDeliver({ ...parts, channels: { email: by } })({
    noticeId,
    revision: 1,
  });
  clock.moveTo(clock.now() + 600_000);
  const { text = '', html = '' } = sink.messages()[before] ?? {};
  const [plainText, plainHtml] = [text, html].map((words) => words.replace(/[\u2068\u2069]/g, ''));
  return { outcome, text: plainText ?? '', html: plainHtml ?? '' };
}

test('the best proven practice about the account’s products is offered, with where it is read', async () => {
  await practice({ text: { title: 'Of no proof' } });
  const proven = await practice({
    text: { title: 'A list <b>first</b>' },
    translations: { de: { title: 'Eine Liste <b>zuerst</b>' } },
  });
  await practice({ product: 'valve', text: { title: 'About another product' } });
  await keepVerdict(database.db, {
    practice: proven,
    by: kenji,
    verdict: 'worked',
    region: 'japan' as RegionId,
    country: 'JP',
    content: null,
    at: clock.now(),
    after: { version: 1 },
  });
  const { outcome, text, html } = await sends(await begins(anna));
  expect(outcome).toBe('sent');
  expect(text).toContain('Das kann dabei helfen: Eine Liste <b>zuerst</b>');
  expect(text).toContain(`https://meridian.test${taskPath(proven)}`);
  expect(text).not.toContain('Of no proof');
  expect(html).toContain('Eine Liste &lt;b&gt;zuerst&lt;/b&gt;');
  expect(await delivered(anna)).toEqual([{ id: proven, via: 'handoff', locale: 'de' }]);
});

test('it is not offered twice, never one’s own, nor one that fails there; a fallback is said to be one', async () => {
  const { text } = await sends(await begins(anna, 'handoff.reassigned'));
  expect(text).toContain('Of no proof');
  expect(text).toContain('Auf Englisch: In Ihrer Sprache ist noch kein Text freigegeben.');
  const own = await sends(await begins('ana' as PersonId));
  expect(own.text).not.toContain('Isto pode ajudar');
  const failing = await practice({ text: { title: 'It fails' } });
  for (const by of [kenji, 'ana' as PersonId]) {
    const said = { verdict: 'failed', region: 'dach' as RegionId, country: 'DE' } as const;
    const kept = { practice: failing, by, content: null, at: clock.now(), after: { version: 1 } };
    await keepVerdict(database.db, { ...kept, ...said });
  }
  expect((await sends(await begins(anna))).text).not.toContain('Das kann dabei helfen');
});

test('reports of another text count nothing for the one of now; of the same text for another audience they do', async () => {
  const { db } = database;
  const revised = await practice({ text: { title: 'It was changed' } });
  const said = { practice: revised, by: kenji, content: null, at: clock.now() } as const;
  const place = { region: 'japan' as RegionId, country: 'JP', verdict: 'worked' } as const;
  await keepVerdict(db, { ...said, ...place, after: { version: 1 } });
  const reported = async () => (await reportsOf(db, [revised])).get(revised)?.length ?? 0;
  expect(await reported()).toBe(1);
  const of = db.selectFrom('practice').where('id', '=', revised);
  const { content_id, source_hash } = await of
    .select(['content_id', 'source_hash'])
    .executeTakeFirstOrThrow();
  const kept = { practice_id: revised, content_id, source_hash, at: clock.now() };
  await db
    .insertInto('practice_version')
    .values({ ...kept, version: 1 })
    .execute();
  const becomes = (change: { version: number; source_hash?: string }) =>
    db.updateTable('practice').set(change).where('id', '=', revised).execute();
  await becomes({ version: 2 });
  expect(await reported()).toBe(1);
  await becomes({ version: 3, source_hash: 'e'.repeat(64) });
  expect(await reported()).toBe(0);
});

test('what was reported on is looked at however many are newer, and of the others the newest', async () => {
  const { db } = database;
  const about = { countries: ['JP'], product: 'pump' };
  const old = await practice({ ...about, publishedAt: 0 });
  const newer = await Promise.all(Array.from({ length: 21 }, () => practice(about)));
  const reader = (await loadReaders(db, [kenji])).get(kenji)!;
  const fitting = async () => {
    const found = await fittingPractices(db, reader, { products: ['pump'], competencies: [] });
    return found.map(({ id }) => id).toSorted();
  };
  expect(await fitting()).toEqual(newer.slice(1).toSorted());
  const said = { verdict: 'worked', region: 'dach' as RegionId, country: 'DE' } as const;
  const kept = { by: anna, content: null, at: clock.now(), after: { version: 1 } };
  await keepVerdict(db, { practice: old, ...kept, ...said });
  expect(await fitting()).toEqual([...newer.slice(1), old].toSorted());
});

test('other messages of a handoff offer nothing, and nothing is offered where it is not cleared', async () => {
  await practice({ text: { title: 'For Germany' } });
  expect((await sends(await begins(anna, 'handoff.declined'))).text).not.toContain('For Germany');
  expect((await sends(await begins(kenji))).text).not.toContain('For Germany');
  expect(await delivered(kenji)).toEqual([]);
});

test('an assignment that begins offers what its goals are about', async () => {
  const about = await practice({
    countries: ['JP'],
    competency: 'partner-management',
    text: { title: 'With partners' },
  });
  const begun = await begins(kenji, 'assignment.begun', {
    goals: ['forecast', 'partner-management'],
  });
  expect((await sends(begun)).text).toContain('With partners');
  expect(await delivered(kenji)).toEqual([{ id: about, via: 'assignment', locale: 'en' }]);
});

test('nothing is offered where others may read it, and nobody is called back from there', async () => {
  const beside = await practice({ text: { title: 'For one reader' } });
  const { outcome, text } = await sends(await begins(anna), { ...email, isRoom: true });
  expect([outcome, text.includes('For one reader')]).toEqual(['sent', false]);
  expect((await delivered(anna)).map(({ id }) => id)).not.toContain(beside);
  await losesClearance(database.db, beside, 'DE');
});

test('what is withdrawn between two tries is not in the second, and who might have had it is known', async () => {
  const lost = await practice({ text: { title: 'Soon withdrawn' } });
  const notice = await begins(anna);
  const down: Channel = {
    ...email,
    send: () => Promise.resolve({ outcome: 'temporary', code: 'x', mayHaveArrived: true }),
  };
  await expect(sends(notice, down)).rejects.toThrow('x');
  await losesClearance(database.db, lost, 'DE');
  const { outcome, text } = await sends(notice);
  expect(outcome).toBe('sent');
  expect(text).not.toContain('Soon withdrawn');
  expect((await delivered(anna)).map(({ id }) => id)).toContain(lost);
});

test('what is withdrawn while a message changes its way is not offered on the next', async () => {
  const { db } = database;
  const lost = await practice({ text: { title: 'Lost on the way' } });
  const value = ['email', 'slack'];
  await sql`INSERT INTO policy (key, region_id, valid_from, value)
    VALUES ('message.channels', NULL, '2027-01-01', ${JSON.stringify(value)}::text::jsonb)`.execute(
    db,
  );
  const address = 'chat@example.test';
  await db.insertInto('contact').values({ person_id: anna, channel: 'slack', address }).execute();
  const refusing: Channel = {
    ...email,
    async send() {
      await losesClearance(db, lost, 'DE');
      return { outcome: 'permanent', code: 'unknown_user' };
    },
  };
  const before = sink.messages().length;
  const deliver = createDeliver({
    db,
    clock,
    publicUrl: 'https://meridian.test',
    channels: { email: refusing, slack: email },
  });
  expect(await deliver({ noticeId: await begins(anna), revision: 1 })).toBe('sent');
  clock.moveTo(clock.now() + 600_000);
  const [mail] = sink.messages().slice(before);
  expect([mail?.to, mail?.text?.includes(taskPath(lost))]).toEqual([[address], false]);
});

test('what went along with a message that may have arrived is known, also when it goes by itself then and fails', async () => {
  const { db } = database;
  const inDoubt = await practice({ text: { title: 'Along with another' } });
  const urgency = 'working';
  const lead = await begins(anna, 'handoff.declined', { asks: true, urgency });
  const member = await begins(anna, 'handoff.offered', { urgency });
  const send: Channel['send'] = () =>
    Promise.resolve({ outcome: 'temporary', code: 'cut off', mayHaveArrived: true });
  await expect(sends(lead, { ...email, send })).rejects.toThrow('cut off');
  const rows = db.selectFrom('notice').select(['id', 'loop_id', 'revision', 'status']);
  const { loop_id: id } = await rows.where('id', '=', lead).executeTakeFirstOrThrow();
  await db
    .transaction()
    .execute((tx) =>
      settleTasks(tx, { id: id as LoopId, sequence: 2, at: clock.now(), tasks: [] }),
    );
  const { revision, status } = await rows.where('id', '=', member).executeTakeFirstOrThrow();
  expect([revision, status]).toEqual([2, 'planned']);
  const refusing: Channel = {
    ...email,
    send: () => Promise.resolve({ outcome: 'permanent', code: 'unknown_user' }),
  };
  const parts = { db, clock, publicUrl: 'https://meridian.test', channels: { email: refusing } };
  expect(await createDeliver(parts)({ noticeId: member, revision })).toBe('failed');
  expect((await delivered(anna)).map((one) => one.id)).toContain(inDoubt);
});

test('a first message that reaches nobody leaves nobody to be called back', async () => {
  const unread = await practice({ text: { title: 'Never arrived' } });
  const refusing: Channel = {
    ...email,
    send: () => Promise.resolve({ outcome: 'permanent', code: 'unknown_user' }),
  };
  expect((await sends(await begins(anna), refusing)).outcome).toBe('failed');
  expect((await delivered(anna)).map(({ id }) => id)).not.toContain(unread);
  expect((await sends(await begins(anna))).text).toContain('Never arrived');
});
