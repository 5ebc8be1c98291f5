/** What every change of an item has in common: it is seen, allowed, possible, and shown as it now is. */
import { lockCustodian } from '../../db/accounts.ts';
import {
  type ActionItemRow,
  appendItemEvent,
  findActionItem,
  itemOfCommand,
} from '../../db/action-items.ts';
import { actionsSubject, actionSubject } from '../../db/actors.ts';
import { insertNotices, plainNotice, type PlannedNotice } from '../../db/loops.ts';
import { present } from '../../domain/assert.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { type ActionChange, changeProblem } from '../../domain/handoff/action-items.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { DirectoryParts } from '../directory/parts.ts';
import { actingAs, authorise } from '../authorise.ts';
import { refuseUnknown } from '../handoffs/offer.ts';
import type { Commanded } from '../loop-steps.ts';
import { type Action, seenAccount, shownAction, siteZoneOf } from './present.ts';

export interface ChangeInput {
  readonly id: string;
  readonly item: string;
  readonly onBehalfOf?: string | undefined;
}

type Parts = Pick<DirectoryParts, 'db' | 'clock' | 'startDeliveries'>;
type Asked = Commanded<ChangeInput>;

export async function changeAction(
  parts: Parts,
  asked: Asked,
  change: ActionChange,
): Promise<Action> {
  const { actor, input, commandId } = asked;
  const account = await seenAccount(parts, actor, input.id);
  let told: readonly PlannedNotice[] = [];
  const changed = await parts.db.transaction().execute(async (db) => {
    const custodian = present(await lockCustodian(db, account.id), 'who owns the account');
    const item = await seenItem(db, actor, { account: account.id, id: input.item });
    // A repeat whose answer was lost finds what it did.
    if ((await itemOfCommand(db, commandId)) === item.id) return item;
    const owner = await ownerAfter({ ...parts, db }, asked, { item, custodian, change });
    const { actor: by, ...delegation } = actingAs(actor, input.onBehalfOf);
    const at = parts.clock.now();
    const event = { item, type: change.type, owner };
    await appendItemEvent(db, event, { by, ...delegation, at, commandId });
    if (owner !== item.owner.id && owner !== actor.id) {
      const params = { person: { person: actor.id }, account: { account: account.id } };
      told = [plainNotice({ to: owner, key: 'message.action', params, sendAt: at })];
      await insertNotices(db, { id: null, sequence: null, at, notices: told });
    }
    return present(await findActionItem(db, account.id, item.id), 'the item');
  });
  parts.startDeliveries?.(told.map(({ id }) => id));
  return shownAction(changed, siteZoneOf(account));
}

/** Seen with the account's other items, or as one's own. */
async function seenItem(
  db: Parts['db'],
  actor: Actor,
  { account, id }: { readonly account: AccountId; readonly id: string },
): Promise<ActionItemRow> {
  const item = await findActionItem(db, account, id);
  const subject = present(await actionsSubject(db, account), 'the account that was seen');
  const isMine = item && [actor.id, ...actor.principals].includes(item.owner.id);
  if (!item || !(isMine || may(actor, 'actions.view', subject))) {
    throw new Refusal(problem('request.not_found'));
  }
  return item;
}

interface Wanted {
  readonly item: ActionItemRow;
  readonly custodian: PersonId;
  readonly change: ActionChange;
}

/** Refused where it may not be or cannot be; reopened for somebody who left, the custodian has it. */
async function ownerAfter(
  parts: Parts,
  { actor, input: { onBehalfOf } }: Asked,
  { item, custodian, change }: Wanted,
): Promise<PersonId> {
  const { db } = parts;
  const owner = item.owner.id;
  const subject = await actionSubject(db, { owner, custodian });
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'action.change', subject, otherwise });
  const found = changeProblem({ owner, isOpen: item.isOpen, sequence: item.sequence }, change);
  if (found) throw new Refusal(found);
  if (change.type === 'assigned') {
    await refuseUnknown(parts, actor, [change.to]);
    return change.to;
  }
  return change.type === 'reopened' && !(await isHere(db, owner)) ? custodian : owner;
}

async function isHere(db: Parts['db'], person: PersonId): Promise<boolean> {
  const row = await db
    .selectFrom('person')
    .select('left_at')
    .where('id', '=', person)
    .executeTakeFirst();
  return row !== undefined && row.left_at === null;
}
