import { createRoute, type z } from '@hono/zod-openapi';
import { allMarkets } from '../../db/exchange-balance.ts';
import { countTranslations } from '../../db/translation-outcomes.ts';
import { may } from '../../domain/authority.ts';
import { translationFigures } from '../../domain/exchange/translation-figures.ts';
import { firstDayOf, lastDayOf, quarterAt } from '../../domain/scorecard/quarter.ts';
import type { Asked } from '../directory/parts.ts';
import { tellFigures } from '../figures.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { balanceQuery, translationsAnswer } from './schema.ts';

export const readTranslationsRoute = createRoute({
  method: 'get',
  path: '/exchange/translations',
  operationId: 'readTranslations',
  tags: ['exchange'],
  summary: 'What became of translations in a quarter: a machine’s beside what people did alone',
  description:
    'By the region of whoever decided. Nothing is shown of a region of fewer than five people.',
  request: { query: balanceQuery },
  responses: {
    200: {
      description: 'Each region that you may know of, each number with its sentence.',
      content: { 'application/json': { schema: translationsAnswer } },
    },
  },
});

export type Translations = z.input<typeof translationsAnswer>;

export async function readTranslations(
  parts: WorkingTimeParts,
  { actor, input }: Asked<z.output<typeof balanceQuery>>,
): Promise<Translations> {
  const { db, clock, tell } = parts;
  const period = input.period ?? quarterAt(clock.now(), 'Etc/UTC');
  const markets = (await allMarkets(db)).filter(({ region }) =>
    may(actor, 'scorecard.view', { region, team: null }),
  );
  const counted = await countTranslations(db, { markets, quarter: period, at: clock.now() });
  const regions = await Promise.all(
    counted.map(async (counts) => {
      const key = `exchange.translations.${counts.isOn ? 'on' : 'off'}`;
      const [sentence] = await tell(actor.id, [{ key, params: {} }]);
      return {
        region: { id: counts.region, name: counts.name },
        isOn: counts.isOn,
        sentence: sentence ?? '',
        ...(await tellFigures(parts, actor.id, { ...translationFigures(counts) })),
      };
    }),
  );
  const days = { first: { day: firstDayOf(period) }, last: { day: lastDayOf(period) } };
  const sentences = await tell(actor.id, [{ key: 'exchange.translations.counted', params: days }]);
  return { period, sentences: [...sentences], regions };
}
