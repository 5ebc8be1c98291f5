import type { Database } from '../db/client.ts';
import { insertContent } from '../db/contents.ts';
import { derivedId } from '../db/derived-id.ts';
import type { Actor } from '../domain/authority.ts';
import type { ContentId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';

interface Writing {
  readonly actor: Actor;
  readonly commandId: string;
}

/** Keeps what somebody wrote before the command that refers to it; a repeated request finds it written. */
export async function writeContent(
  { db, clock }: { readonly db: Database; readonly clock: { now(): Instant } },
  { actor, commandId }: Writing,
  { kind, body }: { readonly kind: string; readonly body: unknown },
): Promise<ContentId> {
  const id = derivedId('content', commandId, kind) as ContentId;
  await insertContent(db, { id, author: actor.id, kind, body, at: clock.now() });
  return id;
}
