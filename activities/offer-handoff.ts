/** How a step of another loop opens a handoff: with a packet of its own, from whoever owns the account. */
import type { Transaction } from 'kysely';
import { acceptanceMinutes } from '../db/acceptance-minutes.ts';
import { insertContent } from '../db/contents.ts';
import { derivedId } from '../db/derived-id.ts';
import { nextPacket } from '../db/rotations.ts';
import type { DB } from '../db/schema.ts';
import { contentKinds } from '../domain/handoff/packet.ts';
import type { HandoffCommand } from '../domain/handoff/state.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Opening } from './loop-record.ts';

interface Offered {
  readonly by: LoopId;
  readonly at: Instant;
  readonly account: AccountId;
  readonly giver: PersonId;
  readonly receiver: PersonId;
  /** What is handed over until the account has a packet of its own. */
  readonly first: ContentId;
}

export async function offerHandoff(tx: Transaction<DB>, offered: Offered): Promise<Opening> {
  const { by, at, account, giver, receiver, first } = offered;
  const id = derivedId('handoff', by, String(at)) as LoopId;
  const packet = derivedId('content', id, contentKinds.packet) as ContentId;
  const body = await nextPacket(tx, { account, packet: first });
  await insertContent(tx, { id: packet, author: giver, kind: contentKinds.packet, body, at });
  const command: HandoffCommand = {
    type: 'offer',
    openedBy: by,
    account,
    giver,
    receiver,
    severity: body.severity,
    packet,
    allowanceMinutes: await acceptanceMinutes(tx, receiver, at),
  };
  return { loop: 'handoff', id, command };
}
