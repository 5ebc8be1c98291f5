import ICAL from 'ical.js';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { takeReport } from '../../api/mail/take-report.ts';
import type { Channel } from '../../channels/channel.ts';
import { provenId } from '../../channels/email/message-id.ts';
import { reviewId } from '../../db/quarterly-reviews.ts';
import { coverRules } from '../../domain/cover/decide.ts';
import type { AccountId, PersonId, RegionId } from '../../domain/id.ts';
import { reviewRules } from '../../domain/quarterly-review/decide.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { type MailStage, mailStage } from '../support/mail-stage.ts';
import { noticeRow } from '../support/notices.ts';
import { recordedLoop } from '../support/recorded-loop.ts';
import { storyClock } from '../support/story-clock.ts';

/** A Monday morning in Berlin. */
const startsAt = Date.parse('2027-03-01T09:00:00Z');
const dayMs = 86_400_000;
const mailProofSecret = 'what proves whose mail it was';

let stage: MailStage;
let clock: ReturnType<typeof storyClock>;
beforeAll(async () => {
  stage = await mailStage(startsAt);
});
beforeEach(() => {
  clock = storyClock(startsAt);
});
afterEach(() => stage.forget());
afterAll(() => stage.stop());

function recorded<State>(rules: Parameters<typeof recordedLoop>[1], id?: string) {
  const record = createRecord({ db: stage.db, clock, loops, startDeliveries: () => undefined });
  return recordedLoop({ record, clock }, rules, id as never) as ReturnType<
    typeof recordedLoop<State, never, never>
  >;
}

/** Each planned message at its hour, until nothing waits any more. */
async function everythingGoesOut(email: Channel = stage.email): Promise<void> {
  const { db } = stage;
  const deliver = createDeliver({ db, clock, channels: { email }, publicUrl: 'https://m.test' });
  for (let left = 50; left > 0; left--) {
    const next = await db
      .selectFrom('notice')
      .select(['id', 'revision', 'send_at'])
      .where('status', '=', 'planned')
      .orderBy('send_at')
      .executeTakeFirst();
    if (!next) return;
    clock.moveTo(Math.max(clock.now(), next.send_at));
    await deliver({ noticeId: next.id, revision: next.revision }).catch(() => undefined);
  }
  throw new Error('messages still wait');
}

/** What the files of all mails say, read by a library of somebody else. */
async function entries() {
  const mails = await Promise.all(
    stage.sink.messages().map(async ({ raw }) => ({ mail: await simpleParser(raw) })),
  );
  return mails.flatMap(({ mail }) =>
    mail.attachments.map(({ content }) => {
      const calendar = new ICAL.Component(ICAL.parse(content.toString()) as never);
      const event = calendar.getFirstSubcomponent('vevent')!;
      const value = (name: string): string => String(event.getFirstPropertyValue(name) ?? '');
      const to = [mail.to ?? []].flat()[0]?.value[0]?.address ?? '';
      return {
        to: to.split('@')[0] ?? '',
        method: calendar.getFirstPropertyValue('method'),
        uid: value('uid'),
        sequence: Number(value('sequence')),
        status: value('status'),
        from: value('dtstart'),
        until: value('dtend'),
        organizer: value('organizer'),
      };
    }),
  );
}
type Entry = Awaited<ReturnType<typeof entries>>[number];
const taken = ({ method }: Entry) => method === 'PUBLISH';
const cancelled = ({ method }: Entry) => method === 'CANCEL';
const periods = (all: readonly Entry[]) => all.filter(({ uid }) => uid.endsWith('.period'));

let accounts = 0;
async function coverTaken() {
  const account = `account-${++accounts}` as AccountId;
  await givenAccount(stage.db, { id: account, owner: berlin.lead, since: startsAt - dayMs });
  const from = startsAt + 10 * dayMs;
  const cover = recorded(coverRules as never);
  const request = {
    type: 'request',
    actor: berlin.manager,
    account,
    owner: berlin.lead,
    reason: 'asked',
    manager: berlin.manager,
    candidates: [tokyo.lead, tokyo.backup],
    note: null,
    absence: null,
    from,
    until: from + 3 * dayMs,
  };
  expect(await cover.does(request as never)).toBe('recorded');
  expect(await cover.does({ type: 'take', actor: tokyo.lead } as never)).toBe('recorded');
  return cover;
}
const withdrawn = { type: 'withdraw', actor: berlin.lead } as never;

test('a cover that is called off is withdrawn from exactly the calendars that have it, whoever called it off', async () => {
  const cover = await coverTaken();
  await everythingGoesOut();
  const before = periods(await entries());
  expect(before.map(({ to }) => to).toSorted()).toEqual([
    'berlin-lead',
    'berlin-manager',
    'tokyo-lead',
  ]);
  stage.sink.clear();
  expect(await cover.does(withdrawn)).toBe('recorded');
  await everythingGoesOut();
  const after = periods(await entries());
  expect(after.map(({ to }) => to).toSorted()).toEqual(before.map(({ to }) => to).toSorted());
  for (const entry of after) {
    const old = before.find(({ uid }) => uid === entry.uid)!;
    expect(entry).toMatchObject({ ...old, method: 'CANCEL', status: 'CANCELLED', sequence: 2 });
    expect(entry.sequence).toBeGreaterThan(old.sequence);
    expect(entry.organizer).toBe('mailto:meridian@example.test');
  }
});

test('nothing is withdrawn from the calendar of whoever certainly never had it', async () => {
  const { db } = stage;
  const cover = await coverTaken();
  await everythingGoesOut();
  const before = periods(await entries()).map(({ to }) => to);
  // Given up, refused at each try.
  await db
    .updateTable('notice')
    .set({ status: 'failed', may_have_arrived: false })
    .where('loop_id', '=', cover.id)
    .where('recipient_id', '=', berlin.lead)
    .execute();
  stage.sink.clear();
  expect(await cover.does(withdrawn)).toBe('recorded');
  await everythingGoesOut();
  const after = periods(await entries()).map(({ to }) => to);
  expect(after.toSorted()).toEqual(before.filter((to) => to !== berlin.lead).toSorted());
  const told = await db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', cover.id)
    .where('key', '=', 'message.called_off')
    .execute();
  expect(told.map((one) => one.recipient_id)).not.toContain(berlin.lead);
});

test.for<[fate: string, send: Channel['send']]>([
  ['was refused for good', async () => ({ outcome: 'permanent', code: '550' })],
  ['came back later', (bytes, address) => stage.email.send(bytes, address)],
])('nothing is withdrawn from a calendar whose mail %s', async ([fate, send]) => {
  const { db } = stage;
  const cover = await coverTaken();
  const lead = 'berlin-lead@example.test';
  const toLead: Channel = {
    ...stage.email,
    send: (bytes, to) => (to === lead ? send(bytes, to) : stage.email.send(bytes, to)),
  };
  await everythingGoesOut(toLead);
  const mailed = await db
    .selectFrom('notice')
    .select('message_id')
    .where('recipient_id', '=', berlin.lead)
    .where('entry', 'is not', null)
    .where('status', '=', fate === 'came back later' ? 'sent' : 'failed')
    .execute();
  expect(mailed.length).toBeGreaterThan(0);
  for (const { message_id: id } of fate === 'came back later' ? mailed : []) {
    const messageId = provenId(mailProofSecret, id);
    const report = { kind: 'refused', messageId, address: lead } as const;
    await takeReport({ db, clock, mailProofSecret }, report);
  }
  stage.sink.clear();
  expect(await cover.does(withdrawn)).toBe('recorded');
  await everythingGoesOut();
  const off = (await entries()).filter(cancelled).map(({ to }) => to);
  expect(off.toSorted()).toEqual(['berlin-manager', 'tokyo-lead']);
});

test('what is called off before its message went out is never put into a calendar, and nothing is withdrawn', async () => {
  const cover = await coverTaken();
  expect(await cover.does(withdrawn)).toBe('recorded');
  await everythingGoesOut();
  expect(stage.sink.messages().length).toBeGreaterThan(0);
  expect(periods(await entries())).toEqual([]);
});

test('a cover that ends early ends then in the calendars that have it', async () => {
  const cover = await coverTaken();
  await everythingGoesOut();
  await cover.fires();
  await everythingGoesOut();
  const had = periods(await entries());
  stage.sink.clear();
  clock.moveTo(clock.now() + dayMs);
  expect(await cover.does({ type: 'endEarly', actor: berlin.lead } as never)).toBe('recorded');
  await everythingGoesOut();
  const shorter = periods(await entries());
  expect(shorter.filter(cancelled)).toEqual([]);
  expect(new Set(shorter.map(({ to }) => to))).toEqual(new Set(had.map(({ to }) => to)));
  for (const entry of shorter) {
    const old = had.findLast(({ uid }) => uid === entry.uid)!;
    expect([entry.from, entry.sequence > old.sequence]).toEqual([old.from, true]);
    expect(entry.until < old.until).toBe(true);
  }
});

let quarters = 0;
async function convened() {
  const of = { region: 'world' as RegionId, team: null, quarter: `2026-Q${++quarters}` };
  const review = recorded(reviewRules as never, reviewId(of));
  const from = startsAt + 10 * dayMs;
  const open = {
    type: 'open',
    ...of,
    kind: 'region',
    chair: berlin.manager,
    participants: [berlin.manager, tokyo.lead] as PersonId[],
    slot: { from, until: from + 3_600_000 },
  };
  expect(await review.does(open as never)).toBe('recorded');
  await everythingGoesOut();
  return review;
}

test('a meeting that moves is moved by a later file of its own, and one that is called off is cancelled', async () => {
  const review = await convened();
  const first = (await entries()).filter(taken);
  expect(first).toHaveLength(2);
  stage.sink.clear();
  const from = startsAt + 12 * dayMs;
  const move = { type: 'move', actor: berlin.manager, slot: { from, until: from + 3_600_000 } };
  expect(await review.does(move as never)).toBe('recorded');
  await everythingGoesOut();
  const moved = (await entries()).filter(taken);
  for (const entry of moved) {
    const old = first.find(({ uid }) => uid === entry.uid)!;
    expect(entry.sequence).toBeGreaterThan(old.sequence);
    expect(entry.from > old.from).toBe(true);
  }
  stage.sink.clear();
  expect(await review.does({ type: 'cancel', actor: berlin.manager } as never)).toBe('recorded');
  await everythingGoesOut();
  const off = (await entries()).filter(cancelled);
  expect(off.map(({ uid }) => uid).toSorted()).toEqual(moved.map(({ uid }) => uid).toSorted());
  for (const entry of off) {
    expect(entry.sequence).toBeGreaterThan(moved[0]!.sequence);
    expect(entry.from).toBe(moved.find(({ uid }) => uid === entry.uid)?.from);
  }
});

test('of two times that one mail tells of one loop, that of the later step is in the calendar, whichever comes first', async () => {
  const { db } = stage;
  const meets = (days: number) => ({
    account: { account: 'any' as AccountId },
    person: { person: tokyo.lead },
    meetsAt: { instant: startsAt + days * dayMs },
    meetsUntil: { instant: startsAt + days * dayMs + 3_600_000 },
  });
  const to = berlin.lead;
  for (const [first, second] of [
    [1, 3],
    [3, 1],
  ] as const) {
    const lead = await stage.given({ to, params: meets(first) });
    const later = { key: 'handoff.held', params: meets(second), sendAt: startsAt + 60_000 };
    const member = await stage.given({ to, ...later });
    const { loop_id } = await noticeRow(db, lead);
    for (const [id, sequence] of [[lead, first] as const, [member, second] as const]) {
      await db.updateTable('notice').set({ loop_id, sequence }).where('id', '=', id).execute();
    }
    await everythingGoesOut();
    const { entry } = await noticeRow(db, lead);
    const from = startsAt + 3 * dayMs;
    expect(entry).toMatchObject({ loop: loop_id, kind: 'call', sequence: 3, time: { from } });
    await stage.forget();
    clock.moveTo(startsAt);
  }
});

test('a withdrawal that is tried again is the same bytes', async () => {
  const review = await convened();
  expect(await review.does({ type: 'cancel', actor: berlin.manager } as never)).toBe('recorded');
  const tried: string[] = [];
  const unsure: Channel = {
    ...stage.email,
    send: async (bytes) => {
      tried.push(Buffer.from(bytes).toString());
      return tried.length % 2 === 1
        ? { outcome: 'temporary', code: 'dropped', mayHaveArrived: true }
        : { outcome: 'sent' };
    },
  };
  await everythingGoesOut(unsure);
  expect(tried.length).toBeGreaterThan(1);
  expect(tried[0]).toContain('text/calendar; charset=utf-8; method=CANCEL');
  expect(tried[1]).toBe(tried[0]);
});
