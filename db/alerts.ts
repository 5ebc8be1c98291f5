/** Alerts: what lists and pages show of them, whom they can call, and what their loop moves. */
import { sql, type Transaction } from 'kysely';
import type { Callable, Standing } from '../domain/alert/ladder.ts';
import type { AlertFacts } from '../domain/alert/plan.ts';
import {
  answerMinutesByDefault,
  answerMinutesMax,
  type AlertState,
  type AlertStatus,
  type Call,
} from '../domain/alert/state.ts';
import type { Actor } from '../domain/authority.ts';
import type { AccountId, ContentId, LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { lockCustodian } from './accounts.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { findPolicyAt } from './policies.ts';
import type { DB } from './schema.ts';
import { maySeeHandoff } from './visibility.ts';

/** Looked at for one alert, the nearest first. */
const callableMax = 100;

interface CallableRow extends Omit<Callable, 'isWorking'> {}

/** Whoever has left is called by nobody; partners are on duty for accounts of their own team only. */
async function callableOf(
  query: Query,
  { account, custodian }: { readonly account: AccountId; readonly custodian: PersonId },
): Promise<readonly CallableRow[]> {
  const { rows } = await sql<CallableRow>`
    WITH place AS (
      SELECT a.id, a.products, a.team_id, g.id AS region, g.locale, g.manager_id
      FROM account a JOIN team t ON t.id = a.team_id JOIN region g ON g.id = t.region_id
      WHERE a.id = ${account}
    ), standing AS (
      SELECT ${custodian} AS id, 'owner' AS standing
      UNION ALL SELECT backup_id, 'backup' FROM person WHERE id = ${custodian}
      UNION ALL SELECT manager_id, 'manager' FROM person WHERE id = ${custodian}
      UNION ALL SELECT manager_id, 'region_manager' FROM place
      UNION ALL SELECT DISTINCT person_id, 'duty' FROM person_role WHERE role = 'duty'
    )
    SELECT p.id, s.standing, p.region_id = place.region AS "isSameRegion",
      (cardinality(p.products) = 0 OR p.products @> place.products) AS "isCleared",
      (coalesce(p.locale, r.locale) = place.locale OR place.locale = ANY (p.languages)) AS speaks
    FROM standing s
    JOIN person p ON p.id = s.id AND p.left_at IS NULL
    JOIN region r ON r.id = p.region_id
    JOIN team t ON t.id = p.team_id
    CROSS JOIN place
    WHERE t.kind = 'own' OR p.team_id = place.team_id
    ORDER BY s.standing = 'duty', 4 DESC, 3 DESC, 5 DESC, p.id LIMIT ${callableMax}`.execute(query);
  return rows;
}

const nothing: AlertFacts = { custodian: null, isItemOpen: true, people: [], regionManager: null };

/** The account's custody stays as it is until the transaction ends. */
export async function alertFacts(tx: Transaction<DB>, state: AlertState): Promise<AlertFacts> {
  const { account, item } = state;
  if (account === null) return nothing;
  const custodian = await lockCustodian(tx, account);
  if (custodian === null) return nothing;
  const rows = await callableOf(tx, { account, custodian });
  const calendars = await loadCalendars(tx, [...new Set(rows.map(({ id }) => id))]);
  const people = rows.map((row): Callable => {
    const calendar = calendars.get(row.id);
    const clock = calendar && openCalendar(calendar);
    return {
      ...row,
      isWorking: (at) => clock?.isWorking(at) ?? false,
    };
  });
  return {
    custodian,
    isItemOpen: await isItemOpen(tx, item),
    people,
    regionManager: idOf(people, 'region_manager'),
  };
}

const idOf = (people: readonly Callable[], standing: Standing): PersonId | null =>
  people.find((one) => one.standing === standing)?.id ?? null;

/** True for what is not entered yet. */
async function isItemOpen(query: Query, item: string): Promise<boolean> {
  const row = await query
    .selectFrom('action_item_now')
    .select('is_open')
    .where('id', '=', item)
    .executeTakeFirst();
  return row?.is_open ?? true;
}

/**
 * Those that nobody took, and that whoever owns the account or manages its region by now was not called
 * about; the longest raised first. `followerOf` in `domain/alert/plan.ts` says who it comes to.
 */
export async function alertsToFollow(query: Query, limit: number): Promise<readonly LoopId[]> {
  const called = (id: string) => sql`i.state->'state'->'calls' @>
    jsonb_build_array(jsonb_build_object('person', ${sql.ref(id)}))`;
  const { rows } = await sql<{ id: LoopId }>`
    SELECT x.id FROM alert x
    JOIN loop_instance i ON i.id = x.id AND i.held_at IS NULL
    JOIN account a ON a.id = x.account_id
    JOIN team t ON t.id = a.team_id
    JOIN region g ON g.id = t.region_id
    JOIN custody c ON c.account_id = a.id AND upper_inf(c.period)
    JOIN person p ON p.left_at IS NULL AND NOT ${called('p.id')} AND (p.id = g.manager_id
      OR p.id = c.owner_id AND (p.id <> x.owner_id OR NOT EXISTS (
        SELECT FROM person there WHERE there.left_at IS NULL AND ${called('there.id')})))
    WHERE x.status = 'unanswered' AND x.closed_at IS NULL
    GROUP BY x.id ORDER BY x.raised_at, x.id LIMIT ${limit}`.execute(query);
  return rows.map(({ id }) => id);
}

/** Minutes to answer, by the policy of the region of the account's team, on its day. */
export async function answerMinutes(
  query: Query,
  account: AccountId,
  at: Instant,
): Promise<number> {
  const { region } = await query
    .selectFrom('account')
    .innerJoin('team', 'team.id', 'account.team_id')
    .select('team.region_id as region')
    .where('account.id', '=', account)
    .executeTakeFirstOrThrow();
  const asked = { key: 'alert.minutes', region: region as RegionId, at } as const;
  const value = await findPolicyAt(query, asked);
  const isMinutes = Number.isInteger(value) && (value as number) > 0;
  return isMinutes ? Math.min(value as number, answerMinutesMax) : answerMinutesByDefault;
}

/** To be asked with the account's custody held. */
export async function countOpenAlerts(query: Query, account: AccountId): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    SELECT count(*)::int AS count FROM alert
    WHERE account_id = ${account} AND closed_at IS NULL`.execute(query);
  return rows[0]?.count ?? 0;
}

interface ProjectedAlert {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: AlertState;
  readonly isClosed: boolean;
}

export async function projectAlert(
  query: Query,
  { id, at, after, isClosed }: ProjectedAlert,
): Promise<void> {
  const { account, owner, raiser, status, text, item, dueAt, acknowledgedBy } = after;
  await sql`
    INSERT INTO alert (id, account_id, owner_id, raiser_id, status, text_id, item_id, due_at,
      answer_minutes, raised_at)
    VALUES (${id}, ${account}, ${owner}, ${raiser}, ${status}, ${text}, ${item},
      ${dueAt}::timestamptz, ${after.answerMinutes}, ${at}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, acknowledged_by = ${acknowledgedBy},
      closed_at = ${isClosed ? at : null}::timestamptz`.execute(query);
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface AlertRow {
  readonly id: LoopId;
  readonly account: Named<AccountId>;
  readonly owner: Named<PersonId>;
  readonly raiser: Named<PersonId>;
  readonly acknowledgedBy: Named<PersonId> | null;
  readonly status: AlertStatus;
  readonly text: ContentId;
  readonly item: string;
  readonly dueAt: Instant;
  readonly answerMinutes: number;
  readonly raisedAt: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
  readonly calls: readonly (Omit<Call, 'person'> & { readonly person: Named<PersonId> })[];
}

const named = (table: string) =>
  sql`jsonb_build_object('id', ${sql.ref(`${table}.id`)}, 'name', ${sql.ref(`${table}.name`)})`;

const selectAlerts = sql`
  SELECT x.id, ${named('account')} AS account, ${named('owner')} AS owner,
    ${named('raiser')} AS raiser, CASE WHEN taker.id IS NOT NULL THEN ${named('taker')} END
      AS "acknowledgedBy", x.status, x.text_id AS text, x.item_id AS item, x.due_at AS "dueAt",
    x.answer_minutes AS "answerMinutes", x.raised_at AS "raisedAt", x.closed_at AS "closedAt",
    i.revision, i.held_at IS NOT NULL AS "isHeld",
    (SELECT coalesce(jsonb_agg(call.value || jsonb_build_object('person', ${named('p')})
        ORDER BY call.ordinality), '[]')
      FROM jsonb_array_elements(i.state->'state'->'calls') WITH ORDINALITY AS call
      JOIN person p ON p.id = call.value->>'person') AS calls
  FROM alert x
  JOIN loop_instance i ON i.id = x.id
  JOIN account ON account.id = x.account_id
  JOIN person owner ON owner.id = x.owner_id
  JOIN person raiser ON raiser.id = x.raiser_id
  LEFT JOIN person taker ON taker.id = x.acknowledged_by`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findAlert(query: Query, actor: Actor, id: LoopId): Promise<AlertRow | null> {
  const { rows } = await sql<AlertRow>`
    ${selectAlerts} WHERE x.id = ${id} AND ${maySeeHandoff(actor, sql.ref('x.id'))}`.execute(query);
  return rows[0] ?? null;
}

const alertsShownMax = 100;

/** The newest first, of those the actor may see. */
export async function alertsOf(
  query: Query,
  actor: Actor,
  account: AccountId,
): Promise<readonly AlertRow[]> {
  const { rows } = await sql<AlertRow>`
    ${selectAlerts}
    WHERE x.account_id = ${account} AND ${maySeeHandoff(actor, sql.ref('x.id'))}
    ORDER BY x.raised_at DESC, x.id LIMIT ${alertsShownMax}`.execute(query);
  return rows;
}
