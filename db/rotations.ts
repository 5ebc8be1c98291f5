/** Rotations: what they plan with, what they hand over, and what pages show of them. */
import { sql, type Transaction } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { Packet } from '../domain/handoff/packet.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { type Lane, lanesOf } from '../domain/rotation/day.ts';
import { type HandOver, handOversUntil, nextHandOver } from '../domain/rotation/hand-over.ts';
import type { RotationFacts, RotationState } from '../domain/rotation/state.ts';
import type { Range } from '../domain/time/range.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { lockAccount } from './accounts.ts';
import { listActionItems } from './action-items.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { readContents } from './contents.ts';
import { soFar } from './fairness.ts';
import { isInHandoff } from './handoffs.ts';
import type { DB } from './schema.ts';
import { maySeeHandoff } from './visibility.ts';

/** The account's custody stays as it is until the transaction ends. */
export async function rotationFacts(
  tx: Transaction<DB>,
  state: RotationState,
  _id: LoopId,
  at: Instant,
): Promise<RotationFacts> {
  const { account, status } = state;
  if (account === null) {
    return { custodian: null, isClosed: false, isInHandoff: false, next: null };
  }
  return {
    ...(await lockAccount(tx, account)),
    isInHandoff: await isInHandoff(tx, account),
    next:
      status === 'running'
        ? nextHandOver(await membersOf(tx, state, at), { ...state, from: state.watchFrom })
        : null,
  };
}

type Watched = Pick<RotationState, 'members' | 'holder' | 'watchFrom' | 'leadMinutes'>;

/** Those who are there, in the order of the rotation, with what was asked of them lately. */
async function membersOf(query: Query, { members }: Pick<Watched, 'members'>, at: Instant) {
  const { rows } = await sql<{ id: PersonId }>`
    SELECT id FROM person WHERE id = ANY (${members}::text[]) AND left_at IS NULL`.execute(query);
  const there = new Set(rows.map(({ id }) => id));
  const calendars = await loadCalendars(query, [...there]);
  const borne = await soFar(query, [...there], at);
  return members.flatMap((id) => {
    const calendar = calendars.get(id);
    if (!calendar) return [];
    const { zone } = calendar;
    return [{ id, clock: openCalendar(calendar), zone, soFar: borne.get(id) ?? 0 }];
  });
}

/** What lies ahead if every hand-over is taken: for people to see, without effect. */
export const plannedHandOvers = async (
  query: Query,
  watched: Watched,
  { from, until }: Range,
): Promise<readonly HandOver[]> =>
  handOversUntil(
    await membersOf(query, watched, from),
    { ...watched, from: watched.watchFrom },
    until,
  );

export interface ShownLane extends Lane {
  readonly zone: string;
}

/** Who works and whose watch it is within the range, by the plan of now. */
export async function plannedLanes(
  query: Query,
  watched: Watched & Pick<RotationRow, 'custodian'>,
  range: Range,
): Promise<readonly ShownLane[]> {
  const members = await membersOf(query, watched, range.from);
  const zones = new Map(members.map(({ id, zone }) => [id, zone]));
  const watch = { ...watched, from: watched.watchFrom, before: watched.custodian };
  return lanesOf(members, watch, range).map((lane) => ({
    ...lane,
    zone: zones.get(lane.person) ?? 'Etc/UTC',
  }));
}

interface ProjectedRotation {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: RotationState;
  readonly isClosed: boolean;
}

export async function projectRotation(
  query: Query,
  { id, at, after, isClosed }: ProjectedRotation,
): Promise<void> {
  const { account, starter, members, holder, leadMinutes, packet } = after;
  await sql`
    INSERT INTO rotation (id, account_id, starter_id, members, holder_id, lead_minutes, packet_id,
      started_at)
    VALUES (${id}, ${account}, ${starter}, ${members}::text[], ${holder}, ${leadMinutes}, ${packet},
      ${at})
    ON CONFLICT (id) DO UPDATE SET members = excluded.members, holder_id = excluded.holder_id,
      lead_minutes = excluded.lead_minutes, closed_at = ${isClosed ? at : null}::timestamptz`
    .execute(query)
    .catch(refuseBroken);
}

function refuseBroken(error: unknown): never {
  const constraint = error instanceof Error && 'constraint_name' in error && error.constraint_name;
  if (constraint === 'rotation_one_open') {
    throw new Refusal(problem('rotation.account_in_rotation'));
  }
  throw error;
}

/** As many as a packet may hold. */
const itemsMax = 100;

/**
 * What was handed over last, or what the rotation began with where nothing was, with the items that
 * are open now: known by their words, owner and time, they are not entered twice.
 */
export async function nextPacket(
  query: Query,
  { account, packet }: { readonly account: AccountId; readonly packet: ContentId },
): Promise<Packet> {
  const { rows } = await sql<{ id: ContentId }>`
    SELECT packet_id AS id FROM handoff WHERE account_id = ${account} AND status = 'transferred'
    ORDER BY offered_at DESC LIMIT 1`.execute(query);
  const last = rows[0]?.id;
  const texts = await readContents(query, last === undefined ? [packet] : [last, packet]);
  const body = [last, packet]
    .map((id) => id && (texts.get(id)?.body as Partial<Packet> | null))
    .find((found) => found && found.summary !== undefined);
  const open = await listActionItems(query, {
    account,
    isOpen: true,
    after: null,
    limit: itemsMax,
  });
  return {
    severity: (body && body.severity) ?? 'routine',
    summary: (body && body.summary) ?? '',
    situation: (body && body.situation) ?? '',
    contingencies: (body && body.contingencies) ?? [],
    actions: open.map(({ text, owner, dueAt }) => ({ text: text ?? '', owner: owner.id, dueAt })),
  };
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface RotationRow extends Watched {
  readonly id: LoopId;
  readonly account: Named<AccountId>;
  readonly people: readonly Named<PersonId>[];
  /** Who owns the account now, member or not. */
  readonly custodian: PersonId;
  readonly startedAt: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
}

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findRotation(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<RotationRow | null> {
  const { rows } = await sql<RotationRow>`
    SELECT r.id, jsonb_build_object('id', a.id, 'name', a.name) AS account,
      r.members, r.holder_id AS holder, r.lead_minutes AS "leadMinutes",
      (i.state->'state'->>'watchFrom')::float8 AS "watchFrom",
      (SELECT owner_id FROM custody c WHERE c.account_id = a.id AND upper_inf(c.period)) AS custodian,
      (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name))
        FROM person p WHERE p.id = ANY (r.members)) AS people,
      r.started_at AS "startedAt", r.closed_at AS "closedAt", i.revision,
      i.held_at IS NOT NULL AS "isHeld"
    FROM rotation r JOIN account a ON a.id = r.account_id JOIN loop_instance i ON i.id = r.id
    WHERE r.id = ${id} AND ${maySeeHandoff(actor, sql.ref('r.id'))}`.execute(query);
  return rows[0] ?? null;
}
