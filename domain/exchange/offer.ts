/** A practice is offered where it may help: in the first message of a handoff or an assignment (F17). */
import type { LoopId } from '../id.ts';
import type { Instant } from '../loop.ts';
import type { DeliveryWay } from './practice.ts';

export type OfferWay = Extract<DeliveryWay, 'handoff' | 'assignment'>;

/** With these something begins for their reader; of a handoff also when it comes to them later. */
const ways: Readonly<Record<string, OfferWay>> = {
  'handoff.offered': 'handoff',
  'handoff.reassigned': 'handoff',
  'handoff.escalated': 'handoff',
  'assignment.begun': 'assignment',
};

/** Null for a message that offers none. */
export const offerWay = (key: string): OfferWay | null => ways[key] ?? null;

export interface OfferCandidate {
  readonly id: LoopId;
  readonly publishedAt: Instant;
  /** Of `rankPractice`, where the reader is. */
  readonly points: number;
}

/** The best proven of those that do not fail there, then the newest; null: better none than that. */
export function bestOffer(candidates: readonly OfferCandidate[]): LoopId | null {
  const [best] = candidates
    .filter(({ points }) => points >= 0)
    .toSorted(
      (a, b) => b.points - a.points || b.publishedAt - a.publishedAt || (a.id < b.id ? -1 : 1),
    );
  return best?.id ?? null;
}
