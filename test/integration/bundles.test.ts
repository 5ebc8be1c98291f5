import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { retryDeadLetter } from '../../db/dead-letters.ts';
import { insertNotices, settleTasks } from '../../db/loops.ts';
import { noticeEvents } from '../../db/notice-events.ts';
import { savePreferences } from '../../db/preferences.ts';
import type { LoopId, NoticeId, PersonId } from '../../domain/id.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { type MailStage, mailStage } from '../support/mail-stage.ts';
import { givenLoop, noticeRow } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';

/** A Monday; people work from 09:00 to 17:00 of their own time. */
const tokyoAt = (time: string): number => Date.parse(`2027-03-01T${time}:00+09:00`);
const second = 1_000;

/** What was begun anew at once, rather than left to the sweep. */
const begun: NoticeId[] = [];
let stage: MailStage;
beforeAll(async () => {
  stage = await mailStage(tokyoAt('09:00'));
});
afterEach(async () => {
  begun.splice(0);
  await stage.forget();
});
afterAll(() => stage.stop());

const delivering = (at: number, email = stage.email) => {
  const clock = storyClock(at);
  const { db } = stage;
  const parts = { db, clock, channels: { email }, publicUrl: 'https://meridian.test' };
  const startDeliveries = (ids: readonly NoticeId[]) => void begun.push(...ids);
  const deliver = createDeliver({ ...parts, startDeliveries });
  return (noticeId: NoticeId, revision = 1) => deliver({ noticeId, revision });
};

test('what comes due within two minutes goes out as one message, each part with its own link', async () => {
  const ids = [
    await stage.given(),
    await stage.given({ key: 'handoff.held', sendAt: tokyoAt('09:02') }),
    await stage.given({ sendAt: tokyoAt('09:02') + 1 }),
    await stage.given({ to: berlin.lead }),
  ];
  const [first, second_, later, other] = ids as [NoticeId, NoticeId, NoticeId, NoticeId];
  expect(await delivering(tokyoAt('09:00'))(first)).toBe('sent');
  const [mail] = stage.sink.messages();
  expect(mail?.subject).toMatch(/2$/);
  for (const id of [first, second_]) {
    const { loop_id: loopId, status, send_at: at } = await noticeRow(stage.db, id);
    expect([status, mail?.text]).toEqual(['sent', expect.stringContaining(`/tasks/${loopId}`)]);
    // The limit of one a minute may just have put one of them off: it is told now all the same.
    expect(at).toBe(tokyoAt('09:00'));
  }
  expect(await delivering(tokyoAt('09:02'))(second_)).toBe('passed');
  for (const id of [later, other]) expect((await noticeRow(stage.db, id)).status).toBe('planned');
});

test('of those that wake in the same instant one takes the others along, and none is sent twice', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => stage.given()));
  const deliver = delivering(tokyoAt('09:00'));
  const outcomes = await Promise.all(ids.map((id) => deliver(id)));
  expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1);
  expect(stage.sink.messages()).toHaveLength(1);
  const rows = await Promise.all(ids.map((id) => noticeRow(stage.db, id)));
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['sent']));
});

test('what was settled before is left out, and a part whose mail is refused stands for itself', async () => {
  const { db } = stage;
  await db
    .updateTable('person')
    .set({ email: 'refuse-550@example.test' })
    .where('id', '=', tokyo.backup)
    .execute();
  const to = tokyo.backup;
  const lead = await stage.given({ to });
  const member = await stage.given({ to, key: 'handoff.held' });
  const settled = await stage.given({ to, asks: true });
  await db.updateTable('task').set({ closed_sequence: 2 }).execute();
  expect(await delivering(tokyoAt('09:00'))(lead)).toBe('failed');
  expect(begun.splice(0)).toEqual([member]);
  expect(await noticeRow(db, member)).toMatchObject({ status: 'planned', bundled_in: null });
  expect((await noticeRow(db, settled)).status).toBe('planned');
  expect(await delivering(tokyoAt('09:00'))(member, 2)).toBe('failed');
  const events = (await noticeEvents(db, [member])).get(member);
  expect(events?.map(({ what }) => what)).toEqual(['bundled', 'planned', 'failed']);
});

test('one whose words a mail server refuses takes none of those with it that it goes out with', async () => {
  const { db, email } = stage;
  const bad = await stage.given();
  const good = await stage.given({ key: 'handoff.held' });
  const { loop_id: badLoop } = await noticeRow(db, bad);
  const strict: typeof email = {
    ...email,
    send: (bytes, address) =>
      Buffer.from(bytes).includes(`/tasks/${badLoop}`)
        ? Promise.resolve({ outcome: 'permanent', code: '554' })
        : email.send(bytes, address),
  };
  const deliver = delivering(tokyoAt('09:00'), strict);
  expect(await deliver(bad)).toBe('failed');
  for (const id of begun.splice(0)) expect(await deliver(id, 2)).toBe('sent');
  const statusOf = async (id: NoticeId) => (await noticeRow(db, id)).status;
  expect([await statusOf(bad), await statusOf(good)]).toEqual(['failed', 'sent']);
  expect(stage.sink.messages()).toHaveLength(1);
});

test('what cannot wait goes out alone, at once and beyond any limit', async () => {
  const urgent = await stage.given({ urgency: 'now', sendAt: tokyoAt('09:00') });
  const other = await stage.given();
  const deliver = delivering(tokyoAt('09:00'));
  expect(await deliver(urgent)).toBe('sent');
  expect((await noticeRow(stage.db, other)).status).toBe('planned');
  const more = await stage.given({ urgency: 'now', sendAt: tokyoAt('09:00') });
  expect(await deliver(more)).toBe('sent');
  expect(stage.sink.messages()).toHaveLength(2);
});

test('a second mail within the minute waits for the next, and says so', async () => {
  const first = await stage.given();
  expect(await delivering(tokyoAt('09:00'))(first)).toBe('sent');
  const second_ = await stage.given();
  begun.length = 0;
  const soon = tokyoAt('09:00') + 20 * second;
  expect(await delivering(soon)(second_)).toBe('postponed');
  expect(await noticeRow(stage.db, second_)).toMatchObject({
    status: 'planned',
    reason: 'limit_minute',
    send_at: tokyoAt('09:01'),
  });
  expect(begun).toEqual([second_]);
  expect(await delivering(tokyoAt('09:01'))(second_, 2)).toBe('sent');
});

test('quiet hours that somebody set after a message was planned hold it back too', async () => {
  const said = {
    channels: null,
    quiet: { from: 8 * 60, until: 10 * 60 },
    digest: null,
    hourCycle: null,
  };
  await savePreferences(stage.db, { person: tokyo.manager, said, at: tokyoAt('00:00') });
  const id = await stage.given({ to: tokyo.manager });
  expect(await delivering(tokyoAt('09:00'))(id)).toBe('postponed');
  expect(await noticeRow(stage.db, id)).toMatchObject({
    reason: 'quiet_hours',
    send_at: tokyoAt('10:00'),
  });
});

test('a newer message of the same kind takes the place of one that still waits', async () => {
  const { db } = stage;
  const id = (await givenLoop(db)) as LoopId;
  const step = async (sequence: number, to: PersonId = tokyo.lead): Promise<NoticeId> => {
    const notice = {
      id: crypto.randomUUID() as NoticeId,
      to,
      key: 'handoff.reminder' as const,
      params: {},
      urgency: 'working' as const,
      channel: 'email',
      asks: null,
      sendAt: tokyoAt('09:00'),
      reason: null,
      reasonParams: {},
    };
    const at = tokyoAt('08:00');
    await db
      .transaction()
      .execute((tx) => insertNotices(tx, { id, sequence, at, notices: [notice] }));
    return notice.id;
  };
  const [first, other, second_] = [await step(1), await step(1, berlin.lead), await step(2)];
  const statuses = await Promise.all([first, other, second_].map((one) => noticeRow(db, one)));
  expect(statuses.map(({ status }) => status)).toEqual(['superseded', 'planned', 'planned']);
});

test('of two things to do that one person is asked for with the same words, neither message is lost', async () => {
  const { db } = stage;
  const id = (await givenLoop(db)) as LoopId;
  const at = tokyoAt('08:00');
  const [one, two] = ['quarter.act/1', 'quarter.act/2'] as const;
  const tasks = [one, two].map((kind) => ({ kind, person: tokyo.lead, since: at, dueAt: null }));
  const to = tokyo.lead;
  const asking = (asks: string) => ({ ...newerThan(tokyoAt('09:00')), to, asks });
  const notices = [asking(one), asking(two), asking(two)];
  await db.transaction().execute(async (tx) => {
    await settleTasks(tx, { id, sequence: 1, at, tasks });
    for (const [sequence, notice] of notices.entries()) {
      await insertNotices(tx, { id, sequence, at, notices: [notice] });
    }
  });
  const rows = await Promise.all(notices.map((notice) => noticeRow(db, notice.id)));
  expect(rows.map(({ status }) => status)).toEqual(['planned', 'superseded', 'planned']);
});

test('what asks something by a time brings it for the calendar, and what asks nothing brings none', async () => {
  const dueAt = { instant: tokyoAt('15:00') };
  const params = { account: { account }, giver: { person: berlin.lead }, dueAt };
  const asking = await stage.given({
    key: 'handoff.reassigned',
    params,
    asks: true,
    to: tokyo.backup,
  });
  await stage.db.updateTable('person').set({ email: 'b@example.test' }).execute();
  const telling = await stage.given({ params: { ...params, person: { person: berlin.lead } } });
  const deliver = delivering(tokyoAt('09:00'));
  expect([await deliver(asking), await deliver(telling)]).toEqual(['sent', 'sent']);
  const raws = stage.sink.messages().map(({ raw }) => raw.toString());
  expect(raws.map((raw) => raw.includes('text/calendar'))).toEqual([true, false]);
});

test.for(['settled', 'superseded'] as const)(
  'what was to go along with a message that is %s after a failed try goes out by itself',
  async (end) => {
    const { db } = stage;
    const lead = await stage.given({ to: berlin.lead, sendAt: tokyoAt('18:00'), asks: true });
    const member = await stage.given({
      to: berlin.lead,
      key: 'handoff.held',
      sendAt: tokyoAt('18:00'),
    });
    const away = createEmailChannel({
      smtpUrl: 'smtp://127.0.0.1:1',
      from: { name: 'Meridian', address: 'meridian@example.test' },
    });
    const clock = storyClock(tokyoAt('18:00'));
    const channels = { email: away };
    const failing = createDeliver({ db, clock, channels, publicUrl: 'https://meridian.test' });
    await expect(failing({ noticeId: lead, revision: 1 })).rejects.toThrow();
    away.close();
    expect((await noticeRow(db, member)).status).toBe('bundled');
    const at = tokyoAt('18:01');
    const id = (await noticeRow(db, lead)).loop_id as LoopId;
    const newer = newerThan(at);
    const ending = { id, sequence: 2, at };
    await db.transaction().execute<unknown>((tx) => {
      if (end === 'settled') return settleTasks(tx, { ...ending, tasks: [] });
      return insertNotices(tx, { ...ending, notices: [newer] });
    });
    const { status, bundled_in: within, revision } = await noticeRow(db, member);
    expect([status, within, revision]).toEqual(['planned', null, 2]);
    expect(await delivering(at)(member, revision)).toBe('sent');
    expect(stage.sink.messages()).toHaveLength(1);
    const events = (await noticeEvents(db, [member])).get(member);
    expect(events?.map(({ what }) => what)).toEqual(['bundled', 'planned', 'sent']);
  },
);

type Fate = 'refused for now' | 'cut off';
/** The first try of a bundle that was frozen; of the second nobody knows whether it arrived. */
async function triedOnce(lead: NoticeId, fate: Fate): Promise<void> {
  const sending = Promise.withResolvers<void>();
  const email: typeof stage.email = {
    ...stage.email,
    send: () => {
      sending.resolve();
      if (fate === 'cut off') return new Promise(() => undefined);
      return Promise.resolve({ outcome: 'temporary', code: '451', mayHaveArrived: false });
    },
  };
  const trying = delivering(tokyoAt('09:00'), email)(lead).catch(() => undefined);
  await (fate === 'cut off' ? sending.promise : trying);
}

test.for<[settled: 'lead' | 'member', fate: Fate]>([
  ['member', 'refused for now'],
  ['member', 'cut off'],
  ['lead', 'cut off'],
])(
  'a %s that is settled after its bundle was %s is told to nobody, the others are',
  async (given) => {
    const [settled, fate] = given;
    const { db } = stage;
    const [lead, member, other] = [
      await stage.given({ asks: true }),
      await stage.given({ key: 'handoff.held', asks: true }),
      await stage.given({ key: 'handoff.held' }),
    ];
    await triedOnce(lead, fate);
    const gone = settled === 'lead' ? lead : member;
    const { loop_id: loop } = await noticeRow(db, gone);
    const step = { id: loop as LoopId, sequence: 2, at: tokyoAt('09:04'), tasks: [] };
    await db.transaction().execute((tx) => settleTasks(tx, step));
    await delivering(tokyoAt('09:05'))(lead);
    for (const [index, id] of begun.splice(0).entries()) {
      await delivering(tokyoAt(`09:1${2 * index}`))(id, 2);
    }
    const told = stage.sink.messages().flatMap(({ text }) => text ?? '');
    for (const id of [lead, member, other]) {
      const { loop_id: one, status } = await noticeRow(db, id);
      const times = told.filter((text) => text.includes(`/tasks/${one}`)).length;
      expect([status, times]).toEqual(id === gone ? ['cancelled', 0] : ['sent', 1]);
    }
  },
);

test('what a newer message replaced while it was under way does not come after that', async () => {
  const { db } = stage;
  const [lead, member] = [await stage.given(), await stage.given({ key: 'handoff.held' })];
  await triedOnce(lead, 'cut off');
  const { loop_id: loop } = await noticeRow(db, member);
  const at = tokyoAt('09:04');
  const newer = { ...newerThan(at), to: tokyo.lead, key: 'handoff.held' as const, sendAt: at };
  const step = { id: loop as LoopId, sequence: 2, at, notices: [newer] };
  await db.transaction().execute((tx) => insertNotices(tx, step));
  expect(await delivering(at)(newer.id)).toBe('sent');
  expect(await delivering(tokyoAt('09:06'))(lead)).toBe('sent');
  expect(await delivering(tokyoAt('09:08'))(member, 2)).toBe('cancelled');
  expect(await noticeRow(db, member)).toMatchObject({ reason: 'superseded' });
  const told = stage.sink.messages().map(({ text }) => text?.includes(`/tasks/${loop}`));
  expect(told).toEqual([true, false]);
});

/** Another of what `given` plans, for much later. */
const newerThan = (at: number) => ({
  id: crypto.randomUUID() as NoticeId,
  to: berlin.lead,
  key: 'handoff.declined' as const,
  params: { account: { account }, person: { person: berlin.lead } },
  urgency: 'working' as const,
  channel: 'email',
  asks: null,
  sendAt: at + 3_600 * second,
  reason: null,
  reasonParams: {},
});

test('one that cannot be composed holds up none of those it was to go out with', async () => {
  const { db } = stage;
  const poisoned = await stage.given({ params: { account: null as never } });
  const other = await stage.given({ key: 'handoff.held' });
  const deliver = delivering(tokyoAt('09:00'));
  await expect(deliver(poisoned)).rejects.toThrow();
  expect(await noticeRow(db, other)).toMatchObject({ status: 'planned', bundled_in: null });
  expect(await deliver(other, 2)).toBe('sent');
  expect(stage.sink.messages()).toHaveLength(1);
  expect(await noticeRow(db, poisoned)).toMatchObject({ status: 'planned', attempts: 1 });
});

test('a worker that died before it froze a bundle leaves nothing behind that waits for it', async () => {
  const { db } = stage;
  const lead = await stage.given({ asks: true });
  const member = await stage.given({ key: 'handoff.held' });
  await db
    .updateTable('notice')
    .set({ status: 'sending', attempts: 1, bundled_in: lead, lease_until: tokyoAt('09:02') })
    .where('id', '=', lead)
    .execute();
  await db
    .updateTable('notice')
    .set({ status: 'bundled', bundled_in: lead })
    .where('id', '=', member)
    .execute();
  await db.updateTable('task').set({ closed_sequence: 2 }).execute();
  const deliver = delivering(tokyoAt('09:05'));
  expect(await deliver(lead)).toBe('cancelled');
  expect(await deliver(member, 2)).toBe('sent');
  const [mail, ...more] = stage.sink.messages();
  expect([mail?.raw.toString().includes('text/calendar'), more]).toEqual([false, []]);
});

test('a part that failed with its bundle stands for itself when it is tried again', async () => {
  const { db, email } = stage;
  let tries = 0;
  // Bytes that may have arrived are told as they were, and their parts end with them.
  const torn: typeof email = {
    ...email,
    send: () =>
      Promise.resolve(
        ++tries === 1
          ? { outcome: 'temporary', code: 'torn', mayHaveArrived: true }
          : { outcome: 'permanent', code: '550' },
      ),
  };
  const lead = await stage.given({ to: tokyo.backup });
  const member = await stage.given({ to: tokyo.backup, key: 'handoff.held', asks: true });
  const failing = delivering(tokyoAt('09:00'), torn);
  await expect(failing(lead)).rejects.toThrow('torn');
  expect(await failing(lead)).toBe('failed');
  await db.updateTable('task').set({ closed_sequence: 2 }).execute();
  expect(await retryDeadLetter(db, { id: member, at: tokyoAt('09:10') })).toBe(true);
  expect(await delivering(tokyoAt('09:10'))(member, 2)).toBe('cancelled');
});
