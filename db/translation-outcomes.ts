/** What became of translations, by the region of whoever decided: a machine's beside people's own. */
import { sql } from 'kysely';
import type { TranslationCounts } from '../domain/exchange/translation-figures.ts';
import type { Instant } from '../domain/loop.ts';
import { type Quarter, rangeOf } from '../domain/scorecard/quarter.ts';
import { wallDay } from '../domain/time/wall.ts';
import type { Query } from './client.ts';
import type { Market } from './exchange-balance.ts';
import { policyValue } from './policies.ts';
import { machineTranslation } from './translation-proposals.ts';

interface CountAsked {
  readonly markets: readonly Market[];
  readonly quarter: Quarter;
  readonly at: Instant;
}

const counted = (beganWith: 'machine' | 'person') => sql`(
  SELECT jsonb_build_object(
    'unchanged', count(*) FILTER (WHERE outcome = 'unchanged'),
    'edited', count(*) FILTER (WHERE outcome = 'edited'),
    'refused', count(*) FILTER (WHERE outcome = 'refused'),
    'hours', percentile_cont(0.5) WITHIN GROUP (
      ORDER BY extract(epoch FROM decided_at - began_at) / 3600) FILTER (WHERE outcome <> 'refused'))
  FROM translation_outcome o WHERE o.region_id = g.id AND o.began_with = ${beganWith}
    AND o.decided_at >= m.opens AND o.decided_at < m.closes)`;

/** A quarter begins and ends on the wall of each market. */
export async function countTranslations(
  query: Query,
  { markets, quarter, at }: CountAsked,
): Promise<readonly TranslationCounts[]> {
  const ranges = markets.map(({ region, zone }) => {
    const { from, until } = rangeOf(quarter, quarter, zone);
    return {
      region,
      day: wallDay(at, zone),
      opens: new Date(from).toISOString(),
      closes: new Date(until).toISOString(),
    };
  });
  const isOn = policyValue({
    key: machineTranslation,
    region: sql.ref('g.id'),
    day: sql.ref('m.day'),
  });
  const { rows } = await sql<TranslationCounts>`
    SELECT g.id AS region, g.name, coalesce(${isOn} = 'true'::jsonb, false) AS "isOn",
      (SELECT count(*)::int FROM person p WHERE p.region_id = g.id AND p.left_at IS NULL) AS people,
      ${counted('machine')} AS machine, ${counted('person')} AS person
    FROM jsonb_to_recordset(${JSON.stringify(ranges)}::text::jsonb)
      AS m (region text, day text, opens timestamptz, closes timestamptz)
    JOIN region g ON g.id = m.region ORDER BY g.name, g.id`.execute(query);
  return rows;
}
