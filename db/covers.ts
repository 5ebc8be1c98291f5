/** Covers: what lists and pages show of them, and what their loop reads and moves. */
import { sql, type Transaction } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Actor } from '../domain/authority.ts';
import { daysAwayOf } from '../domain/cover/away.ts';
import type { Candidate, CandidateReason } from '../domain/cover/candidates.ts';
import type {
  CoverFacts,
  CoverReason,
  CoverState,
  CoverStatus,
  Window,
} from '../domain/cover/state.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { deciderOf } from '../domain/people/delegation.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { daysAway } from './absences.ts';
import { lockAccount } from './accounts.ts';
import type { Query } from './client.ts';
import { delegatesAt } from './delegations.ts';
import type { DB } from './schema.ts';
import { maySeeHandoff } from './visibility.ts';

/** The account's custody stays as it is until the transaction ends. */
export async function coverFacts(
  tx: Transaction<DB>,
  state: CoverState,
  id: LoopId,
  at: Instant,
): Promise<CoverFacts> {
  const { account } = state;
  if (account === null) {
    const unknown = { custodian: null, isClosed: false, mergedInto: null };
    return { ...unknown, chain: null, isFollowed: false, away: [] };
  }
  const locked = await lockAccount(tx, account);
  const chain = await chainOf(tx, { id, state, custodian: locked.custodian });
  return { ...locked, ...chain, away: await awayFor(tx, state, at) };
}

interface Chained {
  readonly id: LoopId;
  readonly state: CoverState;
  readonly custodian: PersonId | null;
}

/** The latest of the owner's other covers by which the custodian has the account decides. */
async function chainOf(
  query: Query,
  { id, state: { account, owner, from, until }, custodian }: Chained,
): Promise<Pick<CoverFacts, 'chain' | 'isFollowed'>> {
  // One that is asked of others for a while begins later than its window.
  const begins = JSON.stringify([{ at: until, command: { type: 'begin' } }]);
  const others = sql`cover WHERE account_id = ${account} AND owner_id = ${owner} AND id <> ${id}`;
  const { rows } = await sql<Pick<CoverFacts, 'chain' | 'isFollowed'>>`
    SELECT (SELECT CASE WHEN upper(period) <= ${from}::timestamptz THEN 'earlier'
        WHEN lower(period) >= ${until}::timestamptz THEN 'later' END
      FROM ${others} AND status = 'running' AND taker_id = ${custodian}
      ORDER BY lower(period) DESC LIMIT 1) AS chain,
    EXISTS (SELECT FROM loop_instance WHERE moments @> ${begins}::text::jsonb
      AND id IN (SELECT id FROM ${others} AND closed_at IS NULL)) AS "isFollowed"`.execute(query);
  return present(rows[0], 'the covers beside it');
}

/** Of whoever took it or is asked, and of those who hold it when nobody does. */
async function awayFor(query: Query, state: CoverState, at: Instant): Promise<CoverFacts['away']> {
  const { rows } = await sql<{ above: PersonId | null; top: PersonId | null }>`
    SELECT m.manager_id AS above, a.manager_id AS top
    FROM person m LEFT JOIN person a ON a.id = m.manager_id
    WHERE m.id = ${state.manager}`.execute(query);
  const line = rows.flatMap(({ above, top }) => [above, top]);
  const named = [state.taker, state.manager, ...state.candidates];
  const window = { from: Math.min(state.since, state.from), until: state.until };
  const away = await daysAway(
    query,
    [...named, ...line].filter((id) => id !== null),
    window,
  );
  if (daysAwayOf(away, state.manager).length === 0) return away;
  const links = await delegatesAt(query, { loop: 'cover', at, of: [state.manager] });
  const standIns = [state.manager, ...line].flatMap((id) => (id ? [deciderOf(id, links)] : []));
  const known = new Set([...named, ...line]);
  const others = standIns.filter((id) => !known.has(id));
  return [...away, ...(await daysAway(query, others, window))];
}

/** Whether somebody has promised, or is asked, to hold it for a part of that window. */
export async function isCovered(
  query: Query,
  account: AccountId,
  { from, until }: Window,
): Promise<boolean> {
  const { rows } = await sql<{ covered: boolean }>`
    SELECT EXISTS (SELECT FROM cover WHERE account_id = ${account} AND closed_at IS NULL
      AND period && tstzrange(${from}::timestamptz, ${until}::timestamptz)) AS covered`.execute(
    query,
  );
  return present(rows[0], 'whether it is covered').covered;
}

interface ProjectedCover {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: CoverState;
  readonly isClosed: boolean;
}

export async function projectCover(
  query: Query,
  { id, at, after, isClosed }: ProjectedCover,
): Promise<void> {
  const { account, owner, asker, taker, status, reason, from, until, note, handBack, absence } =
    after;
  await sql`
    INSERT INTO cover (id, account_id, owner_id, asker_id, taker_id, status, reason, period,
      absence_id, note_id, hand_back_id, asked_at, closed_at)
    VALUES (${id}, ${account}, ${owner}, ${asker}, ${taker}, ${status}, ${reason},
      tstzrange(${from}::timestamptz, ${until}::timestamptz), ${absence}, ${note}, ${handBack}, ${at}, NULL)
    ON CONFLICT (id) DO UPDATE SET taker_id = excluded.taker_id, status = excluded.status,
      hand_back_id = excluded.hand_back_id, closed_at = ${isClosed ? at : null}::timestamptz`
    .execute(query)
    .catch(refuseBroken);
}

function refuseBroken(error: unknown): never {
  const constraint = error instanceof Error && 'constraint_name' in error && error.constraint_name;
  throw constraint === 'cover_one_at_a_time' ? new Refusal(problem('cover.overlaps')) : error;
}

interface FoundCandidates {
  readonly cover: LoopId;
  readonly at: Instant;
  readonly candidates: readonly Candidate[];
}

/** Once: who was asked, and why, stays as it was. */
export async function keepCandidates(
  query: Query,
  { cover, at, candidates }: FoundCandidates,
): Promise<void> {
  const rows = candidates.map(({ id: person, reasons }, rank) => ({ person, rank, reasons }));
  await sql`
    INSERT INTO cover_candidate (cover_id, person_id, rank, reasons, found_at)
    SELECT ${cover}, c.person, c.rank, c.reasons, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS c (person text, rank int, reasons jsonb)
    ON CONFLICT DO NOTHING`.execute(query);
}

/** Found before that, for requests that were refused; how many were removed. */
export async function removeUnaskedCandidates(
  query: Query,
  { before, limit }: { readonly before: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM cover_candidate WHERE (cover_id, person_id) IN (
      SELECT k.cover_id, k.person_id FROM cover_candidate k
      WHERE k.found_at < ${before}::timestamptz
        AND NOT EXISTS (SELECT FROM cover WHERE cover.id = k.cover_id)
      LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )`.execute(query);
  return Number(numAffectedRows);
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface CoverRow {
  readonly id: LoopId;
  readonly account: Named<AccountId>;
  readonly owner: Named<PersonId>;
  /** Null where an absence asked for it. */
  readonly asker: Named<PersonId> | null;
  readonly taker: Named<PersonId> | null;
  readonly manager: PersonId;
  readonly status: CoverStatus;
  readonly reason: CoverReason;
  readonly from: Instant;
  readonly until: Instant;
  readonly note: ContentId | null;
  readonly handBack: ContentId | null;
  readonly askedAt: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
  readonly candidates: readonly CandidateRow[];
}

export interface CandidateRow {
  readonly person: Named<PersonId>;
  readonly reasons: readonly CandidateReason[];
  readonly hasRefused: boolean;
}

const named = (table: string) =>
  sql`jsonb_build_object('id', ${sql.ref(`${table}.id`)}, 'name', ${sql.ref(`${table}.name`)})`;

const selectCovers = sql`
  SELECT c.id, ${named('account')} AS account, ${named('owner')} AS owner,
    CASE WHEN asker.id IS NOT NULL THEN ${named('asker')} END AS asker,
    CASE WHEN taker.id IS NOT NULL THEN ${named('taker')} END AS taker,
    i.state->'state'->>'manager' AS manager, c.status, c.reason, lower(c.period) AS "from",
    upper(c.period) AS until, c.note_id AS note, c.hand_back_id AS "handBack",
    c.asked_at AS "askedAt", c.closed_at AS "closedAt", i.revision, i.held_at IS NOT NULL AS "isHeld",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('person', ${named('p')}, 'reasons',
        coalesce(k.reasons, '[]'), 'hasRefused', i.state->'state'->'refused' ? p.id) ORDER BY k.rank), '[]')
      FROM cover_candidate k JOIN person p ON p.id = k.person_id WHERE k.cover_id = c.id) AS candidates
  FROM cover c
  JOIN loop_instance i ON i.id = c.id
  JOIN account ON account.id = c.account_id
  JOIN person owner ON owner.id = c.owner_id
  LEFT JOIN person asker ON asker.id = c.asker_id
  LEFT JOIN person taker ON taker.id = c.taker_id`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findCover(query: Query, actor: Actor, id: LoopId): Promise<CoverRow | null> {
  const { rows } = await sql<CoverRow>`
    ${selectCovers} WHERE c.id = ${id} AND ${maySeeHandoff(actor, sql.ref('c.id'))}`.execute(query);
  return rows[0] ?? null;
}

const coversShownMax = 100;

/** The newest first, of those the actor may see. */
export async function coversOf(
  query: Query,
  actor: Actor,
  account: AccountId,
): Promise<readonly CoverRow[]> {
  const { rows } = await sql<CoverRow>`
    ${selectCovers}
    WHERE c.account_id = ${account} AND ${maySeeHandoff(actor, sql.ref('c.id'))}
    ORDER BY c.asked_at DESC, c.id LIMIT ${coversShownMax}`.execute(query);
  return rows;
}
