/**
 * What is to be done for an account, one owner at a time. An item is never changed: what becomes of it
 * is an event after it, of which the last one holds.
 */
import type { PersonId } from '../id.ts';
import { problem, type Problem } from '../problem.ts';
import type { ActionItem, Packet } from './packet.ts';

export const actionEventTypes = [
  'added',
  'done',
  'reopened',
  'assigned',
  /** With custody, or from an owner who left. */
  'moved',
  /** No longer in the packet that it came with, or withdrawn with its alert. */
  'dropped',
] as const;
export type ActionEventType = (typeof actionEventTypes)[number];

export const isOpenAfter = (type: ActionEventType): boolean =>
  type !== 'done' && type !== 'dropped';

/** Of one account at a time. */
export const openActionsMax = 500;
/** Of one item. A rotation moves what is open several times a day, for months. */
export const actionEventsMax = 10_000;

export type ActionChange =
  | { readonly type: 'done' }
  | { readonly type: 'reopened' }
  | { readonly type: 'assigned'; readonly to: PersonId };

export interface StandingItem {
  readonly owner: PersonId;
  readonly isOpen: boolean;
  /** Events so far. */
  readonly sequence: number;
}

/** Null when the item can take the change. */
export function changeProblem(item: StandingItem, change: ActionChange): Problem | null {
  const isEnding = change.type === 'done' && item.isOpen; // whatever was moved how often, can be done
  if (item.sequence >= actionEventsMax && !isEnding) return problem('action.changed_too_often');
  if (change.type === 'reopened') return item.isOpen ? problem('action.still_open') : null;
  if (!item.isOpen) return problem('action.not_open');
  const isSame = change.type === 'assigned' && change.to === item.owner;
  return isSame ? problem('action.already_theirs', { person: change.to }) : null;
}

/**
 * Whose an added item is: while a handoff is open whoever holds the account then, so that nothing
 * falls between giver and receiver; else whom it is meant for.
 */
export function ownerOfAdded(added: {
  readonly wanted: PersonId | undefined;
  readonly custodian: PersonId;
  readonly isInHandoff: boolean;
}): PersonId | Problem {
  const { wanted = added.custodian, custodian, isInHandoff } = added;
  if (!isInHandoff || wanted === custodian) return wanted;
  return problem('action.late_owner', { person: custodian });
}

/** The same words, for the same person, by the same time. */
export const actionKey = ({ text, owner, dueAt }: ActionItem): string =>
  JSON.stringify([text, owner, dueAt]);

/** What a later packet has more, and what it has no longer. */
export function changedActions(
  before: Pick<Packet, 'actions'>,
  after: Pick<Packet, 'actions'>,
): { readonly added: readonly ActionItem[]; readonly dropped: readonly ActionItem[] } {
  return { added: lackingIn(before, after), dropped: lackingIn(after, before) };
}

/** Of `packet`, what `other` has not; each once. */
function lackingIn(
  other: Pick<Packet, 'actions'>,
  packet: Pick<Packet, 'actions'>,
): readonly ActionItem[] {
  const known = new Set(other.actions.map(actionKey));
  return packet.actions.filter((action) => {
    const key = actionKey(action);
    return !known.has(key) && known.add(key) !== undefined;
  });
}
