/** Applies a checked directory file in one transaction: all of it, or nothing. */
import { sql, type Transaction } from 'kysely';
import {
  type Directory,
  type DirectoryAccount,
  type EntryOf,
  type Noun,
  nouns,
  type Row,
} from '../domain/directory/directory.ts';
import type { Finding } from '../domain/directory/finding.ts';
import type { Instant } from '../domain/loop.ts';
import { reownItemsOfLeavers } from './action-items.ts';
import { recordCalendarChange } from './calendar-changes.ts';
import type { Database, Query } from './client.ts';
import {
  type Merge,
  type Merged,
  forgetPublished,
  mergeAbsences,
  mergeAccounts,
  mergeDelegations,
  mergeHolidays,
  mergeIdentities,
  mergeOneOffs,
  mergePeople,
  mergePolicies,
  mergeRegions,
  mergeRoles,
  mergeRosters,
  mergeTeams,
  mergeWeeks,
} from './directory-merges.ts';
import { mergeDescriptors, mergeQuotas, mergeTargetProfiles } from './directory-growth.ts';
import { findGone } from './directory-gone.ts';
import { isInHand } from './heirs.ts';
import { allowTime, datePast, lockImports } from './import-lock.ts';
import { handOnLeft } from './left-accounts.ts';
import type { DB } from './schema.ts';

interface Changes {
  readonly added: number;
  readonly changed: number;
  /** Of people: who has left. */
  readonly removed: number;
}

export type Applied =
  | {
      readonly ok: true;
      readonly isUnchanged: boolean;
      readonly changes: Readonly<Record<Noun, Changes>>;
      /** People whose open loops are planned again, and the row that says so. */
      readonly replanned: readonly string[];
      readonly calendarChangeId: string | null;
      readonly warnings: readonly Finding[];
    }
  | { readonly ok: false; readonly errors: readonly Finding[] };

/** Carries the mistakes found against what is stored out of the transaction, which undoes it. */
class Undone extends Error {
  readonly errors: readonly Finding[];
  constructor(errors: readonly Finding[]) {
    super('the directory file contradicts what is stored');
    this.errors = errors;
  }
}

export async function applyDirectory(
  db: Database,
  directory: Directory,
  at: Instant,
): Promise<Applied> {
  try {
    return await db.transaction().execute((query) => apply(query, directory, at));
  } catch (thrown) {
    if (thrown instanceof Undone) return { ok: false, errors: thrown.errors };
    throw thrown;
  }
}

async function apply(query: Transaction<DB>, directory: Directory, at: Instant): Promise<Applied> {
  await allowTime(query);
  await lockImports(query);
  await datePast(query, { at });
  const gone = await findGone(query, directory);
  if (gone.length > 0) throw new Undone(gone);
  const before = await planningFacts(query);
  const people = await mergePeopleAndTimes(query, directory, at);
  const replanned = await whoChanged(query, before);
  const change = { reason: 'directory', people: replanned, at } as const;
  const calendarChangeId = await recordCalendarChange(query, change);
  // After the revisions, as transitions lock them: people first, then the account.
  const changes = { ...people, accounts: await mergeAccountsAndCustody(query, directory, at) };
  const isUnchanged = nouns.every((noun) => total(changes[noun]) === 0);
  // Last: a transition that moved custody meanwhile holds the revisions that the change waited for.
  const custody = await compareCustody(query, directory.accounts);
  if (custody.errors.length > 0) throw new Undone(custody.errors);
  const { warnings } = custody;
  return { ok: true, isUnchanged, changes, replanned, calendarChangeId, warnings };
}

type Counted<N extends Noun> = Readonly<Record<N, Changes>>;

const run = async (query: Query, statement: Merge): Promise<readonly Merged[]> =>
  (await statement.execute(query)).rows;

async function mergePeopleAndTimes(
  query: Query,
  directory: Directory,
  at: Instant,
): Promise<Counted<Exclude<Noun, 'accounts'>>> {
  const { identities, targetProfiles, descriptors, quotas } = directory;
  const kept = async <N extends Noun>(
    rows: readonly Row<EntryOf[N]>[] | undefined,
    merge: (rows: readonly Row<EntryOf[N]>[]) => Merge,
  ): Promise<Changes> => count(rows ? await run(query, merge(rows)) : []);
  const weeks = await run(query, mergeWeeks(directory));
  const rosters = await run(query, mergeRosters(directory));
  await forgetPublished(directory).execute(query);
  const regions = await run(query, mergeRegions(directory));
  const teams = await run(query, mergeTeams(directory));
  const people = await run(query, mergePeople(directory, at));
  const roles = await run(query, mergeRoles(directory));
  await welcomeAndFarewell(query);
  return {
    weeks: count(weeks),
    rosters: count(rosters),
    regions: count(regions),
    teams: count(teams),
    people: count(people, roles),
    holidays: count(await run(query, mergeHolidays(directory))),
    absences: count(await run(query, mergeAbsences(directory))),
    oneOffs: count(await run(query, mergeOneOffs(directory))),
    delegations: count(await run(query, mergeDelegations(directory))),
    policies: count(await run(query, mergePolicies(directory))),
    targetProfiles: await kept<'targetProfiles'>(targetProfiles, mergeTargetProfiles),
    descriptors: await kept<'descriptors'>(descriptors, (rows) => mergeDescriptors(rows, at)),
    quotas: await kept<'quotas'>(quotas, mergeQuotas),
    identities: await kept<'identities'>(identities, mergeIdentities),
  };
}

async function mergeAccountsAndCustody(
  query: Transaction<DB>,
  directory: Directory,
  at: Instant,
): Promise<Changes> {
  const accounts = await run(query, mergeAccounts(directory));
  await openCustody(query, directory.accounts, at);
  await handOnLeft(query, at);
  await reownItemsOfLeavers(query, at);
  return count(accounts);
}

/** `details` belong to entries that may not have changed otherwise. */
function count(merged: readonly Merged[], details: readonly Merged[] = []): Changes {
  const of = (action: Merged['action']) => merged.filter((row) => row.action === action).length;
  const counted = new Set(merged.map((row) => row.id));
  const inDetail = new Set(details.map((row) => row.id).filter((id) => !counted.has(id)));
  return { added: of('INSERT'), changed: of('UPDATE') + inDetail.size, removed: of('DELETE') };
}

const total = ({ added, changed, removed }: Changes): number => added + changed + removed;

/** An account has an owner from its first instant. Later the file's owner is only compared. */
async function openCustody(
  query: Query,
  accounts: readonly Row<DirectoryAccount>[],
  at: Instant,
): Promise<void> {
  const owners = accounts.map(({ value: { id, owner } }) => ({ id, owner }));
  await sql`
    INSERT INTO custody (account_id, owner_id, period)
    SELECT s.id, s.owner, tstzrange(${at}::timestamptz, NULL)
    FROM jsonb_to_recordset(${owners}::jsonb) AS s (id text, owner text)
    WHERE NOT EXISTS (SELECT FROM custody WHERE account_id = s.id)`.execute(query);
}

/** Everybody has a calendar revision; who left is signed out at once. */
async function welcomeAndFarewell(query: Query): Promise<void> {
  await sql`
    INSERT INTO calendar_revision (person_id)
    SELECT id FROM person WHERE NOT EXISTS (
      SELECT FROM calendar_revision WHERE person_id = person.id)`.execute(query);
  await sql`
    DELETE FROM session USING person
    WHERE person.id = session.person_id AND person.left_at IS NOT NULL`.execute(query);
}

/**
 * A digest per person of everything a plan is made with: presence, zone, region, weeks, holidays,
 * absences, days of their own, manager, backup, roles, who decides for them, and regions they manage.
 */
async function planningFacts(query: Query): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; digest: string }>`
    WITH days AS (
      SELECT region_id,
        md5(string_agg(concat_ws(' ', day, kind, half_until_minute, like_weekday), ',' ORDER BY day))
          AS digest
      FROM region_holiday GROUP BY region_id
    ), away AS (
      SELECT person_id, string_agg(
        concat_ws(' ', first_day, last_day, from_minute, until_minute), ','
        ORDER BY first_day, last_day, from_minute, until_minute) AS digest
      FROM absence GROUP BY person_id
    ), own_days AS (
      SELECT person_id, string_agg(concat_ws(' ', day, intervals), ',' ORDER BY day) AS digest
      FROM one_off GROUP BY person_id
    ), weeks_in_turn AS (
      SELECT r.person_id, r.region_id, md5(jsonb_agg(jsonb_build_array(r.first_day, r.last_day, ARRAY(
        SELECT jsonb_build_array(intervals, holiday_rule)
        FROM unnest(r.weeks) WITH ORDINALITY AS u (id, turn)
        JOIN working_week USING (id) ORDER BY turn
      )) ORDER BY r.first_day)::text) AS digest
      FROM roster r GROUP BY r.person_id, r.region_id
    ), given AS (
      SELECT principal_id AS person_id,
        string_agg(concat_ws(' ', delegate_id, period), ',' ORDER BY delegate_id, period) AS digest
      FROM delegation GROUP BY principal_id
    ), offices AS (
      SELECT person_id, string_agg(DISTINCT role, ',' ORDER BY role) AS digest
      FROM person_role GROUP BY person_id
    ), managed AS (
      SELECT manager_id, string_agg(id, ',' ORDER BY id) AS digest FROM region GROUP BY manager_id
    )
    SELECT p.id, CASE WHEN p.left_at IS NOT NULL THEN 'left' ELSE md5(jsonb_build_array(
      p.zone, p.region_id, p.manager_id, p.backup_id, w.intervals, w.holiday_rule, own.digest,
      CASE WHEN p.week_id IS NULL AND own.digest IS NULL THEN theirs.digest END,
      days.digest, away.digest, own_days.digest, offices.digest, given.digest,
      managed.digest)::text) END AS digest
    FROM person p
    JOIN region g ON g.id = p.region_id
    JOIN working_week w ON w.id = coalesce(p.week_id, g.week_id)
    LEFT JOIN weeks_in_turn own ON own.person_id = p.id
    LEFT JOIN weeks_in_turn theirs ON theirs.region_id = p.region_id
    LEFT JOIN days ON days.region_id = p.region_id
    LEFT JOIN away ON away.person_id = p.id
    LEFT JOIN given ON given.person_id = p.id
    LEFT JOIN own_days ON own_days.person_id = p.id
    LEFT JOIN offices ON offices.person_id = p.id
    LEFT JOIN managed ON managed.manager_id = p.id`.execute(query);
  return new Map(rows.map((row) => [row.id, row.digest]));
}

/** Whose facts differ from before. */
async function whoChanged(
  query: Query,
  before: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const after = await planningFacts(query);
  return [...before].flatMap(([id, digest]) => (after.get(id) === digest ? [] : [id])).sort();
}

interface CustodyRow {
  readonly account: string;
  readonly first_owner: string;
  readonly owner: string;
  readonly owner_has_left: boolean;
  readonly is_in_hand: boolean;
}

/**
 * The file moves no custody: it may name the owner of today, or go on naming the first one; anybody
 * else is a mistake, as is an account it forgot and one whose owner left and nobody follows. While a
 * loop finds who follows, the file names anybody: it cannot name whoever has left.
 */
async function compareCustody(
  query: Query,
  accounts: readonly Row<DirectoryAccount>[],
): Promise<{ errors: readonly Finding[]; warnings: readonly Finding[] }> {
  const { rows } = await sql<CustodyRow>`
    SELECT c.account_id AS account, c.owner_id AS owner, p.left_at IS NOT NULL AS owner_has_left,
      ${isInHand} AS is_in_hand,
      (SELECT owner_id FROM custody f WHERE f.account_id = c.account_id
        ORDER BY lower(f.period) LIMIT 1) AS first_owner
    FROM custody c JOIN person p ON p.id = c.owner_id
    JOIN account a ON a.id = c.account_id AND a.closed_at IS NULL
    WHERE upper_inf(c.period) ORDER BY c.account_id`.execute(query);
  const entries = new Map(accounts.map((row) => [row.value.id, row]));
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  for (const { account, owner, first_owner: firstOwner, ...of } of rows) {
    const entry = entries.get(account);
    if (!entry) errors.push({ path: 'accounts', code: 'account_missing', params: { account } });
    if (of.owner_has_left && of.is_in_hand) continue;
    if (of.owner_has_left) {
      errors.push({ path: 'people', code: 'owner_missing', params: { person: owner, account } });
    }
    if (!entry || entry.value.owner === owner) continue;
    const isFirst = entry.value.owner === firstOwner;
    const finding = { path: `${entry.path}.owner`, params: { account, owner } };
    if (isFirst) warnings.push({ ...finding, code: 'owner_has_moved' });
    else errors.push({ ...finding, code: 'owner_moves_by_handoff' });
  }
  return { errors, warnings };
}
