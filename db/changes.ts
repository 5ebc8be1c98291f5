/** Changes of the organisation: scheduled, cancelled before their day, settled once. */
import { sql, type Transaction } from 'kysely';
import type { Change, ChangeKind, ChangePlan } from '../domain/change/change.ts';
import { planChange } from '../domain/change/plan.ts';
import { refuseChange } from '../domain/change/refuse.ts';
import { calledOffNotices, type ChangeNotice, plannedNotices } from '../domain/change/notices.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Problem } from '../domain/problem.ts';
import { type ChangeAsked, changeFacts } from './change-facts.ts';
import type { Database, Query } from './client.ts';
import { allowTime, lockImports } from './import-lock.ts';
import { insertNotices, plainNotice } from './loops.ts';
import type { DB } from './schema.ts';

export const changeStatuses = ['scheduled', 'applied', 'cancelled', 'refused'] as const;
export type ChangeStatus = (typeof changeStatuses)[number];

export interface FoundChange {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly change: Change;
  readonly fromDay: string;
  readonly at: Instant;
  readonly status: ChangeStatus;
  readonly scheduledBy: PersonId;
  readonly scheduledAt: Instant;
  /** Who was told that it is planned. */
  readonly told: readonly PersonId[];
  readonly cancelledBy: PersonId | null;
  readonly settledAt: Instant | null;
  readonly plan: ChangePlan | null;
  readonly problem: Problem | null;
  readonly calendarChange: string | null;
}

export type Planned =
  | { readonly ok: true; readonly plan: ChangePlan }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

/** What the change would do to the directory of now. */
export async function planned(query: Query, asked: ChangeAsked): Promise<Planned> {
  const facts = await changeFacts(query, asked);
  const [first, ...others] = refuseChange(facts, asked.change);
  if (first) return { ok: false, problems: [first, ...others] };
  return { ok: true, plan: planChange(facts, asked.change) };
}

/** In one snapshot, so that nothing is counted twice or not at all. */
export const previewed = (db: Database, asked: ChangeAsked): Promise<Planned> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await allowTime(tx);
      return planned(tx, asked);
    });

/** Each waits for its day; more than that is no drill any more. */
export const scheduledMax = 100;

export interface Scheduling extends ChangeAsked {
  readonly id: string;
  readonly by: PersonId;
  readonly now: Instant;
}

/** A repeat, whose answer nobody has seen, finds what it scheduled. */
export async function scheduleChange(
  db: Database,
  { id, change, fromDay, at, by, now }: Scheduling,
): Promise<Planned | 'full'> {
  return db.transaction().execute(async (tx) => {
    await allowTime(tx);
    await lockImports(tx);
    const known = await findChange(tx, id);
    const outcome = await planned(tx, { id, change, fromDay, at });
    if (known || !outcome.ok) return outcome;
    const { rows } = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM directory_change WHERE status = 'scheduled'`.execute(tx);
    if ((rows[0]?.count ?? 0) >= scheduledMax) return 'full';
    const told = at > now ? toldAhead(outcome.plan, by) : [];
    await sql`
      INSERT INTO directory_change (id, kind, change, from_day, at, scheduled_by, scheduled_at, told)
      VALUES (${id}, ${change.kind}, ${JSON.stringify(change)}::text::jsonb, ${fromDay}::date,
        ${at}::timestamptz, ${by}, ${now}::timestamptz, ${told}::text[])`.execute(tx);
    await tellOfChange(tx, plannedNotices({ change, fromDay, by }, told), now);
    return outcome;
  });
}

/** Whoever plans it knows; what is made at once is told when it is made. */
const toldAhead = ({ told }: ChangePlan, by: PersonId): readonly PersonId[] =>
  told.map(({ person }) => person).filter((person) => person !== by);

export async function tellOfChange(
  tx: Transaction<DB>,
  drafts: readonly ChangeNotice[],
  at: Instant,
): Promise<void> {
  const notices = drafts.map((draft) => plainNotice({ ...draft, sendAt: at }));
  await insertNotices(tx, { id: null, sequence: null, at, notices });
}

/** Whoever had been told that it is planned and is still there. */
export async function callOff(tx: Transaction<DB>, found: FoundChange, at: Instant): Promise<void> {
  const here = await tx
    .selectFrom('person')
    .select('id')
    .where('id', 'in', found.told.length === 0 ? [''] : [...found.told])
    .where('left_at', 'is', null)
    .orderBy('id')
    .execute();
  const told = here.map(({ id }) => id as PersonId);
  await tellOfChange(tx, calledOffNotices(found, told), at);
}

/** False where its day has come, or somebody else was quicker. Waits for whoever makes it just now. */
export async function cancelChange(
  db: Database,
  { id, by, at }: { readonly id: string; readonly by: PersonId; readonly at: Instant },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const found = await lockScheduled(tx, id);
    if (found === null) return false;
    await sql`
      UPDATE directory_change SET status = 'cancelled', cancelled_by = ${by},
        settled_at = ${at}::timestamptz
      WHERE id = ${id}`.execute(tx);
    await callOff(tx, found, at);
    return true;
  });
}

const columns = sql`id, kind, change, from_day AS "fromDay", at, status,
  scheduled_by AS "scheduledBy", scheduled_at AS "scheduledAt", told, cancelled_by AS "cancelledBy",
  settled_at AS "settledAt", plan, problem, calendar_change_id AS "calendarChange"`;

export async function findChange(query: Query, id: string): Promise<FoundChange | null> {
  const { rows } = await sql<FoundChange>`
    SELECT ${columns} FROM directory_change WHERE id = ${id}`.execute(query);
  return rows[0] ?? null;
}

export interface ChangePage {
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** The latest day first. */
export async function listChanges(
  query: Query,
  { after, limit }: ChangePage,
): Promise<readonly FoundChange[]> {
  const { rows } = await sql<FoundChange>`
    SELECT ${columns} FROM directory_change
    WHERE ${after?.id ?? null}::uuid IS NULL
      OR (at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid)
    ORDER BY at DESC, id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

/** Those whose day has come, the earliest first. */
export async function dueChanges(query: Query, now: Instant): Promise<readonly string[]> {
  const rows = await query
    .selectFrom('directory_change')
    .select('id')
    .where('status', '=', 'scheduled')
    .where('at', '<=', now)
    .orderBy('at')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Held until the transaction ends; null where it has been settled meanwhile. */
export async function lockScheduled(tx: Transaction<DB>, id: string): Promise<FoundChange | null> {
  const { rows } = await sql<FoundChange>`
    SELECT ${columns} FROM directory_change WHERE id = ${id} AND status = 'scheduled'
    FOR UPDATE`.execute(tx);
  return rows[0] ?? null;
}

export interface Settled {
  readonly id: string;
  readonly at: Instant;
  readonly plan?: ChangePlan;
  readonly problem?: Problem;
  readonly calendarChange?: string | null;
}

export async function settleChange(tx: Transaction<DB>, settled: Settled): Promise<void> {
  const { id, at, plan, problem, calendarChange = null } = settled;
  const json = (value: unknown) =>
    value === undefined ? sql`NULL` : sql`${JSON.stringify(value)}::text::jsonb`;
  await sql`
    UPDATE directory_change SET status = ${plan ? 'applied' : 'refused'},
      settled_at = ${at}::timestamptz, plan = ${json(plan)}, problem = ${json(problem)},
      calendar_change_id = ${calendarChange}
    WHERE id = ${id}`.execute(tx);
}
