/** The ledger of what people were asked for outside their hours. */
import { sql, type Transaction } from 'kysely';
import { assert, present } from '../domain/assert.ts';
import { askMinutesPolicy } from '../domain/fairness/ask-minutes.ts';
import { type AskedOutside, askedOutside } from '../domain/fairness/asked.ts';
import type { LoopId, PersonId, RegionId, TeamId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { type ByDay, onWallDay } from '../domain/policy/wall-day.ts';
import { soFarMax } from '../domain/time/best-slot.ts';
import type { Range } from '../domain/time/range.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { dayMs } from '../domain/time/zone.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { policyByDay } from './policies.ts';
import type { DB } from './schema.ts';

/** What counts; the same for the next slot and for what is shown (`docs/decisions`). */
export const ledgerDays = 90;
export const ledgerSince = (at: Instant): Instant => at - ledgerDays * dayMs;

/** What asked: one step of a loop, and which of the things that it asked. */
interface Asking {
  readonly person: PersonId;
  readonly loop: LoopId;
  readonly sequence: number;
  /** Of a task, such as `handoff.read_back`, or what was agreed. */
  readonly kind: string;
}

export interface AskedRow extends Asking {
  readonly at: Instant;
  /** Null for whoever was to be reached and not asked: their rest is whole. */
  readonly until: Instant | null;
  readonly outsideMinutes: number;
  readonly restMinutes: number;
  readonly points: number;
}

/** Each once: what is there already stays as it was. */
export async function insertAsked(query: Query, rows: readonly AskedRow[]): Promise<void> {
  const iso = (at: Instant | null) => (at === null ? null : new Date(at).toISOString());
  const asked = rows.map((row) => ({ ...row, at: iso(row.at), until: iso(row.until) }));
  await sql`
    INSERT INTO asked_outside
      (loop_id, sequence, kind, person_id, at, until, outside_minutes, rest_minutes, points)
    SELECT loop, sequence, kind, person, at, until, "outsideMinutes", "restMinutes", points
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS a (loop uuid, sequence int,
      kind text, person text, at timestamptz, until timestamptz, "outsideMinutes" int, "restMinutes" int, points int)
    ON CONFLICT DO NOTHING`.execute(query);
}

/**
 * For what was agreed upon, such as a call, in the transaction that records it:
 * what of the range lies outside the person's hours. Nothing is kept where nothing does.
 */
export async function recordAsked(
  tx: Transaction<DB>,
  { from, until, ...asking }: Asking & Range,
): Promise<void> {
  const asked = await outsideOf(tx, asking.person, { from, until });
  if (asked.outsideMinutes > 0) await insertAsked(tx, [{ ...asking, at: from, until, ...asked }]);
}

/** What of the range lies outside somebody's hours, by the calendar of now. */
export async function outsideOf(
  query: Query,
  person: PersonId,
  range: Range,
): Promise<AskedOutside> {
  const calendar = present((await loadCalendars(query, [person])).get(person), 'a person');
  const asked = askedOutside({ clock: openCalendar(calendar), zone: calendar.zone }, range);
  assert(!('reason' in asked), 'what is agreed lies within what is known');
  return asked;
}

interface CalledOff {
  readonly loop: LoopId;
  readonly kind: string;
  readonly at: Instant;
}

/** What would still have come is off, and asks nobody for anything. */
export async function forgetAsked(query: Query, { loop, kind, at }: CalledOff): Promise<void> {
  await sql`
    DELETE FROM asked_outside
    WHERE loop_id = ${loop} AND kind = ${kind} AND at > ${at}::timestamptz`.execute(query);
}

/** By person, as their region has it on its day: how long a message outside their hours takes them. */
export async function askMinutesPolicies(
  query: Query,
  people: readonly PersonId[],
  at: Instant,
): Promise<ReadonlyMap<PersonId, unknown>> {
  const values = policyByDay({ key: askMinutesPolicy, region: sql.ref('p.region_id'), at });
  const { rows } = await sql<{ id: PersonId; zone: string; values: ByDay }>`
    SELECT p.id, g.zone, ${values} AS values FROM person p JOIN region g ON g.id = p.region_id
    WHERE p.id = ANY (${people}::text[])`.execute(query);
  return new Map(rows.map((row) => [row.id, onWallDay(row.values, row.zone, at)]));
}

/** Beside what was counted, of the same loop and step: it may take away. */
const correctionOf = '.corrected';
export const correctionKind = (kind: string): string => `${kind}${correctionOf}`;
export const isCorrection = ({ kind }: Pick<Asking, 'kind'>): boolean =>
  kind.endsWith(correctionOf);

/** Points of the last 90 days and of what is agreed already, for `bestSlot`; 0 for whoever has none. */
export async function soFar(
  query: Query,
  people: readonly PersonId[],
  at: Instant,
): Promise<ReadonlyMap<PersonId, number>> {
  const { rows } = await sql<{ person: PersonId; points: number }>`
    SELECT person_id AS person, least(sum(points), ${soFarMax}::int)::int AS points
    FROM asked_outside
    WHERE person_id = ANY (${people}::text[]) AND at > ${ledgerSince(at)}::timestamptz
    GROUP BY person_id`.execute(query);
  const found = new Map(rows.map(({ person, points }) => [person, points]));
  return new Map(people.map((person) => [person, found.get(person) ?? 0]));
}

export interface AskedPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly team: TeamId;
  readonly minutes: number;
  readonly restMinutes: number;
  readonly points: number;
}

/** Everyone who is there, those never asked with 0, by name; null for an unknown region. */
export async function askedOfRegion(
  query: Query,
  region: RegionId,
  at: Instant,
): Promise<readonly AskedPerson[] | null> {
  const { rows } = await sql<{ readonly people: readonly AskedPerson[] }>`
    SELECT (SELECT coalesce(jsonb_agg(to_jsonb(one) ORDER BY one.name, one.id), '[]') FROM (
      SELECT p.id, p.name, p.team_id AS team, coalesce(sum(a.outside_minutes), 0)::int AS minutes,
        coalesce(sum(a.rest_minutes), 0)::int AS "restMinutes", coalesce(sum(a.points), 0)::int AS points
      FROM person p
      LEFT JOIN asked_outside a ON a.person_id = p.id AND a.at > ${ledgerSince(at)}::timestamptz
      WHERE p.region_id = region.id AND p.left_at IS NULL GROUP BY p.id) one) AS people
    FROM region WHERE id = ${region}`.execute(query);
  return rows[0]?.people ?? null;
}

export interface OwnAsked extends Omit<AskedRow, 'person'> {
  readonly loopName: string;
}

export interface OwnLedger {
  readonly minutes: number;
  readonly restMinutes: number;
  readonly points: number;
  /** The newest first. */
  readonly asked: readonly OwnAsked[];
}

/** The latest are enough to see what it comes from; the sums are of all. */
const ownShownMax = 200;

export async function ownLedger(query: Query, person: PersonId, at: Instant): Promise<OwnLedger> {
  const { rows } = await sql<OwnLedger>`
    WITH mine AS (
      SELECT a.loop_id AS loop, l.loop AS "loopName", a.sequence, a.kind,
        (extract(epoch FROM a.at) * 1000)::bigint AS at, a.outside_minutes AS "outsideMinutes",
        a.rest_minutes AS "restMinutes", a.points
      FROM asked_outside a JOIN loop_instance l ON l.id = a.loop_id
      WHERE a.person_id = ${person} AND a.at > ${ledgerSince(at)}::timestamptz
    ), latest AS (
      SELECT * FROM mine ORDER BY at DESC, loop, sequence, kind LIMIT ${ownShownMax}
    )
    SELECT coalesce(sum("outsideMinutes"), 0)::int AS minutes,
      coalesce(sum("restMinutes"), 0)::int AS "restMinutes",
      coalesce(sum(points), 0)::int AS points,
      (SELECT coalesce(jsonb_agg(to_jsonb(latest) ORDER BY at DESC, loop, sequence, kind), '[]')
        FROM latest) AS asked
    FROM mine`.execute(query);
  return present(rows[0], 'the sums');
}
