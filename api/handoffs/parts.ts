import type { Database } from '../../db/client.ts';
import type { LoadWorld } from '../../db/planning-world.ts';
import type { HandoffCommand } from '../../domain/handoff/state.ts';
import type { LoopId, NoticeId, PersonId } from '../../domain/id.ts';
import type { Envelope, HoldCommand, Instant, Receipt, Sentence } from '../../domain/loop.ts';

/** Reaches the running handoffs. A refusal of theirs is thrown as a `Refusal`. */
export interface HandoffGateway {
  /** Starts one with its opening command; a repeated command answers as the first did. */
  open(id: LoopId, envelope: Envelope<HandoffCommand>): Promise<Receipt>;
  send(id: LoopId, envelope: Envelope<HandoffCommand | HoldCommand>): Promise<Receipt>;
}

/** What each operation here works with. */
export interface HandoffParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly handoffs: HandoffGateway;
  readonly loadWorld: LoadWorld;
  /** After a commit; absent, the sweep starts what was planned. */
  readonly startDeliveries?: ((notices: readonly NoticeId[]) => void) | undefined;
  /** Each sentence in the reader's language, with names for ids and the reader's wall time. */
  tell(reader: PersonId, sentences: readonly Sentence[]): Promise<readonly string[]>;
}
