/** Accounts and who owns each: exactly one person at every instant since the account began. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Actor } from '../domain/authority.ts';
import type { AccountId, LoopId, PersonId, TeamId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { moveOpenItems } from './action-items.ts';
import type { Query } from './client.ts';
import { settleStandby } from './standby.ts';
import { maySeeAccount } from './visibility.ts';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly team: TeamId;
  readonly products: readonly string[];
  readonly countries: readonly string[];
  /** The first is the one that deadlines are shown for. */
  readonly sites: readonly { readonly name: string; readonly zone: string }[];
  /** Null only before the account began. */
  readonly owner: Owner | null;
  readonly closedAt: Instant | null;
  /** What it has become part of. */
  readonly mergedInto: AccountId | null;
}

interface Owner {
  readonly id: PersonId;
  readonly name: string;
}

/** Half-open; `until` is null while it lasts. `by` is what brought it about: a handoff, a cover. */
export interface Custody {
  readonly owner: Owner;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly by: { readonly loop: string; readonly id: LoopId } | null;
}

export interface CustodyMove {
  readonly account: AccountId;
  readonly to: PersonId;
  readonly at: Instant;
  /** Null where no loop moves it, but the directory. */
  readonly by: LoopId | null;
}

/**
 * Returns the instant of the move: `at`, or a millisecond after the current owner began, whichever is
 * later. What is open of the current owner goes along. Locks the account's custody until the
 * transaction ends.
 */
export async function moveCustody(query: Query, move: CustodyMove): Promise<Instant> {
  return (await moved(query, move)).at;
}

/** The same, for good; the open covers that the account leaves behind, in one statement with it. */
export async function moveForGood(query: Query, move: CustodyMove): Promise<readonly LoopId[]> {
  return (await moved(query, move)).covers;
}

interface Moved {
  readonly from: PersonId | null;
  readonly at: Instant;
  readonly covers: readonly LoopId[];
  readonly isOnStandby: boolean;
}

async function moved(query: Query, move: CustodyMove): Promise<Moved> {
  const { account, to, at, by } = move;
  const { rows } = await sql<Moved>`
    WITH held AS MATERIALIZED (SELECT (lock_custody(${account})).owner_id AS owner)
    SELECT held.owner AS "from", ${coversLeftBehind(move)} AS covers,
      move_custody(${account}, ${to}, ${at}::timestamptz, ${by}::uuid) AS at,
      is_on_standby(${account}) AS "isOnStandby"
    FROM held`.execute(query);
  const made = present(rows[0], 'the move');
  if (made.from !== null) {
    await moveOpenItems(query, { ...move, from: made.from, at: made.at });
    if (made.isOnStandby) await settleStandby(query, { account, at: made.at });
  }
  return made;
}

/** As many as an account has ahead of it, and more. */
const coversLeftMax = 100;

const coversLeftBehind = ({ account, to }: CustodyMove) => sql`ARRAY(
  SELECT id FROM cover WHERE account_id = ${account} AND closed_at IS NULL
    AND CASE status WHEN 'running' THEN taker_id ELSE owner_id END <> ${to}
  ORDER BY lower(period) LIMIT ${coversLeftMax})`;

/** Null for an unknown account, and for an instant before the account began. */
export async function custodianAt(
  query: Query,
  account: AccountId,
  at: Instant,
): Promise<PersonId | null> {
  const { rows } = await sql<{ owner: PersonId }>`
    SELECT owner_id AS owner FROM custody
    WHERE account_id = ${account} AND period @> ${at}::timestamptz`.execute(query);
  return rows[0]?.owner ?? null;
}

/** The owner of today, held until the transaction ends, so that no move slips between. */
export async function lockCustodian(query: Query, account: AccountId): Promise<PersonId | null> {
  const { rows } = await sql<{ owner: PersonId | null }>`
    SELECT (lock_custody(${account})).owner_id AS owner`.execute(query);
  return rows[0]?.owner ?? null;
}

export interface LockedAccount {
  readonly custodian: PersonId | null;
  readonly isClosed: boolean;
  readonly mergedInto: AccountId | null;
}

/** The owner of today as `lockCustodian` holds it, and whether the account is closed. */
export async function lockAccount(query: Query, account: AccountId): Promise<LockedAccount> {
  const { rows } = await sql<LockedAccount>`
    SELECT (lock_custody(id)).owner_id AS custodian, closed_at IS NOT NULL AS "isClosed",
      merged_into AS "mergedInto"
    FROM account WHERE id = ${account}`.execute(query);
  return rows[0] ?? { custodian: null, isClosed: false, mergedInto: null };
}

export async function isAccountClosed(query: Query, account: AccountId): Promise<boolean> {
  const row = await query
    .selectFrom('account')
    .select('closed_at')
    .where('id', '=', account)
    .executeTakeFirst();
  return row !== undefined && row.closed_at !== null;
}

/** Of the region of its team: who holds an account when nobody else does. */
export async function accountManager(query: Query, account: AccountId): Promise<PersonId> {
  const { rows } = await sql<{ manager: PersonId }>`
    SELECT g.manager_id AS manager FROM account a
    JOIN team t ON t.id = a.team_id JOIN region g ON g.id = t.region_id
    WHERE a.id = ${account}`.execute(query);
  return present(rows[0], `account ${account}`).manager;
}

export interface HistoryPage {
  readonly account: AccountId;
  /** Those that began before this instant; absent, from the newest on. */
  readonly before?: Instant | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function custodyHistory(query: Query, page: HistoryPage): Promise<readonly Custody[]> {
  const { rows } = await sql<Custody>`
    SELECT jsonb_build_object('id', person.id, 'name', person.name) AS owner,
      lower(period) AS "from", upper(period) AS until,
      CASE WHEN l.id IS NOT NULL THEN jsonb_build_object('loop', l.loop, 'id', l.id) END AS by
    FROM custody JOIN person ON person.id = custody.owner_id
    LEFT JOIN loop_instance l ON l.id = custody.loop_id
    WHERE custody.account_id = ${page.account}
      AND (${page.before ?? null}::timestamptz IS NULL OR lower(period) < ${page.before ?? null}::timestamptz)
    ORDER BY lower(period) DESC LIMIT ${page.limit}`.execute(query);
  return rows;
}

const accountColumns = (at: Instant) => sql`
  account.id, account.name, account.team_id AS team, account.products, account.countries,
  account.sites, account.closed_at AS "closedAt", account.merged_into AS "mergedInto", (SELECT jsonb_build_object('id', person.id, 'name', person.name)
    FROM custody JOIN person ON person.id = custody.owner_id
    WHERE account_id = account.id AND period @> ${at}::timestamptz) AS owner`;

export interface AccountAsked {
  readonly actor: Actor;
  readonly id: AccountId;
  /** With its owner then. */
  readonly at: Instant;
}

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findAccount(query: Query, asked: AccountAsked): Promise<Account | null> {
  const { rows } = await sql<Account>`
    SELECT ${accountColumns(asked.at)} FROM account
    WHERE id = ${asked.id} AND ${maySeeAccount(asked.actor, sql.ref('account.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface AccountPage {
  readonly actor: Actor;
  readonly at: Instant;
  /** The last id of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What the actor may see of those that are not closed, by id. */
export async function listAccounts(query: Query, page: AccountPage): Promise<readonly Account[]> {
  const { rows } = await sql<Account>`
    SELECT ${accountColumns(page.at)} FROM account
    WHERE account.id > ${page.after ?? ''} AND account.closed_at IS NULL AND ${maySeeAccount(page.actor, sql.ref('account.id'))}
    ORDER BY account.id LIMIT ${page.limit}`.execute(query);
  return rows;
}

/** As many as a form offers. */
const ownMax = 200;

/** What somebody owns now. */
export async function accountsOwnedBy(
  query: Query,
  owner: PersonId,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return query
    .selectFrom('account')
    .innerJoin('custody', 'custody.account_id', 'account.id')
    .select(['account.id', 'account.name'])
    .where('custody.owner_id', '=', owner)
    .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
    .where('account.closed_at', 'is', null)
    .orderBy('account.name')
    .orderBy('account.id')
    .limit(ownMax)
    .execute();
}
