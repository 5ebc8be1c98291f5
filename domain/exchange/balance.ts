/** What a market gave to the exchange in a quarter, and what it received: counts in, sentences out. */
import { type Figure, figure, hiddenFigure } from '../fairness/figures.ts';
import { groupSizeMin } from '../fairness/small-groups.ts';
import type { PersonId, RegionId } from '../id.ts';

/** Fewer in a quarter are no habit yet. */
export const receivedMin = 3;

export interface MarketCounts {
  readonly region: RegionId;
  readonly name: string;
  readonly manager: PersonId;
  /** Who work there now, partners among them. */
  readonly people: number;
  /** Practices of its people that were first published, wins and failures alike. */
  readonly gave: number;
  /** Practices of other markets that reached any of its people. */
  readonly received: number;
  /** Of those, how many any of them said something of. */
  readonly tried: number;
  /** Whose practices helped most there, of another market; null where there is nobody. */
  readonly coach: PersonId | null;
}

export interface MarketFigures {
  readonly isShown: boolean;
  readonly gave: Figure;
  readonly received: Figure;
  readonly tried: Figure;
}

/** Nothing is shown of fewer than five people: a number would be somebody's. */
export function marketFigures({ people, gave, received, tried }: MarketCounts): MarketFigures {
  if (people < groupSizeMin) {
    return { isShown: false, gave: hiddenFigure, received: hiddenFigure, tried: hiddenFigure };
  }
  return {
    isShown: true,
    gave: figure(gave, 'exchange.balance.gave', { practices: gave }),
    received: figure(received, 'exchange.balance.received', { practices: received }),
    tried: figure(tried, 'exchange.balance.tried', { practices: tried }),
  };
}

/** It is then asked for a lesson of its own, a win or a failure. */
export const onlyReceives = ({ people, gave, received }: MarketCounts): boolean =>
  people >= groupSizeMin && gave === 0 && received >= receivedMin;
