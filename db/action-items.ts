/** What is to be done for an account: items that are only ever added, each with its events. */
import { type RawBuilder, sql } from 'kysely';
import type { ActionEventType } from '../domain/handoff/action-items.ts';
import { isOpenAfter, openActionsMax } from '../domain/handoff/action-items.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem, type Problem } from '../domain/problem.ts';
import type { Query } from './client.ts';
import { heirOfCustody } from './heirs.ts';

interface Named {
  readonly id: PersonId;
  readonly name: string;
}

export interface ActionItemRow {
  readonly id: string;
  readonly account: AccountId;
  /** Null once erased. */
  readonly text: string | null;
  readonly dueAt: Instant;
  readonly owner: Named & { readonly zone: string };
  readonly isOpen: boolean;
  /** Added while a handoff was open. */
  readonly isLate: boolean;
  /** The handoff it came with, or which was open when it was added. */
  readonly handoff: LoopId | null;
  readonly addedBy: Named;
  readonly addedAt: Instant;
  /** What became of it last. */
  readonly type: ActionEventType;
  readonly changedAt: Instant;
  readonly sequence: number;
}

const selectItems = sql`
  SELECT i.id, i.account_id AS account, content.body->>'text' AS text, i.due_at AS "dueAt",
    jsonb_build_object('id', owner.id, 'name', owner.name, 'zone', owner.zone) AS owner,
    i.is_open AS "isOpen", i.is_late AS "isLate", i.loop_id AS handoff,
    jsonb_build_object('id', author.id, 'name', author.name) AS "addedBy",
    i.created_at AS "addedAt", i.type, i.changed_at AS "changedAt", i.sequence
  FROM action_item_now i
  JOIN content ON content.id = i.content_id
  JOIN person owner ON owner.id = i.owner_id
  JOIN person author ON author.id = i.created_by`;

/** Of the account, or of what has become part of it. */
const isOf = (column: RawBuilder<unknown>, account: AccountId) => sql`
  (${column} = ${account} OR ${column} IN (SELECT id FROM account WHERE merged_into = ${account}))`;

export interface ActionItemPage {
  readonly account: AccountId;
  readonly isOpen?: boolean | undefined;
  /** Only theirs; absent, everybody's. */
  readonly owners?: readonly PersonId[] | undefined;
  readonly after: { readonly dueAt: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** The soonest due first. */
export async function listActionItems(
  query: Query,
  { account, isOpen, owners, after, limit }: ActionItemPage,
): Promise<readonly ActionItemRow[]> {
  const open = isOpen === undefined ? sql`` : sql`AND i.is_open = ${isOpen}`;
  const theirs = owners === undefined ? sql`` : sql`AND i.owner_id = ANY (${owners}::text[])`;
  const later = after
    ? sql`AND (i.due_at, i.id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<ActionItemRow>`
    ${selectItems} WHERE ${isOf(sql`i.account_id`, account)} ${open} ${theirs} ${later}
    ORDER BY i.due_at, i.id LIMIT ${limit}`.execute(query);
  return rows;
}

const lateItemsShownMax = 100;

/** Added while this handoff was open. */
export async function lateItems(query: Query, handoff: LoopId): Promise<readonly ActionItemRow[]> {
  const { rows } = await sql<ActionItemRow>`
    ${selectItems} WHERE i.loop_id = ${handoff} AND i.is_late
    ORDER BY i.created_at, i.id LIMIT ${lateItemsShownMax}`.execute(query);
  return rows;
}

export async function findActionItem(
  query: Query,
  account: AccountId,
  id: string,
): Promise<ActionItemRow | null> {
  const { rows } = await sql<ActionItemRow>`
    ${selectItems} WHERE ${isOf(sql`i.account_id`, account)} AND i.id = ${id}::uuid`.execute(query);
  return rows[0] ?? null;
}

/** Null while one more is not too many. */
export async function roomProblem(query: Query, account: AccountId): Promise<Problem | null> {
  const { rows } = await sql<{ readonly count: number }>`
    SELECT count(*)::int AS count FROM action_item_now
    WHERE ${isOf(sql`account_id`, account)} AND is_open`.execute(query);
  const hasRoom = (rows[0]?.count ?? 0) < openActionsMax;
  return hasRoom ? null : problem('action.too_many', { max: openActionsMax });
}

/** The handoff of the account that is under way. */
export async function openHandoffOf(
  query: Query,
  account: AccountId,
): Promise<{ readonly id: LoopId; readonly asked: PersonId | null } | null> {
  const { rows } = await sql<{ readonly id: LoopId; readonly asked: PersonId | null }>`
    SELECT id, holder_id AS asked FROM handoff
    WHERE account_id = ${account} AND closed_at IS NULL`.execute(query);
  return rows[0] ?? null;
}

export interface NewActionItem {
  readonly id: string;
  readonly account: AccountId;
  readonly content: ContentId;
  readonly dueAt: Instant;
  readonly owner: PersonId;
  readonly handoff: LoopId | null;
  readonly isLate: boolean;
}

export interface Authored {
  readonly by: PersonId;
  readonly onBehalfOf?: PersonId | undefined;
  readonly at: Instant;
  readonly commandId?: string;
}

/** Their texts are there already. One that is known is left as it is. */
export async function insertActionItems(
  query: Query,
  items: readonly NewActionItem[],
  { by, onBehalfOf, at, commandId }: Authored,
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(({ dueAt, isLate, ...item }) => ({
    ...item,
    due_at: new Date(dueAt).toISOString(),
    is_late: isLate,
  }));
  await sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS s (id uuid, account text, content uuid,
        due_at timestamptz, owner text, handoff uuid, is_late boolean)
    ), added AS (
      INSERT INTO action_item (id, account_id, content_id, due_at, loop_id, is_late, created_by, created_at)
      SELECT id, account, content, due_at, handoff, is_late, ${by}, ${at}::timestamptz FROM given
      ON CONFLICT (id) DO NOTHING RETURNING id
    )
    INSERT INTO action_item_event (item_id, sequence, type, owner_id, is_open, by_id, on_behalf_of,
      loop_id, command_id, at)
    SELECT id, 1, 'added', owner, true, ${by}, ${onBehalfOf ?? null}, handoff, ${commandId ?? null},
      ${at}::timestamptz
    FROM given JOIN added USING (id)`.execute(query);
}

export interface ItemEvent {
  readonly item: Pick<ActionItemRow, 'id' | 'sequence'>;
  readonly type: ActionEventType;
  readonly owner: PersonId;
}

/** Whoever appends holds the account's custody, so that each is the next of its item. */
export async function appendItemEvent(
  query: Query,
  { item, type, owner }: ItemEvent,
  { by, onBehalfOf, at, commandId }: Authored,
): Promise<void> {
  await query
    .insertInto('action_item_event')
    .values({
      item_id: item.id,
      sequence: item.sequence + 1,
      type,
      owner_id: owner,
      is_open: isOpenAfter(type),
      by_id: by,
      on_behalf_of: onBehalfOf ?? null,
      command_id: commandId ?? null,
      at,
    })
    .execute();
}

/** The item that the request has changed already, where it has. */
export async function itemOfCommand(query: Query, commandId: string): Promise<string | null> {
  const row = await query
    .selectFrom('action_item_event')
    .select('item_id')
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return row?.item_id ?? null;
}

export interface ItemsMove {
  readonly account: AccountId;
  readonly from: PersonId;
  readonly to: PersonId;
  /** Null where no loop moved it, but a change of the organisation. */
  readonly by: LoopId | null;
  readonly at: Instant;
}

/** What is open of one goes to the other; what a third person has stays theirs. */
export async function moveOpenItems(query: Query, move: ItemsMove): Promise<void> {
  const { account, from, to, by, at } = move;
  await sql`
    INSERT INTO action_item_event (item_id, sequence, type, owner_id, is_open, loop_id, at)
    SELECT id, sequence + 1, 'moved', ${to}, true, ${by}::uuid, ${at}::timestamptz
    FROM action_item_now
    WHERE ${isOf(sql`account_id`, account)} AND is_open AND owner_id = ${from}`.execute(query);
}

/**
 * What is open of people who have left goes to whoever owns the account, or, where they have left
 * too, to who has the account next. Returns how many items that were.
 */
export async function reownItemsOfLeavers(query: Query, at: Instant): Promise<number> {
  const left = sql`SELECT DISTINCT e.item_id FROM person
    JOIN action_item_event e ON e.owner_id = person.id WHERE person.left_at IS NOT NULL`;
  // Custody first, as everybody who appends does; a move that was under way is seen afterwards.
  await sql`SELECT lock_custody(account_id) FROM (
    SELECT DISTINCT account_id FROM action_item WHERE id IN (${left}) ORDER BY account_id) a`.execute(
    query,
  );
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO action_item_event (item_id, sequence, type, owner_id, is_open, at)
    SELECT id, sequence + 1, 'moved', heir, true, ${at}::timestamptz
    FROM (
      SELECT i.id, i.sequence, CASE WHEN o.left_at IS NULL THEN o.id ELSE ${heirOfCustody()} END AS heir
      FROM action_item_now i
      JOIN person gone ON gone.id = i.owner_id AND gone.left_at IS NOT NULL
      JOIN custody c ON c.account_id = i.account_id AND upper_inf(c.period)
      JOIN person o ON o.id = c.owner_id
      WHERE i.is_open AND i.id IN (${left})) found
    WHERE heir IS NOT NULL`.execute(query);
  return Number(numAffectedRows);
}
