/** What waits for whom in a region's requests for money, and how those before were decided. */
import { sql } from 'kysely';
import type { DecidedRequest } from '../domain/budget/approval-figures.ts';
import type { BudgetState } from '../domain/budget/state.ts';
import type { Holdable } from '../domain/hold.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

/** Also of one that is part of another now: what was asked for there is decided there. */
export async function approvingRegion(
  query: Query,
  id: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const row = await query
    .selectFrom('region')
    .select(['id', 'name'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export interface WaitingApproval {
  readonly id: LoopId;
  readonly person: { readonly id: PersonId; readonly name: string };
  readonly since: Instant;
  readonly dueAt: Instant | null;
  /** When the clock of its step ran, and when it was on hold. */
  readonly held: Holdable<Pick<BudgetState, 'runs'>>;
}

/** More of one region are not looked at: those that wait longest by the wall are. */
const waitingMax = 2_000;

/** The oldest first. */
export async function waitingApprovals(
  query: Query,
  region: string,
): Promise<readonly WaitingApproval[]> {
  const { rows } = await sql<WaitingApproval>`
    SELECT r.id, jsonb_build_object('id', p.id, 'name', p.name) AS person, t.since,
      t.due_at AS "dueAt", jsonb_build_object('heldSince', i.state -> 'heldSince',
        'pauses', i.state -> 'pauses',
        'state', jsonb_build_object('runs', i.state #> '{state,runs}')) AS held
    FROM budget_request r
    JOIN task t ON t.loop_id = r.id AND t.closed_sequence IS NULL
      AND t.kind IN ('budgetRequest.decide', 'budgetRequest.except')
    JOIN person p ON p.id = t.person_id
    JOIN loop_instance i ON i.id = r.id
    WHERE r.region_id = ${region} AND r.closed_at IS NULL
    ORDER BY t.since, t.id LIMIT ${waitingMax}`.execute(query);
  return rows;
}

const decisionsMax = 20_000;

/** Since an instant; what was only asked about is no decision. */
export async function decidedRequests(
  query: Query,
  { region, since }: { readonly region: string; readonly since: Instant },
): Promise<readonly DecidedRequest[]> {
  const { rows } = await sql<DecidedRequest>`
    SELECT d.step AS level, r.requester_id AS requester, d.kind <> 'rejected' AS "isApproved",
      d.waited_minutes AS "waitedMinutes"
    FROM budget_decision d JOIN budget_request r ON r.id = d.request_id
    WHERE r.region_id = ${region} AND d.at >= ${since}::timestamptz AND d.kind <> 'asked'
    ORDER BY d.at DESC LIMIT ${decisionsMax}`.execute(query);
  return rows;
}
