import { insertFlags } from '../../db/red-flags.ts';
import {
  contentKinds,
  type Message,
  type Packet,
  type ReadBack,
} from '../../domain/handoff/packet.ts';
import type { ContentId } from '../../domain/id.ts';
import type { Commanded } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import { writeContent } from '../write-content.ts';
import { flagsIn } from './red-flags.ts';

type Kind = (typeof contentKinds)[keyof typeof contentKinds];

/**
 * Keeps a text before the command that refers to it; a repeated request finds it written. What the
 * rules warn of in it is logged beside it: of a packet it has been acknowledged before.
 */
export async function write(
  parts: Pick<HandoffParts, 'db' | 'clock'>,
  { actor, commandId }: Pick<Commanded<unknown>, 'actor' | 'commandId'>,
  { kind, body }: { readonly kind: Kind; readonly body: Packet | ReadBack | Message },
): Promise<ContentId> {
  const id = await writeContent(parts, { actor, commandId }, { kind, body });
  const flags = await flagsIn(parts, actor, body);
  const acknowledgedBy = kind === contentKinds.packet ? actor.id : null;
  const at = parts.clock.now();
  await insertFlags(parts.db, { content: id, flags, acknowledgedBy, at });
  return id;
}
