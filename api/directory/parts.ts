import type { Database } from '../../db/client.ts';
import type { Actor } from '../../domain/authority.ts';
import type { Instant } from '../../domain/loop.ts';

/** What each operation here works with. */
export interface DirectoryParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** Who asks, and what for. */
export interface Asked<Input> {
  readonly actor: Actor;
  readonly input: Input;
}
