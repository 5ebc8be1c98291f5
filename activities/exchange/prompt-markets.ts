/** Once a quarter, a market that only received is asked for a lesson of its own, with somebody who helps. */
import type { Database } from '../../db/client.ts';
import {
  allMarkets,
  countMarkets,
  insertPrompt,
  type Market,
  marketsToPrompt,
} from '../../db/exchange-balance.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { type MarketCounts, onlyReceives } from '../../domain/exchange/balance.ts';
import type { Instant } from '../../domain/loop.ts';
import { type Quarter, quarterAfter, quarterAt } from '../../domain/scorecard/quarter.ts';

export interface PromptParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** Of the quarter that ended last on the wall of each; safe to repeat. How many were asked. */
export const createPromptMarkets =
  ({ db, clock }: PromptParts) =>
  async (): Promise<{ readonly prompted: number }> => {
    const now = clock.now();
    const all = await allMarkets(db);
    const byQuarter = Map.groupBy(all, ({ zone }: Market) =>
      quarterAfter(quarterAt(now, zone), -1),
    );
    let prompted = 0;
    for (const [quarter, markets] of byQuarter) {
      const open = await marketsToPrompt(db, markets, quarter);
      if (open.length === 0) continue;
      for (const market of await countMarkets(db, open, quarter)) {
        if (await promptOne(db, market, { quarter, at: now })) prompted++;
      }
    }
    return { prompted };
  };

interface Prompting {
  readonly quarter: Quarter;
  readonly at: Instant;
}

function promptOne(
  db: Database,
  market: MarketCounts,
  { quarter, at }: Prompting,
): Promise<boolean> {
  const { region, manager, received } = market;
  const isAsked = onlyReceives(market);
  const coach = isAsked ? market.coach : null;
  return db
    .transaction()
    .execute(async (tx) => {
      const notice = plainNotice({
        to: manager,
        key: coach === null ? 'exchange.only_receives' : 'exchange.only_receives_coach',
        params: {
          region: { region },
          received,
          ...(coach !== null && { coach: { person: coach } }),
        },
        sendAt: at,
      });
      if (isAsked) await insertNotices(tx, { id: null, sequence: null, at, notices: [notice] });
      const row = { region, quarter, at, coach, notice: isAsked ? notice.id : null };
      // The notice goes with the row: of two who look at once, the second undoes its own.
      if (!(await insertPrompt(tx, row))) throw new AlreadyLooked();
      return isAsked;
    })
    .catch((error: unknown) => {
      if (error instanceof AlreadyLooked) return false;
      throw error;
    });
}

class AlreadyLooked extends Error {}
