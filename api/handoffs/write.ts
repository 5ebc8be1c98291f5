import { insertContent } from '../../db/contents.ts';
import type { contentKinds, Message, Packet, ReadBack } from '../../domain/handoff/packet.ts';
import type { ContentId } from '../../domain/id.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { Commanded, HandoffParts } from './parts.ts';

type Kind = (typeof contentKinds)[keyof typeof contentKinds];

/** Keeps a text before the command that refers to it; a repeated request finds it written. */
export async function write(
  { db, clock }: HandoffParts,
  { actor, commandId }: Pick<Commanded<unknown>, 'actor' | 'commandId'>,
  { kind, body }: { readonly kind: Kind; readonly body: Packet | ReadBack | Message },
): Promise<ContentId> {
  const id = derivedId('content', commandId, kind) as ContentId;
  await insertContent(db, { id, author: actor.id, kind, body, at: clock.now() });
  return id;
}
