/** What messages have put into the calendars of their readers. */
import { sql } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant, NoticeParams } from '../domain/loop.ts';
import type { Query } from './client.ts';

export const entryKinds = ['call', 'period', 'deadline'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** Without an end it is a deadline, or a time. Days are whole ones, both included. */
export type EntryTime =
  | { readonly from: Instant; readonly until?: Instant }
  | { readonly firstDay: string; readonly lastDay: string };

export interface CalendarEntry {
  readonly loop: LoopId;
  readonly kind: EntryKind;
  /** Of the step that it was told with: a later one takes its place. */
  readonly sequence: number;
  readonly time: EntryTime;
}

/** Of what nobody knows whether it arrived it is taken that it did. */
const mayBeThere = sql`(n.status = 'sent' OR n.may_have_arrived)`;

interface Of {
  readonly loop: LoopId;
  readonly person: PersonId;
}

/** The last of each kind. */
export async function entriesOf(
  query: Query,
  { loop, person }: Of,
): Promise<readonly CalendarEntry[]> {
  const { rows } = await sql<{ readonly entry: CalendarEntry }>`
    SELECT DISTINCT ON (n.entry->>'kind') n.entry FROM notice n
    WHERE n.entry->>'loop' = ${loop} AND n.recipient_id = ${person} AND ${mayBeThere}
    ORDER BY n.entry->>'kind', (n.entry->>'sequence')::int DESC`.execute(query);
  return rows.map(({ entry }) => entry);
}

/** Whether a later step has called off what was agreed, whoever was told so. */
export async function isCalledOff(
  query: Query,
  { loop, sequence }: Pick<CalendarEntry, 'loop' | 'sequence'>,
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM notice
    WHERE loop_id = ${loop} AND sequence > ${sequence} AND params ? 'calledOff' LIMIT 1`.execute(
    query,
  );
  return rows.length > 0;
}

export interface EntryHolder {
  readonly person: PersonId;
  /** What the entry is called in their calendar: of the message that brought it. */
  readonly key: string;
  readonly params: NoticeParams;
}

/** Whose calendar has a meeting or a period of the loop that is not over, by the message that brought it. */
export async function entryHolders(
  query: Query,
  loop: LoopId,
  at: Instant,
): Promise<readonly EntryHolder[]> {
  const day = new Date(at).toISOString().slice(0, 10);
  const { rows } = await sql<EntryHolder>`
    SELECT DISTINCT ON (n.recipient_id) n.recipient_id AS person, n.key, n.params FROM notice n
    JOIN person p ON p.id = n.recipient_id AND p.left_at IS NULL
    WHERE n.entry->>'loop' = ${loop} AND n.entry->>'kind' IN ('call', 'period') AND n.loop_id = ${loop}
      AND ${mayBeThere}
      AND CASE WHEN n.entry->'time' ? 'lastDay' THEN n.entry->'time'->>'lastDay' >= ${day}
        ELSE coalesce(n.entry->'time'->'until', n.entry->'time'->'from')::bigint > ${at} END
    ORDER BY n.recipient_id, (n.entry->>'sequence')::int DESC`.execute(query);
  return rows;
}
