/** The actions of a packet as items of the account: entered when it is offered, followed when it is revised. */
import type { Transaction } from 'kysely';
import { lockCustodian } from '../../db/accounts.ts';
import {
  appendItemEvent,
  insertActionItems,
  listActionItems,
  type ActionItemRow,
} from '../../db/action-items.ts';
import { insertContents, readContents } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { actionKey, changedActions, openActionsMax } from '../../domain/handoff/action-items.ts';
import type { ActionItem, Packet } from '../../domain/handoff/packet.ts';
import type { HandoffState } from '../../domain/handoff/state.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';

type Tx = Transaction<DB>;

export interface PacketStep {
  readonly id: LoopId;
  readonly at: Instant;
  readonly actor: PersonId | null;
  readonly before: HandoffState;
  readonly after: HandoffState;
}

const nothing: Pick<Packet, 'actions'> = { actions: [] };
const contentKind = 'account.action';

/** Does nothing where the step brought no other packet. */
export async function followPacket(tx: Tx, step: PacketStep): Promise<void> {
  const { before, after } = step;
  if (after.packet === null || after.packet === before.packet) return;
  const ids = [before.packet, after.packet].filter((id) => id !== null);
  const texts = await readContents(tx, ids);
  const actionsOf = (id: ContentId | null): Pick<Packet, 'actions'> => {
    const packet = id && (texts.get(id)?.body as Partial<Packet> | null);
    return packet?.actions ? { actions: packet.actions } : nothing;
  };
  const { added, dropped } = changedActions(actionsOf(before.packet), actionsOf(after.packet));
  if (added.length + dropped.length === 0) return;
  const account = present(after.account, 'the account');
  await lockCustodian(tx, account); // as everybody who appends to items of the account
  const open = await listActionItems(tx, {
    account,
    isOpen: true,
    after: null,
    limit: openActionsMax,
  });
  const known = new Set(open.map(keyOf));
  await enter(
    tx,
    step,
    added.filter((action) => !known.has(actionKey(action))),
  );
  const author = { by: authorOf(step), at: step.at };
  const keys = new Set(dropped.map(actionKey));
  for (const item of open) {
    if (item.handoff !== step.id || item.isLate || !keys.has(keyOf(item))) continue;
    await appendItemEvent(tx, { item, type: 'dropped', owner: item.owner.id }, author);
  }
}

const keyOf = ({ text, owner, dueAt }: ActionItemRow): string =>
  actionKey({ text: text ?? '', owner: owner.id, dueAt });

/** Whoever the engine opens a handoff for gives it. */
const authorOf = ({ actor, after }: PacketStep): PersonId => actor ?? after.giver;

async function enter(tx: Tx, step: PacketStep, actions: readonly ActionItem[]): Promise<void> {
  if (actions.length === 0) return;
  const { id, at, after } = step;
  const by = authorOf(step);
  const account = present(after.account, 'the account');
  const items = actions.map((action) => {
    const parts = [id, String(after.revision), actionKey(action)];
    return {
      action,
      id: derivedId('action', ...parts),
      content: derivedId('action-text', ...parts) as ContentId,
    };
  });
  const kind = contentKind;
  const texts = items.map(({ content, action: { text } }) => ({ id: content, body: { text } }));
  await insertContents(tx, texts, { author: by, kind, at });
  const rows = items.map(({ action: { owner, dueAt }, ...item }) => ({
    ...item,
    account,
    owner,
    dueAt,
    handoff: id,
    isLate: false,
  }));
  await insertActionItems(tx, rows, { by, at });
}
