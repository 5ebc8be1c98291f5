/** Meetings of an assignment: proposed where they cost the two of them least, and told to both. */
import { sql, type Transaction } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Range } from '../domain/time/range.ts';
import type { Query } from './client.ts';
import { forgetAsked, recordAsked } from './fairness.ts';
import { insertNotices, plainNotice } from './loops.ts';
import type { DB } from './schema.ts';

interface NewMeeting {
  readonly assignment: LoopId;
  readonly number: number;
  readonly slot: Range;
  readonly people: readonly PersonId[];
  readonly commandId: string;
  readonly by: PersonId;
  readonly at: Instant;
}

/** How many there are; whoever proposes another waits until this transaction ends. */
export async function lockMeetings(tx: Transaction<DB>, assignment: LoopId): Promise<number> {
  await sql`SELECT FROM assignment WHERE id = ${assignment} FOR UPDATE`.execute(tx);
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM assignment_meeting WHERE assignment_id = ${assignment}`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}

/** What it asks of either outside their hours goes to the ledger, so that the next one is fairer. */
export async function insertMeeting(tx: Transaction<DB>, meeting: NewMeeting): Promise<void> {
  const { assignment: loop, number: sequence, slot, people, commandId, by, at } = meeting;
  const { from, until } = slot;
  await sql`
    INSERT INTO assignment_meeting (assignment_id, number, period, proposed_by, proposed_at, command_id)
    VALUES (${loop}, ${sequence}, tstzrange(${from}::timestamptz, ${until}::timestamptz), ${by}, ${at},
      ${commandId})`.execute(tx);
  const kind = 'assignment.meeting';
  for (const person of people) await recordAsked(tx, { person, loop, sequence, kind, from, until });
  const params = { meeting: String(sequence), at: { instant: from } };
  const notices = people.map((to) => plainNotice({ to, key: kind, params, sendAt: at }));
  await insertNotices(tx, { id: loop, sequence: null, at, notices });
}

/** Those that would still come are off, and what they ask of nobody is not charged; both hear of it. */
export async function callOffMeetings(
  tx: Transaction<DB>,
  {
    id: loop,
    at,
    people,
  }: { readonly id: LoopId; readonly at: Instant; readonly people: readonly PersonId[] },
): Promise<void> {
  const { rows } = await sql<{ number: number; from: Instant }>`
    DELETE FROM assignment_meeting WHERE assignment_id = ${loop} AND lower(period) > ${at}::timestamptz
    RETURNING number, lower(period) AS "from"`.execute(tx);
  await forgetAsked(tx, { loop, kind: 'assignment.meeting', at });
  const notices = rows.flatMap(({ number, from }) => {
    const params = { meeting: String(number), at: { instant: from } };
    const key = 'assignment.meeting_off';
    return people.map((to) => plainNotice({ to, key, params, sendAt: at }));
  });
  await insertNotices(tx, { id: loop, sequence: null, at, notices });
}

/** What that very request proposed before, if it did. */
export async function meetingOf(
  query: Query,
  { assignment, commandId }: Pick<NewMeeting, 'assignment' | 'commandId'>,
): Promise<Range | null> {
  const { rows } = await sql<Range>`
    SELECT lower(period) AS "from", upper(period) AS until FROM assignment_meeting
    WHERE assignment_id = ${assignment} AND command_id = ${commandId}`.execute(query);
  return rows[0] ?? null;
}

export async function listMeetings(query: Query, assignment: LoopId): Promise<readonly Range[]> {
  const { rows } = await sql<Range>`
    SELECT lower(period) AS "from", upper(period) AS until FROM assignment_meeting
    WHERE assignment_id = ${assignment} ORDER BY period DESC LIMIT 200`.execute(query);
  return rows;
}
