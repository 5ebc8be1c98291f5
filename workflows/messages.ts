/** What every loop's workflow understands beside its own commands. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Holdable } from '../domain/hold.ts';
import type { LoopId } from '../domain/id.ts';
import type { Command, Envelope, Instant, Moment, Receipt } from '../domain/loop.ts';

/** Where a loop stands: what continue-as-new carries, and what a restart reads from the record. */
export interface Snapshot {
  readonly state: Holdable<unknown>;
  readonly version: number;
  readonly sequence: number;
  readonly at: Instant;
  readonly moments: readonly Moment<Command>[];
  readonly refusals: Refusals;
}

/** Moments that the record refused: how often, and when each is tried again. */
export type Refusals = Readonly<
  Record<string, { readonly count: number; readonly retryAt: Instant }>
>;

export type LoopInput =
  | { readonly id: LoopId; readonly open: Envelope<Command> }
  | { readonly id: LoopId; readonly resume: Snapshot };

/** Answers when the opening command has settled: sent with the start of the workflow. */
export const openLoopUpdate = defineUpdate<Receipt>('openLoop');

/** Somebody's working time changed: plan again. */
export const calendarsChangedSignal = defineSignal('calendarsChanged');

export interface LoopStatus {
  readonly sequence: number;
  readonly isHeld: boolean;
  readonly queued: number;
  readonly nextMoment: { readonly id: string; readonly at: Instant } | null;
  readonly refusals: Refusals;
}
export const loopStatusQuery = defineQuery<LoopStatus>('loopStatus');
