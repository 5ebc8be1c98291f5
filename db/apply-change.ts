/** Makes a change whose day has come: what the plan says, all of it in one transaction, or nothing. */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { assert } from '../domain/assert.ts';
import {
  type Change,
  type ChangePlan,
  everywhere,
  type Move,
  type MoveKind,
} from '../domain/change/change.ts';
import { changeNotices, refusedNotice } from '../domain/change/notices.ts';
import type { AccountId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { lockCustodian, moveCustody } from './accounts.ts';
import { reownItemsOfLeavers } from './action-items.ts';
import { recordCalendarChange } from './calendar-changes.ts';
import {
  callOff,
  type FoundChange,
  lockScheduled,
  planned,
  settleChange,
  tellOfChange,
} from './changes.ts';
import type { Database } from './client.ts';
import { allowTime, datePast, lockImports } from './import-lock.ts';
import { handOnLeft } from './left-accounts.ts';
import { recallUncleared } from './practice-recalls.ts';
import type { DB } from './schema.ts';

type Tx = Transaction<DB>;

/**
 * Planned anew with the directory of its day. What cannot be made any more is refused, and whoever
 * scheduled it is told. Null where it was settled or cancelled meanwhile.
 */
export async function applyChange(
  db: Database,
  { id, at }: { readonly id: string; readonly at: Instant },
): Promise<'applied' | 'refused' | null> {
  return db.transaction().execute(async (tx) => {
    await allowTime(tx);
    await lockImports(tx);
    const found = await lockScheduled(tx, id);
    if (found === null) return null;
    const outcome = await planned(tx, found);
    if (!outcome.ok) {
      const [problem] = outcome.problems;
      await settleChange(tx, { id, at, problem });
      await tellOfChange(tx, [{ to: found.scheduledBy, ...refusedNotice(found) }], at);
      await callOff(tx, found, at);
      return 'refused';
    }
    const { plan } = outcome;
    await datePast(tx, { at, change: id });
    const calendarChange = await write(tx, { found, plan, at });
    await tellOfChange(tx, changeNotices(found, plan), at);
    await settleChange(tx, { id, at, plan, calendarChange });
    return 'applied';
  });
}

interface Written {
  readonly found: FoundChange;
  readonly plan: ChangePlan;
  readonly at: Instant;
}

/** People before revisions, and those before accounts: the order in which steps lock them. */
async function write(tx: Tx, { found, plan, at }: Written): Promise<string | null> {
  const { change } = found;
  const move = (...kinds: readonly MoveKind[]) => moveAll(tx, { plan, kinds, found, at });
  await markEnd(tx, change, at);
  await move('team.region', 'person.region', 'person.team', 'person.leaves', 'office', 'webhook');
  const hasLeft = plan.moves.some(({ what }) => what === 'person.leaves');
  if (hasLeft) await signOut(tx);
  await move('delegation.ends', 'policy');
  const touched = { reason: 'directory', people: plan.people, at } as const;
  const calendarChange = await recordCalendarChange(tx, touched);
  if (hasLeft) {
    await handOnLeft(tx, at);
    await reownItemsOfLeavers(tx, at);
  }
  await move('account.team', 'account.product', 'account.closes');
  await followOwner(tx, { found, plan, at });
  await keepLoss(tx, found, at);
  await lookAgain(tx, found, plan);
  return calendarChange;
}

async function markEnd(tx: Tx, change: Change, at: Instant): Promise<void> {
  if (change.kind === 'region_merged') {
    await sql`UPDATE region SET merged_into = ${change.into}, merged_at = ${at}::timestamptz
      WHERE id = ${change.region}`.execute(tx);
  }
  if (change.kind === 'team_dissolved') {
    await sql`UPDATE team SET dissolved_into = ${change.into}, dissolved_at = ${at}::timestamptz
      WHERE id = ${change.team}`.execute(tx);
  }
}

interface MoveAll extends Written {
  readonly kinds: readonly MoveKind[];
}

/** A move that finds something else than was planned undoes them all: it cannot be, under the lock. */
async function moveAll(tx: Tx, { kinds, plan, found, at }: MoveAll): Promise<void> {
  for (const kind of kinds) {
    const moves = plan.moves.filter(({ what }) => what === kind);
    if (moves.length === 0) continue;
    const statement = statements[kind]?.({ rows: sql`${moves}::jsonb`, at, found });
    if (!statement) continue;
    const { rows } = await statement.execute(tx);
    assert(rows.length === moves.length, `${kind} moved what was planned`);
  }
}

interface Moved {
  readonly rows: RawBuilder<unknown>;
  readonly at: Instant;
  readonly found: FoundChange;
}
type Statement = (moved: Moved) => RawBuilder<unknown>;

const moved = (rows: RawBuilder<unknown>) =>
  sql`jsonb_to_recordset(${rows}) AS s (id text, "from" text, "to" text, detail text)`;

const statements: Readonly<Partial<Record<MoveKind, Statement>>> = {
  'team.region': ({ rows }) => sql`UPDATE team SET region_id = s."to" FROM ${moved(rows)}
    WHERE team.id = s.id AND team.region_id = s."from" RETURNING team.id`,
  'person.region': ({ rows }) => sql`UPDATE person SET region_id = s."to" FROM ${moved(rows)}
    WHERE person.id = s.id AND person.region_id = s."from" RETURNING person.id`,
  'person.team': ({ rows }) => sql`UPDATE person SET team_id = s."to" FROM ${moved(rows)}
    WHERE person.id = s.id AND person.team_id = s."from" RETURNING person.id`,
  'person.leaves': ({ rows, at }) => sql`UPDATE person SET left_at = ${at}::timestamptz
    FROM ${moved(rows)} WHERE person.id = s.id AND person.team_id = s."from" AND left_at IS NULL
    RETURNING person.id`,
  // Whoever holds it in the other region already holds it once.
  office: ({ rows }) => sql`
    WITH ended AS (
      DELETE FROM person_role r USING ${moved(rows)}
      WHERE r.person_id = s.id AND r.role = s.detail AND r.region_id = s."from"
      RETURNING r.person_id, r.role, s."to"
    ), begun AS (
      INSERT INTO person_role (person_id, role, region_id)
      SELECT person_id, role, "to" FROM ended WHERE "to" IS NOT NULL
      ON CONFLICT DO NOTHING
    )
    SELECT person_id FROM ended`,
  webhook: ({ rows }) => sql`UPDATE webhook_endpoint w SET region_id = s."to" FROM ${moved(rows)}
    WHERE w.id = s.id::uuid AND w.region_id = s."from" RETURNING w.id`,
  'account.team': ({ rows }) => sql`UPDATE account SET team_id = s."to" FROM ${moved(rows)}
    WHERE account.id = s.id AND account.team_id = s."from" RETURNING account.id`,
  'account.product': ({ rows }) => sql`
    UPDATE account SET products = array_remove(products, s."from") FROM ${moved(rows)}
    WHERE account.id = s.id AND s."from" = ANY (products) RETURNING account.id`,
  'account.closes': ({ rows, at }) => sql`
    UPDATE account SET closed_at = coalesce(closed_at, ${at}::timestamptz), merged_into = s."to"
    FROM ${moved(rows)}
    WHERE account.id = s.id AND merged_into IS NOT DISTINCT FROM s."from" RETURNING account.id`,
  // What has not begun never holds; what has ends now.
  'delegation.ends': ({ rows, at }) => sql`
    WITH gone AS (
      DELETE FROM delegation d USING ${moved(rows)}
      WHERE d.id = s.id AND lower(d.period) >= ${at}::timestamptz RETURNING d.id
    ), ended AS (
      UPDATE delegation d SET period = tstzrange(lower(d.period), ${at}::timestamptz)
      FROM ${moved(rows)} WHERE d.id = s.id AND lower(d.period) < ${at}::timestamptz RETURNING d.id
    )
    SELECT id FROM gone UNION ALL SELECT id FROM ended`,
  policy: ({ rows, found }) => sql`
    INSERT INTO policy (key, region_id, valid_from, value, change_id)
    SELECT s.id, ${found.change.kind === 'policy_changed' ? found.change.region : null},
      ${found.fromDay}::date, s."to"::jsonb, ${found.id}::uuid
    FROM ${moved(rows)} RETURNING key`,
};

/** By the owners of this instant: a handoff may have moved one while the change waited for it. */
async function followOwner(tx: Tx, { found, plan, at }: Written): Promise<void> {
  const { change } = found;
  if (change.kind !== 'account_closed' || change.into === null) return;
  const to = await lockCustodian(tx, change.into);
  const closing = plan.moves.filter(({ what }) => what === 'account.closes');
  for (const { id } of closing) {
    const account = id as AccountId;
    const from = await lockCustodian(tx, account);
    if (to === null || from === null || from === to) continue;
    await moveCustody(tx, { account, to, at, by: null });
  }
}

async function signOut(tx: Tx): Promise<void> {
  await sql`DELETE FROM session USING person
    WHERE person.id = session.person_id AND person.left_at IS NOT NULL`.execute(tx);
}

async function keepLoss(tx: Tx, { id, change }: FoundChange, at: Instant): Promise<void> {
  if (change.kind !== 'clearance_lost') return;
  const countries = change.countries.length === 0 ? [everywhere] : change.countries;
  const { product } = change;
  const { rows } = await sql<{ country: string }>`
    INSERT INTO lost_clearance (product, country, lost_at, change_id)
    SELECT ${product}, country, ${at}::timestamptz, ${id}::uuid
    FROM unnest(${countries}::text[]) AS country
    ON CONFLICT DO NOTHING RETURNING country`.execute(tx);
  await recallUncleared(tx, { product, countries: rows.map(({ country }) => country), at });
}

/** Accounts whose manager or terms are others now are looked at ahead again. */
async function lookAgain(tx: Tx, { change }: FoundChange, { moves }: ChangePlan): Promise<void> {
  const accounts = moves.filter(({ what }) => what === 'account.team').map(({ id }: Move) => id);
  const teams = moves.filter(({ what }) => what === 'team.region').map(({ id }: Move) => id);
  const closing =
    change.kind === 'account_closed'
      ? [change.account, change.into].filter((id) => id !== null)
      : [];
  const isPolicy = change.kind === 'policy_changed';
  const region = isPolicy ? change.region : null;
  await sql`INSERT INTO outlook_due (account_id)
    SELECT a.id FROM account a JOIN team t ON t.id = a.team_id
    WHERE a.id = ANY (${accounts}::text[]) OR a.id = ANY (${closing}::text[]) OR a.team_id = ANY (${teams}::text[])
      OR (${isPolicy} AND (${region}::text IS NULL OR t.region_id = ${region}))`.execute(tx);
}
