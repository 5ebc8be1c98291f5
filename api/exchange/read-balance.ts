import { createRoute, type z } from '@hono/zod-openapi';
import { allMarkets, countMarkets } from '../../db/exchange-balance.ts';
import { personNames } from '../../db/people.ts';
import { may } from '../../domain/authority.ts';
import { marketFigures, onlyReceives } from '../../domain/exchange/balance.ts';
import { firstDayOf, lastDayOf, quarterAt } from '../../domain/scorecard/quarter.ts';
import type { Asked } from '../directory/parts.ts';
import { tellFigures } from '../figures.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { balanceAnswer, balanceQuery } from './schema.ts';

export const readBalanceRoute = createRoute({
  method: 'get',
  path: '/exchange/balance',
  operationId: 'readExchangeBalance',
  tags: ['exchange'],
  summary: 'What each market gave to the exchange of practices in a quarter, and what it received',
  description: 'Nothing is shown of a market of fewer than five people.',
  request: { query: balanceQuery },
  responses: {
    200: {
      description: 'Each market that you may know of, each number with its sentence.',
      content: { 'application/json': { schema: balanceAnswer } },
    },
  },
});

export type Balance = z.input<typeof balanceAnswer>;

export async function readBalance(
  parts: WorkingTimeParts,
  { actor, input }: Asked<z.output<typeof balanceQuery>>,
): Promise<Balance> {
  const { db, clock, tell } = parts;
  const period = input.period ?? quarterAt(clock.now(), 'Etc/UTC');
  const all = await allMarkets(db);
  const seen = all.filter(({ region }) => may(actor, 'scorecard.view', { region, team: null }));
  const counted = await countMarkets(db, seen, period);
  const coaches = counted.flatMap((market) =>
    onlyReceives(market) && market.coach !== null ? [market.coach] : [],
  );
  const names = await personNames(db, coaches);
  const markets = await Promise.all(
    counted.map(async (market) => {
      const { isShown, ...figures } = marketFigures(market);
      const isAsked = onlyReceives(market);
      const [sentence] = isAsked
        ? await tell(actor.id, [{ key: 'exchange.balance.prompt', params: {} }])
        : [];
      const coach = market.coach && names.get(market.coach);
      return {
        region: { id: market.region, name: market.name },
        isShown,
        ...(await tellFigures(parts, actor.id, figures)),
        prompt: isAsked
          ? {
              sentence: sentence ?? '',
              coach: market.coach && coach ? { id: market.coach, name: coach } : null,
            }
          : null,
      };
    }),
  );
  const days = { first: { day: firstDayOf(period) }, last: { day: lastDayOf(period) } };
  const sentences = await tell(actor.id, [{ key: 'exchange.balance.counted', params: days }]);
  return { period, sentences: [...sentences], markets };
}
