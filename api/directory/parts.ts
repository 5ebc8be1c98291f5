import type { Database } from '../../db/client.ts';
import type { Actor } from '../../domain/authority.ts';
import type { NoticeId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import type { AnnounceChange } from '../calendar-changes/announce.ts';

/** What each operation here works with. */
export interface DirectoryParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  /** Absent, the maintenance schedule tells the loops that a change touched. */
  readonly announceChange?: AnnounceChange;
  /** After a commit; absent, the sweep starts what was planned. */
  readonly startDeliveries?: ((notices: readonly NoticeId[]) => void) | undefined;
}

/** Who asks, and what for. */
export interface Asked<Input> {
  readonly actor: Actor;
  readonly input: Input;
}
