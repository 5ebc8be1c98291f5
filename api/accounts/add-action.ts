import { createRoute, type z } from '@hono/zod-openapi';
import type { Transaction } from 'kysely';
import { type Account, lockCustodian } from '../../db/accounts.ts';
import {
  findActionItem,
  insertActionItems,
  openHandoffOf,
  roomProblem,
} from '../../db/action-items.ts';
import { actionsSubject } from '../../db/actors.ts';
import { insertContents } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { DB } from '../../db/schema.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { insertFlags } from '../../db/red-flags.ts';
import { present } from '../../domain/assert.ts';
import { ownerOfAdded } from '../../domain/handoff/action-items.ts';
import type { ContentId, NoticeId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import type { RedFlag } from '../../domain/text/red-flags.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { DirectoryParts } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { actingAs, authorise } from '../authorise.ts';
import { refuseUnknown } from '../handoffs/offer.ts';
import type { Commanded } from '../loop-steps.ts';
import { flagCheckOf } from '../red-flags.ts';
import { type Action, seenAccount, shownAction, siteZoneOf } from './present.ts';
import { actionAnswer, addActionBody } from './schema.ts';

export const addActionRoute = createRoute({
  method: 'post',
  path: '/accounts/{id}/actions',
  operationId: 'addAction',
  tags: ['accounts'],
  summary: 'Adds something that is to be done for an account',
  description:
    'While a handoff of the account is open it goes to whoever owns the account then, and is marked late: the packet does ' +
    'not tell of it.',
  request: {
    params: idParams,
    body: { required: true, content: { 'application/json': { schema: addActionBody } } },
  },
  responses: {
    201: {
      description: 'Added.',
      content: { 'application/json': { schema: actionAnswer } },
    },
  },
});

type Input = z.output<typeof addActionBody> & { readonly id: string };
type Parts = Pick<DirectoryParts, 'db' | 'clock' | 'startDeliveries'>;

export async function addAction(parts: Parts, asked: Commanded<Input>): Promise<Action> {
  const { actor, input, commandId } = asked;
  const account = await seenAccount(parts, actor, input.id);
  const id = derivedId('action', commandId);
  // Logged and not held back, as a comment is: it is offered to nobody by being written down.
  const flags = (await flagCheckOf(parts, actor))([{ place: 'text', text: input.text }]);
  let told: readonly NoticeId[] = [];
  const found = await parts.db.transaction().execute(async (db) => {
    // From here on neither custody nor a handoff of the account moves until this is written.
    const custodian = present(await lockCustodian(db, account.id), 'who owns the account');
    const earlier = await findActionItem(db, account.id, id);
    if (earlier) return earlier;
    told = await add(db, { asked, account, custodian, id, flags, at: parts.clock.now() });
    return present(await findActionItem(db, account.id, id), 'the item');
  });
  parts.startDeliveries?.(told);
  return shownAction(found, siteZoneOf(account));
}

interface Added {
  readonly asked: Commanded<Input>;
  readonly account: Account;
  readonly custodian: PersonId;
  readonly id: string;
  readonly flags: readonly RedFlag[];
  readonly at: Instant;
}

/** What tells of it. */
async function add(
  db: Transaction<DB>,
  { asked, account, custodian, id, flags, at }: Added,
): Promise<readonly NoticeId[]> {
  const parts = { db, clock: { now: () => at } };
  const { actor, input, commandId } = asked;
  const { onBehalfOf } = input;
  const subject = present(await actionsSubject(db, account.id), 'the account that was seen');
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'actions.add', subject, otherwise });
  const handoff = await openHandoffOf(db, account.id);
  const owner = ownerOfAdded({
    wanted: input.owner as PersonId | undefined,
    custodian,
    isInHandoff: handoff !== null,
  });
  if (typeof owner !== 'string') throw new Refusal(owner);
  if (owner !== custodian) await refuseUnknown(parts, actor, [owner]);
  if (account.closedAt !== null) throw new Refusal(problem('account.closed'));
  const full = await roomProblem(db, account.id);
  if (full) throw new Refusal(full);
  const content = derivedId('action-text', commandId) as ContentId;
  const text = { id: content, body: { text: input.text } };
  await insertContents(db, [text], { author: actor.id, kind: 'account.action', at });
  await insertFlags(db, { content, flags, acknowledgedBy: null, at });
  const isLate = handoff !== null;
  const dueAt = Date.parse(input.dueAt);
  const item = { id, account: account.id, content, dueAt, owner, isLate };
  const { actor: by, ...delegation } = actingAs(actor, onBehalfOf);
  const author = { by, ...delegation, at, commandId };
  await insertActionItems(db, [{ ...item, handoff: handoff?.id ?? null }], author);
  const key = isLate ? 'message.action_late' : 'message.action';
  const params = { person: { person: actor.id }, account: { account: account.id } };
  const told = new Set([owner, handoff?.asked ?? owner].filter((person) => person !== actor.id));
  const notices = [...told].map((to) => plainNotice({ to, key, params, sendAt: at }));
  await insertNotices(db, { id: handoff?.id ?? null, sequence: null, at, notices });
  return notices.map((notice) => notice.id);
}
