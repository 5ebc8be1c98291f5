/** What the rules warn of in a packet, and in what is said about it. */
import type { Actor } from '../../domain/authority.ts';
import type { Packet, ReadBack } from '../../domain/handoff/packet.ts';
import { packetTexts, saidTexts } from '../../domain/handoff/packet-texts.ts';
import type { RedFlag } from '../../domain/text/red-flags.ts';
import { flagCheckOf } from '../red-flags.ts';
import type { HandoffParts } from './parts.ts';

type Body = Packet | Partial<ReadBack>;

export async function flagsIn(
  parts: Pick<HandoffParts, 'db' | 'clock'>,
  actor: Actor,
  body: Body,
): Promise<readonly RedFlag[]> {
  const check = await flagCheckOf(parts, actor);
  return check('summary' in body ? packetTexts(body) : saidTexts(body));
}
