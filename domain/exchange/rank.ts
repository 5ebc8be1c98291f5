/** How much proof there is that a practice works where somebody is. Reports count, clicks do not. */
import type { RegionId } from '../id.ts';
import type { Sentence } from '../loop.ts';
import { type Verdict, verdicts } from './practice.ts';

/** How many people of a region say the same. */
export interface Report {
  readonly count: number;
  readonly verdict: Verdict;
  readonly region: RegionId;
  readonly country: string;
  /** Of the region. */
  readonly locale: string;
}

export interface Place {
  readonly region: RegionId;
  readonly country: string | null;
  readonly locale: string;
}

/** How like the reader's own a region is: the nearest that fits. */
export const closenesses = ['region', 'country', 'language', 'elsewhere'] as const;
export type Closeness = (typeof closenesses)[number];

const weights: Readonly<Record<Closeness, number>> = {
  region: 4,
  country: 3,
  language: 2,
  elsewhere: 1,
};
const values: Readonly<Record<Verdict, number>> = {
  worked: 1,
  tried: 0.25,
  failed: -1,
  // Another country's law says nothing here.
  not_allowed: -1,
};
/** As much as three reports from elsewhere that say nothing either way: one voice alone moves little. */
const doubt = 3;

export interface RankReason {
  readonly verdict: Verdict;
  readonly closeness: Closeness;
  readonly count: number;
}

export interface Rank {
  /** From -100 to 100; 0 where nothing is known. */
  readonly points: number;
  readonly reasons: readonly RankReason[];
}

const closenessOf = (report: Report, place: Place): Closeness => {
  if (report.region === place.region) return 'region';
  if (report.country === place.country) return 'country';
  return report.locale === place.locale ? 'language' : 'elsewhere';
};

/**
 * Points: 100 × Σ weight × value ÷ (Σ weight + 3), rounded. A report weighs 4 from the reader's own
 * region, 3 from their country, 2 from a region of their language, 1 from elsewhere; it is worth 1
 * where it worked, ¼ where it was tried, -1 where it failed. "Not allowed" counts in its country only.
 */
export function rankPractice(reports: readonly Report[], place: Place): Rank {
  const counted = reports
    .map((report) => ({ ...report, closeness: closenessOf(report, place) }))
    .filter(
      ({ verdict, closeness }) =>
        verdict !== 'not_allowed' || closeness === 'region' || closeness === 'country',
    );
  const weight = counted.reduce(
    (sum, { closeness, count }) => sum + weights[closeness] * count,
    doubt,
  );
  const proof = counted.reduce(
    (sum, { verdict, closeness, count }) => sum + weights[closeness] * values[verdict] * count,
    0,
  );
  const reasons = closenesses.flatMap((closeness) =>
    verdicts.flatMap((verdict): RankReason[] => {
      const count = counted
        .filter((one) => one.verdict === verdict && one.closeness === closeness)
        .reduce((sum, one) => sum + one.count, 0);
      return count === 0 ? [] : [{ verdict, closeness, count }];
    }),
  );
  // Never the negative zero that rounding leaves.
  return { points: Math.round((100 * proof) / weight) || 0, reasons };
}

export const rankSentence = ({ verdict, closeness, count }: RankReason): Sentence => ({
  key: 'practice.reason',
  params: {
    verdict: { term: `practice.verdict_of.${verdict}` },
    where: { term: `practice.where_of.${closeness}` },
    count,
  },
});
