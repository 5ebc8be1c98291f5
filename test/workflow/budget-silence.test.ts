/**
 * A request from Riyadh on the Thursday before Eid al-Fitr 2027. Its approver in Munich is on leave from
 * the day after, a delegate in Tokyo asks a question, has a day off at the equinox and takes another,
 * Eid is confirmed a day later than was thought, and in the end nobody decides. Each instant was
 * reckoned by hand.
 */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmailChannel } from '../../channels/email/email.ts';
import type { Channel } from '../../channels/channel.ts';
import { type MailSink, startMailSink } from '../../bin/embedded/mail-sink.ts';
import { loops } from '../../activities/loops.ts';
import { changeAllocation, openBudgetLine } from '../../db/budget-lines.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import type { DB } from '../../db/schema.ts';
import { fiscalYear } from '../../domain/budget/fiscal-year.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import { phrase } from '../../locales/render.ts';
import { givenPolicy, purpose } from '../support/budget-organisation.ts';
import { type Budget, submits } from '../support/budget-story.ts';
import { delegates } from '../support/delegation-story.ts';
import { inbox, write } from '../support/handoff-story.ts';
import { reviews } from '../support/holiday-review-story.ts';
import { givenPeople, person } from '../support/people.ts';
import { readers } from '../support/readers.ts';
import { until } from '../support/until.ts';
import { createWorld, type World } from '../support/world.ts';

const riyadh = person('riyadh');
const munich = person('munich');
const tokyo = person('tokyo');
const minuteMs = 60_000;
/** A step is recorded some milliseconds after what it was due at. */
const toMinute = (instant: number): number => Math.floor(instant / minuteMs) * minuteMs;
const at = (local: string): number => Date.parse(local);

let sink: MailSink;
let email: Channel;
let world: World;
beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const from = { name: 'Meridian', address: 'meridian@example.test' };
  email = createEmailChannel({ smtpUrl: sink.smtpUrl, from });
  const startsAt = at('2027-03-04T10:00+03:00');
  const workflows = 'workflows/index.ts';
  world = await createWorld({ loops, workflows, startsAt, channels: { email } });
  await givenRegions();
});
afterAll(async () => {
  await world.stop();
  email.close();
  await sink.stop();
});

/** Riyadh works from Sunday to Thursday; Eid is provisional for the 10th and the 11th. */
async function givenRegions(): Promise<void> {
  const { db } = world.database;
  await givenPeople(db, [
    { id: munich, zone: 'Europe/Berlin', locale: 'de' },
    { id: tokyo, zone: 'Asia/Tokyo', locale: 'ja' },
    { id: riyadh, zone: 'Asia/Riyadh', locale: 'ar', manager: munich },
  ]);
  const days = ['sun', 'mon', 'tue', 'wed', 'thu'].map((name) => [name, [[540, 1020]]]);
  const week = Object.fromEntries([...days, ['fri', []], ['sat', []]]) as object;
  await db.insertInto('working_week').values({ id: 'gulf', intervals: week }).execute();
  const regions = [
    { id: 'riyadh', zone: 'Asia/Riyadh', locale: 'ar', week_id: 'gulf' },
    { id: 'tokyo', zone: 'Asia/Tokyo', locale: 'ja', week_id: 'office' },
  ];
  await db
    .insertInto('region')
    .values(regions.map((one) => ({ ...one, name: one.id, manager_id: munich })))
    .execute();
  for (const id of [riyadh, tokyo]) {
    await db.updateTable('person').set({ region_id: id }).where('id', '=', id).execute();
  }
  await db.transaction().execute(async (tx) => {
    await holiday(tx, 'tokyo', '2027-03-22', 'confirmed');
    for (const day of ['2027-03-10', '2027-03-11']) await holiday(tx, 'riyadh', day, 'provisional');
    await absent(tx, munich, ['2027-03-05', '2027-03-26']);
    await openLine(tx);
  });
  const asked = [{ managerOf: 'requester' }];
  await givenPolicy(db, 'budget.route', { layers: [{ steps: [{ name: 'manager', asked }] }] });
  await givenPolicy(db, 'budget.clock', { answerMinutes: 1_920, lapseMinutes: 2_880 });
}

const holiday = (
  tx: Transaction<DB>,
  region: string,
  day: string,
  status: 'provisional' | 'confirmed',
) =>
  tx
    .insertInto('holiday')
    .values({ region_id: region, day, kind: 'off', name: day, source: 'test', status })
    .execute();

const absent = (tx: Transaction<DB>, of: PersonId, [first = '', last = first]: readonly string[]) =>
  tx
    .insertInto('absence')
    .values({ id: randomUUID(), person_id: of, first_day: first, last_day: last })
    .execute();

async function openLine(tx: Transaction<DB>): Promise<void> {
  const year = fiscalYear(2027, { zone: 'Asia/Riyadh', fiscalStartMonth: 1 });
  const region = 'riyadh' as RegionId;
  const opened = await openBudgetLine(tx, {
    region,
    year,
    purpose,
    isRingFenced: false,
    currency: 'SAR',
  });
  const line = opened.ok ? opened.id : '';
  const change = { id: randomUUID(), line, to: 10_000_000n, author: munich, at: world.clock.now() };
  await changeAllocation(tx, { ...change, reason: 'The plan of the year.' });
}

const deadlineOf = async ({ id }: Budget, kind: string): Promise<number> => {
  const task = await world.database.db
    .selectFrom('task')
    .select('due_at')
    .where('loop_id', '=', id)
    .where('kind', '=', kind)
    .where('closed_sequence', 'is', null)
    .executeTakeFirst();
  return toMinute(task?.due_at ?? 0);
};

const happened = async ({ id }: Budget, type: string): Promise<readonly number[]> => {
  const rows = await world.database.db
    .selectFrom('transition')
    .select(['at', 'events'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .execute();
  return rows.flatMap((row) =>
    (row.events as { type: string }[]).some((event) => event.type === type)
      ? [toMinute(row.at)]
      : [],
  );
};

const zones: Readonly<Record<string, string>> = {
  [riyadh]: 'Asia/Riyadh',
  [munich]: 'Europe/Berlin',
  [tokyo]: 'Asia/Tokyo',
};
const localTime = (instant: number, to: string): string =>
  new Intl.DateTimeFormat('sv', {
    timeZone: zones[to] ?? 'UTC',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(instant);

const mailTo = (to: PersonId) =>
  sink.messages().filter((mail) => mail.to[0] === `${to}@example.test`);

async function replanned(request: Budget, isDone: () => Promise<boolean>): Promise<void> {
  await world.client.workflow.getHandle(request.workflowId).signal('calendarsChanged');
  await until('it has planned again', isDone);
}

test('every reminder, the moved deadline and the lapse come at the right local minute, each in their language', async () => {
  const { db } = world.database;
  await delegates(world, {
    actor: munich,
    principal: munich,
    delegate: tokyo,
    from: at('2027-03-05T00:00+01:00'),
    until: at('2027-03-27T00:00+01:00'),
  });
  const instalments = [{ due: '2027-04-01', minor: '1500000' }];
  const request = await submits(world, {
    requester: riyadh,
    currency: 'SAR',
    instalments,
    ends: '2027-04-30',
  });
  // Of the two working days in Munich one is before the leave, and one behind it.
  expect(await deadlineOf(request, 'budgetRequest.decide')).toBe(at('2027-03-29T17:00+02:00'));
  await world.advanceTo(at('2027-03-05T00:00+01:00'));
  expect(await happened(request, 'reminded')).toEqual([at('2027-03-04T17:00+01:00')]);
  await replanned(request, async () => (await inbox(world, tokyo)).length === 1);
  expect(await inbox(world, munich)).toEqual([]);
  await world.advanceTo(at('2027-03-05T11:00+09:00'));
  await request.send({
    type: 'ask',
    actor: tokyo,
    onBehalfOf: munich,
    content: await write(world, tokyo, 'budget.ask'),
  });
  // Four working days of Riyadh, the two of Eid left out.
  expect(await deadlineOf(request, 'budgetRequest.answer')).toBe(at('2027-03-14T17:00+03:00'));

  await world.advanceTo(at('2027-03-08T11:00+03:00'));
  await eidIsADayLater();
  const confirmed = at('2027-03-10T17:00+03:00');
  await replanned(
    request,
    async () => (await deadlineOf(request, 'budgetRequest.answer')) === confirmed,
  );
  await world.advanceTo(confirmed);
  expect(await happened(request, 'questionLapsed')).toEqual([confirmed]);

  // An hour of Thursday and two of Friday were used; the rest of the two days goes on in Tokyo, which
  // is reminded at half of what Munich's own reminder left.
  await world.advanceTo(at('2027-03-13T00:00+09:00'));
  expect(await happened(request, 'overdue')).toEqual([at('2027-03-12T14:00+09:00')]);
  // Six working days from then on, the equinox left out.
  const lapses = at('2027-03-23T14:00+09:00');
  expect(await deadlineOf(request, 'budgetRequest.decide')).toBe(lapses);
  await world.advanceTo(at('2027-03-16T10:00+09:00'));
  await db.transaction().execute(async (tx) => {
    await absent(tx, tokyo, ['2027-03-17']);
    const change = { reason: 'absence', people: [tokyo], at: world.clock.now() } as const;
    await recordCalendarChange(tx, change);
  });
  const later = at('2027-03-24T14:00+09:00');
  await replanned(
    request,
    async () => (await deadlineOf(request, 'budgetRequest.decide')) === later,
  );
  await world.advanceTo(at('2027-03-29T12:00+02:00'));
  expect(await happened(request, 'lapsed')).toEqual([later]);
  const line = await db.selectFrom('budget_line').select('reserved').executeTakeFirstOrThrow();
  expect(line.reserved).toBe(0n);

  const sent = await db
    .selectFrom('notice')
    .select(['key', 'recipient_id as to', 'send_at as at', 'status'])
    .where('loop_id', '=', request.id)
    .orderBy('send_at')
    .orderBy('recipient_id')
    .orderBy('key')
    .execute();
  // Each waits for its reader's own working time; what was to remind Munich moved on to Tokyo before.
  expect(
    sent.map(({ key, to, at: sendAt, status }) => {
      const said = key.replace('budgetRequest.', '');
      return [localTime(sendAt, to), to, said, status].join(' ');
    }),
  ).toEqual([
    '2027-03-04 09:00 munich asked sent',
    '2027-03-05 09:00 tokyo delegation.step_moved sent',
    '2027-03-07 09:00 riyadh question sent',
    '2027-03-08 11:00 riyadh deadline_moved sent',
    '2027-03-11 09:00 tokyo not_answered sent',
    '2027-03-12 10:00 tokyo reminder sent',
    '2027-03-12 14:00 tokyo overdue sent',
    '2027-03-15 09:00 riyadh question_lapsed sent',
    '2027-03-16 10:00 tokyo deadline_moved sent',
    '2027-03-16 09:00 riyadh deadline_moved_for sent',
    '2027-03-24 14:00 tokyo lapsed_undecided sent',
    '2027-03-24 09:00 riyadh lapsed sent',
    '2027-03-29 09:00 munich lapsed_undecided sent',
    '2027-03-29 09:00 munich reminder cancelled',
  ]);
  const languages = (to: PersonId) => [...new Set(mailTo(to).map(({ language }) => language))];
  expect([riyadh, munich, tokyo].map(languages)).toEqual([['ar'], ['de'], ['ja']]);
  const moved = mailTo(riyadh).find(({ text }) => text.includes('تغيّرت معها مهلتك'));
  expect(moved?.text).toContain('10 مارس 2027 في 5:00 م');
  const own = mailTo(tokyo).find(({ subject }) => subject.includes('予算申請の期限が変わりました'));
  expect(own?.text).toMatch(/変更前は[^。]*2027年3月23日[^。]*14:00[^。]*2027年3月24日[^。]*14:00/);
  for (const [to, begins] of begun) {
    const read = mailTo(to).map(({ subject, text }) => `${subject} ${text}`);
    for (const words of begins) expect(read).toContainEqual(expect.stringContaining(words));
  }
  // What moved the decision, and to when, in the requester's language and on their clock.
  const waits = mailTo(riyadh).find(({ text }) => text.includes('ليقرر؛ وكان الموعد'));
  expect(waits?.text).toContain(said('absence', 'ar'));
  expect(waits?.text).toContain('24 مارس 2027 في 8:00 ص');
});

/** What each was told of, by the first words of its subject; what came at once is in one mail. */
const begun = [
  [
    munich,
    [
      'Ein Antrag auf Entwicklungsmittel wartet auf Sie',
      'Ein Antrag ist ohne Ihre Entscheidung verfallen',
    ],
  ],
  [
    tokyo,
    [
      '質問に回答がありませんでした',
      '決裁の持ち時間の半分が過ぎました',
      '決裁の持ち時間が過ぎました',
      '予算申請の期限が変わりました',
      '申請があなたの決裁なしに失効しました',
    ],
  ],
  [riyadh, ['تغيّرت مهلتك في طلب ميزانية', 'لم يقرر أحد فسقط طلبك']],
] as const;

const said = (reason: string, locale: string): string =>
  phrase(`reason.calendar.${reason}`, {}, { ...readers.riyadh, locale });

/** The manager of the region is on leave: whoever decides for them says so. */
async function eidIsADayLater(): Promise<void> {
  const region = 'riyadh' as RegionId;
  const ask = (day: string) =>
    reviews(world, { region, day, beginsAt: at(`${day}T00:00+03:00`), reviewer: munich });
  const by = { actor: tokyo, onBehalfOf: munich };
  const first = await ask('2027-03-10');
  await first.send({ type: 'correct', ...by, movedTo: '2027-03-14' });
  const second = await ask('2027-03-11');
  await second.send({ type: 'confirm', ...by });
  const rows = await world.database.db
    .selectFrom('region_holiday')
    .select(['day', 'status'])
    .where('region_id', '=', region)
    .orderBy('day')
    .execute();
  expect(rows.map(({ day, status }) => `${day} ${status}`)).toEqual([
    '2027-03-11 confirmed',
    '2027-03-14 confirmed',
  ]);
}
