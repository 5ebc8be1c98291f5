/**
 * Removes what was written before a step that was refused: texts, and who could have covered; replies held
 * long ago, and secrets that sign nothing any more.
 */
import { removeUnusedContents } from '../db/contents.ts';
import { removeUnaskedCandidates } from '../db/covers.ts';
import { removeHeldReplies } from '../db/held-replies.ts';
import { forgetFormerSecrets } from '../db/webhook-endpoints.ts';
import type { Database } from '../db/client.ts';
import type { Instant } from '../domain/loop.ts';

/**
 * A command whose loop stands still is settled when a mended build runs, days later at most: its text
 * is kept for longer than that.
 */
const keptMs = 60 * 86_400_000;
const heldRepliesKeptMs = 30 * 86_400_000;
const textsPerRunMax = 1_000;

interface UnusedTextsParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

export const createRemoveUnusedTexts =
  ({ db, clock }: UnusedTextsParts) =>
  async (): Promise<{ readonly removed: number }> => {
    const old = { before: clock.now() - keptMs, limit: textsPerRunMax };
    const [texts, candidates] = [
      await removeUnusedContents(db, old),
      await removeUnaskedCandidates(db, old),
    ];
    await forgetFormerSecrets(db, clock.now());
    const held = await removeHeldReplies(db, clock.now() - heldRepliesKeptMs);
    return { removed: texts + candidates + held };
  };
