/** A number never comes without the sentence that says what it means. */
import type { Instant, NoticeParams, Sentence } from '../loop.ts';
import { distributionOf } from './distribution.ts';
import { groupSizeMin } from './small-groups.ts';

export interface Figure {
  /** Null where there is none to show; the sentence says why. */
  readonly value: number | null;
  readonly sentence: Sentence;
}

export const figure = (value: number, key: string, params: NoticeParams): Figure => ({
  value,
  sentence: { key, params },
});

export const noFigure = (key: string, params: NoticeParams = {}): Figure => ({
  value: null,
  sentence: { key, params },
});

export const hiddenFigure: Figure = noFigure('fairness.hidden', { people: groupSizeMin });

/** A day of the calendar, on no clock in particular. */
export const dayOf = (at: Instant): { readonly day: string } => ({
  day: new Date(at).toISOString().slice(0, 10),
});

/** Of a share from 0 to 1, in whole percent. */
export const percentOf = (share: number): number => Math.round(share * 100);

export interface Borne {
  readonly minutes: number;
  readonly restMinutes: number;
}

export interface FairnessFigures {
  readonly minutes: Figure;
  readonly restMinutes: Figure;
  readonly lowerQuartile: Figure;
  readonly median: Figure;
  readonly upperQuartile: Figure;
  /** From 0 to 1. */
  readonly largestShare: Figure;
}

export const hiddenFairness: FairnessFigures = {
  minutes: hiddenFigure,
  restMinutes: hiddenFigure,
  lowerQuartile: hiddenFigure,
  median: hiddenFigure,
  upperQuartile: hiddenFigure,
  largestShare: hiddenFigure,
};

/** Of everyone in a group that may be shown, whoever was never asked among them. */
export function fairnessFigures(people: readonly Borne[], since: Instant): FairnessFigures {
  const { total, largestShare, ...spread } = distributionOf(people.map(({ minutes }) => minutes));
  const rest = people.reduce((sum, { restMinutes }) => sum + restMinutes, 0);
  const days = { since: dayOf(since) };
  const minutesOf = (name: keyof typeof spread): Figure =>
    figure(spread[name], `fairness.${name}`, { minutes: Math.round(spread[name]) });
  return {
    minutes: figure(total, 'fairness.total', { ...days, minutes: total }),
    restMinutes: figure(rest, 'fairness.rest', { minutes: rest }),
    lowerQuartile: minutesOf('lowerQuartile'),
    median: minutesOf('median'),
    upperQuartile: minutesOf('upperQuartile'),
    largestShare:
      largestShare === null
        ? noFigure('fairness.nobody', days)
        : figure(largestShare, 'fairness.largestShare', { percent: percentOf(largestShare) }),
  };
}
