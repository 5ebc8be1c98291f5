/** Whose digest is due, what their plan is made with, and what became of each. */
import { sql, type Transaction } from 'kysely';
import type { Chosen, Reason } from '../domain/digest/choose.ts';
import type { DigestPlan, Due, Had, PersonNow } from '../domain/digest/turn.ts';
import { wishOf } from '../domain/digest/wish.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Waiting } from '../domain/notice/send-time.ts';
import type { DigestRhythm, DigestWish, QuietHours } from '../domain/people/preferences.ts';
import { type ByDay, onWallDay } from '../domain/policy/wall-day.ts';
import { dayNumber, dayText, type WorkingCalendar } from '../domain/time/calendar.ts';
import { wallDay } from '../domain/time/wall.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import type { ZoneData } from '../domain/time/zone.ts';
import { present } from '../domain/assert.ts';
import type { Query } from './client.ts';
import type { FrozenReading } from './practice-deliveries.ts';
import { derivedId } from './derived-id.ts';
import { policyByDay } from './policies.ts';
import type { DB } from './schema.ts';

type Tx = Transaction<DB>;

export interface DuePerson {
  readonly person: PersonId;
  /** What said that they are to be planned anew; whatever is said later stays. */
  readonly numbers: readonly string[];
}

export interface DueQuestion {
  readonly now: Instant;
  readonly limit: number;
  readonly except: readonly PersonId[];
}

/** Whose time has come, and who is to be planned anew; each once. */
export async function duePeople(
  query: Query,
  { now, limit, except }: DueQuestion,
): Promise<readonly DuePerson[]> {
  const { rows } = await sql<DuePerson>`
    SELECT person, array_remove(array_agg(number), NULL) AS numbers FROM (
      (SELECT person_id AS person, NULL AS number FROM digest_plan
        WHERE next_digest_at <= ${now}::timestamptz AND person_id <> ALL (${except}::text[])
        ORDER BY next_digest_at LIMIT ${limit})
      UNION ALL
      (SELECT person_id, number::text FROM digest_replan
        WHERE person_id <> ALL (${except}::text[]) ORDER BY number LIMIT ${limit})
    ) due GROUP BY person`.execute(query);
  return rows;
}

export async function removeReplans(query: Query, due: readonly DuePerson[]): Promise<void> {
  const numbers = due.flatMap((one) => one.numbers);
  if (numbers.length === 0) return;
  await sql`DELETE FROM digest_replan WHERE number = ANY (${numbers}::text[]::bigint[])`.execute(
    query,
  );
}

interface RegionDay {
  readonly region: string;
  readonly zone: string;
  /** Looked at last; null: never. */
  readonly day: string | null;
}

/** A policy that was said before begins by itself: those it is for are planned anew on its first day there. */
export async function replanBegun(query: Query, now: Instant): Promise<void> {
  const { rows } = await sql<RegionDay>`
    SELECT g.id AS region, g.zone, d.day FROM region g
    LEFT JOIN digest_wish_day d ON d.region_id = g.id`.execute(query);
  const begun = rows
    .map(({ region, zone, day }) => ({ region, before: day, today: wallDay(now, zone) }))
    .filter(({ before, today }) => before !== today);
  if (begun.length === 0) return;
  await sql`
    WITH begun AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(begun)}::text::jsonb)
        AS b (region text, before date, today date)
    ), looked AS (
      INSERT INTO digest_wish_day (region_id, day) SELECT region, today FROM begun ORDER BY region
      ON CONFLICT (region_id) DO UPDATE SET day = excluded.day
    )
    INSERT INTO digest_replan (person_id)
    SELECT p.id FROM begun b JOIN person p ON p.region_id = b.region AND p.left_at IS NULL
    WHERE EXISTS (SELECT FROM policy WHERE policy.key = 'digest.wish'
      AND (policy.region_id = b.region OR policy.region_id IS NULL)
      AND valid_from > coalesce(b.before, '-infinity') AND valid_from <= b.today)`.execute(query);
}

/** False while somebody else is at it: what they do is then read by nobody half done. */
export async function lockDigests(tx: Tx, person: PersonId): Promise<boolean> {
  const { rows } = await sql<{ readonly isMine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`digest/${person}`}, 0)) AS "isMine"`.execute(
    tx,
  );
  return rows[0]?.isMine ?? false;
}

export interface DigestFacts {
  readonly wish: DigestWish;
  readonly isActive: boolean;
  readonly quiet: QuietHours | null;
  readonly had: Had;
  readonly calendarRevision: number;
  /** Of calendar, wishes and zone data. */
  readonly revision: string;
  readonly plan: DigestPlan | null;
}

interface FactsRow extends Pick<DigestFacts, 'isActive' | 'quiet' | 'calendarRevision'> {
  readonly said: DigestWish | null;
  readonly policy: ByDay;
  /** Of the region. */
  readonly zone: string;
  readonly preferenceRevision: number;
  readonly zoneData: string;
  readonly day: string | null;
  readonly periods: Readonly<Record<string, string>>;
  readonly plan: PlanRow | null;
}

interface PlanRow extends DigestWish {
  readonly since: string;
  readonly at: string | null;
  readonly period: string | null;
  readonly day: string | null;
  readonly why: Waiting | null;
  readonly revision: string;
}

/** The calendar stays as it is until the transaction ends, as it does for every plan. */
export async function digestFacts(
  query: Query,
  person: PersonId,
  now: Instant,
): Promise<DigestFacts | null> {
  const policy = policyByDay({ key: 'digest.wish', region: sql.ref('p.region_id'), at: now });
  const { rows } = await sql<FactsRow>`
    SELECT p.left_at IS NULL AS "isActive", r.revision AS "calendarRevision",
      (SELECT version FROM zone_data) AS "zoneData", ${policy} AS policy, g.zone,
      coalesce(w.revision, 0) AS "preferenceRevision",
      CASE WHEN w.digest_every IS NOT NULL THEN jsonb_build_object('every', w.digest_every,
        'weekday', coalesce(w.digest_weekday, 1), 'minute', coalesce(w.digest_minute, 540))
      END AS said,
      CASE WHEN w.quiet_from IS NOT NULL THEN jsonb_build_object('from', w.quiet_from,
        'until', w.quiet_until) END AS quiet,
      (SELECT max(d.day)::text FROM digest d WHERE d.person_id = p.id) AS day,
      (SELECT coalesce(jsonb_object_agg(every, last), '{}') FROM (
        SELECT every, max(period) AS last FROM digest d WHERE d.person_id = p.id GROUP BY every
      ) latest) AS periods,
      (SELECT jsonb_build_object('every', every, 'weekday', weekday, 'minute', minute,
          'since', since, 'at', next_digest_at, 'period', period, 'day', day, 'why', why,
          'revision', revision)
        FROM digest_plan WHERE person_id = p.id) AS plan
    FROM person p
    JOIN region g ON g.id = p.region_id
    JOIN calendar_revision r ON r.person_id = p.id
    LEFT JOIN preference w ON w.person_id = p.id
    WHERE p.id = ${person}
    FOR SHARE OF r`.execute(query);
  return rows[0] ? factsOf(rows[0], now) : null;
}

function factsOf(
  { said, policy, zone, day, periods, plan, ...row }: FactsRow,
  now: Instant,
): DigestFacts {
  const wish = said ?? wishOf(onWallDay(policy, zone, now));
  const { isActive, quiet, calendarRevision, preferenceRevision, zoneData } = row;
  const period = periods[wish.every] ?? null;
  return {
    wish,
    isActive,
    quiet,
    had: { day: numberOf(day), period: numberOf(period) },
    calendarRevision,
    revision: `${calendarRevision}/${preferenceRevision}/${zoneData}`,
    plan: plan && planOf(plan),
  };
}

const numberOf = (day: string | null): number | null => (day === null ? null : dayNumber(day));

function planOf({ every, weekday, minute, since, at, why, revision, ...row }: PlanRow): DigestPlan {
  const dayOf = (text: string | null): number => present(numberOf(text), 'a day of a plan');
  return {
    wish: { every, weekday, minute },
    since: Date.parse(since),
    due:
      at === null
        ? null
        : { at: Date.parse(at), period: dayOf(row.period), day: dayOf(row.day), why },
    revision,
  };
}

/** As the rule asks about them. */
export const digestPerson = (
  { wish, isActive, quiet, had, revision }: DigestFacts,
  calendar: WorkingCalendar,
  zoneData: ZoneData,
): PersonNow => ({
  wish,
  isActive,
  reader: { calendar, clock: openCalendar(calendar, { zoneData }), quiet },
  had,
  revision,
});

export async function saveDigestPlan(tx: Tx, person: PersonId, plan: DigestPlan): Promise<void> {
  const { wish, since, due, revision } = plan;
  const row = {
    every: wish.every,
    weekday: wish.weekday,
    minute: wish.minute,
    since,
    next_digest_at: due && due.at,
    period: due && dayText(due.period),
    day: due && dayText(due.day),
    why: due?.why ?? null,
    revision,
  };
  await tx
    .insertInto('digest_plan')
    .values({ person_id: person, ...row })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute();
}

/** What became of a period at its hour. */
export type DigestEnd =
  | {
      readonly status: 'composed';
      readonly notice: NoticeId;
      readonly items: readonly Chosen[];
      readonly more: number;
    }
  | { readonly status: 'suppressed'; readonly reason: 'nothing_new' }
  | { readonly status: 'skipped'; readonly reason: 'late' };

export interface NewDigest {
  readonly person: PersonId;
  readonly every: DigestRhythm;
  readonly due: Due;
  /** Of the wall on which it came. */
  readonly day: number;
  readonly at: Instant;
  readonly end: DigestEnd;
}

/** Its key is the person and the period: a second one is refused by Postgres, whoever tries. */
export async function insertDigest(tx: Tx, digest: NewDigest): Promise<void> {
  const { person, every, due, day, at, end } = digest;
  const period = dayText(due.period);
  const id = derivedId('digest', person, every, period);
  const items = end.status === 'composed' ? end.items : [];
  const rows = items.map((item, index) => ({ rank: index + 1, ...item }));
  await sql`
    WITH claimed AS (
      INSERT INTO digest (id, person_id, every, period, due_at, day, at, status, reason, notice_id, more)
      VALUES (${id}, ${person}, ${every}, ${period}::date, ${due.at}::timestamptz,
        ${dayText(day)}::date, ${at}::timestamptz, ${end.status},
        ${end.status === 'composed' ? null : end.reason},
        ${end.status === 'composed' ? end.notice : null}, ${end.status === 'composed' ? end.more : 0})
      RETURNING id
    )
    INSERT INTO digest_item (digest_id, rank, practice_id, reasons)
    SELECT claimed.id, i.rank, i.id, i.reasons
    FROM claimed, jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS i (rank int, id uuid, reasons jsonb)`.execute(tx);
}

export interface FrozenItem extends FrozenReading {
  readonly reasons: readonly Reason[];
}

export interface FrozenDigest {
  readonly id: string;
  readonly person: PersonId;
  /** In their order, without what was left out. */
  readonly items: readonly FrozenItem[];
  readonly more: number;
  /** Its reader has ended their digests meanwhile. */
  readonly isEnded: boolean;
}

/** Of a message. */
export async function frozenDigest(query: Query, notice: NoticeId): Promise<FrozenDigest | null> {
  const { rows } = await sql<FrozenDigest>`
    SELECT d.id, d.person_id AS person, d.more,
      coalesce((SELECT digest_every = 'never' FROM preference w WHERE w.person_id = d.person_id), false)
        AS "isEnded",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('practice', i.practice_id,
          'reasons', i.reasons, 'version', i.version, 'content', r.content_id) ORDER BY i.rank), '[]')
        FROM digest_item i LEFT JOIN practice_delivery r ON r.via = 'digest'
          AND (r.practice_id, r.person_id, r.version, r.locale)
            = (i.practice_id, d.person_id, i.version, i.locale)
        WHERE i.digest_id = d.id AND i.left_out IS NULL) AS items
    FROM digest d WHERE d.notice_id = ${notice}`.execute(query);
  return rows[0] ?? null;
}

export interface ItemMade {
  readonly practice: LoopId;
  readonly version: number | null;
  readonly locale: string | null;
  readonly leftOut: string | null;
}

/** What each item became when the message was made. */
export async function settleItems(
  tx: Tx,
  digest: string,
  items: readonly ItemMade[],
): Promise<void> {
  await sql`
    UPDATE digest_item i SET version = s.version, locale = s.locale, left_out = s."leftOut"
    FROM jsonb_to_recordset(${JSON.stringify(items)}::text::jsonb)
      AS s (practice uuid, version int, locale text, "leftOut" text)
    WHERE i.digest_id = ${digest} AND i.practice_id = s.practice`.execute(tx);
}

/** A message that is not sent any more: its digest says why. */
export async function suppressDigest(
  query: Query,
  notice: NoticeId,
  reason: string,
): Promise<void> {
  await sql`
    UPDATE digest SET status = 'suppressed', reason = ${reason}
    WHERE notice_id = ${notice} AND status = 'composed'`.execute(query);
}

/**
 * It reached nobody: what was in it comes with a later one, and nobody is called back from what they
 * never had.
 */
export async function forgetDigestItems(query: Query, notice: NoticeId): Promise<void> {
  await sql`
    WITH gone AS (
      UPDATE digest_item i SET left_out = 'undelivered', version = NULL, locale = NULL
      FROM digest d WHERE d.notice_id = ${notice} AND i.digest_id = d.id AND i.left_out IS NULL
      RETURNING i.practice_id, d.person_id
    )
    DELETE FROM practice_delivery d USING gone
    WHERE (d.person_id, d.practice_id) = (gone.person_id, gone.practice_id)
      AND d.via = 'digest'`.execute(query);
}

/** Bytes that nobody took are made anew, and what was written with them; whether anything was. */
export async function forgetDigestDeliveries(query: Query, notice: NoticeId): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM practice_delivery r USING digest d JOIN digest_item i ON i.digest_id = d.id
    WHERE d.notice_id = ${notice} AND r.via = 'digest' AND i.version IS NOT NULL
      AND (r.person_id, r.practice_id, r.version) = (d.person_id, i.practice_id, i.version)
    RETURNING r.practice_id`.execute(query);
  return rows.length > 0;
}
