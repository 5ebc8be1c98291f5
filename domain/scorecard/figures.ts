/** What was counted, as figures that may be shown, each with its sentence. */
import { type Figure, figure, hiddenFigure, noFigure, percentOf } from '../fairness/figures.ts';
import { groupSizeMin } from '../fairness/small-groups.ts';

export const scorecardKinds = ['account', 'region', 'team'] as const;
export type ScorecardKind = (typeof scorecardKinds)[number];

/** Fewer do not make a history. */
export const historyMin = 8;
/** The quarter itself and those before it. */
export const historyQuarters = 4;

/** In working minutes of whoever read back. */
export interface History {
  readonly handoffs: number;
  readonly people: number;
  readonly median: number | null;
  /** Between them lie eight of ten. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface Counted {
  readonly handoffs: number;
  readonly bounced: number;
  readonly acceptMedian: number | null;
  readonly confirmed: number;
  readonly firstTime: number;
  /** Whose handoffs these are: asked, or having read back. */
  readonly people: number;
  readonly history: History;
  /** Open now, and due before; `owners` have any that are open. */
  readonly overdue: { readonly actions: number; readonly owners: number };
}

export interface ExpectedFigure extends Figure {
  readonly low: number | null;
  readonly high: number | null;
  readonly handoffs: number | null;
}

export interface ScorecardFigures {
  readonly handoffs: Figure;
  readonly bounced: Figure;
  readonly acceptMinutes: Figure;
  /** From 0 to 1. */
  readonly firstTime: Figure;
  readonly overdue: Figure;
}

export interface Scorecard {
  readonly isShown: boolean;
  readonly figures: ScorecardFigures;
  readonly expected: ExpectedFigure;
}

/** Nobody at all is not a small group. */
const isFew = (people: number): boolean => people > 0 && people < groupSizeMin;

/**
 * An account's card counts what its reader may see one by one, so it hides nothing; that of a region
 * or a team hides what fewer than five people stand behind.
 */
export function scorecardOf(counted: Counted, kind: ScorecardKind): Scorecard {
  const isGroup = kind !== 'account';
  const { overdue, history } = counted;
  const isHidden = isGroup && isFew(counted.people);
  return {
    isShown: !isHidden,
    figures: {
      ...(isHidden ? hidden : ofHandoffs(counted)),
      overdue:
        isGroup && isFew(overdue.owners)
          ? hiddenFigure
          : figure(overdue.actions, 'scorecard.overdue', { actions: overdue.actions }),
    },
    expected:
      isGroup && isFew(history.people) ? { ...hiddenFigure, ...unknown } : expectedOf(history),
  };
}

const hidden = {
  handoffs: hiddenFigure,
  bounced: hiddenFigure,
  acceptMinutes: hiddenFigure,
  firstTime: hiddenFigure,
} as const;

const unknown = { low: null, high: null, handoffs: null } as const;

function ofHandoffs(counted: Counted): Omit<ScorecardFigures, 'overdue'> {
  const { handoffs, bounced, acceptMedian, confirmed, firstTime } = counted;
  return {
    handoffs: figure(handoffs, 'scorecard.handoffs', { handoffs }),
    bounced: figure(bounced, 'scorecard.bounced', { handoffs: bounced }),
    acceptMinutes:
      acceptMedian === null
        ? noFigure('scorecard.noneAccepted')
        : figure(acceptMedian, 'scorecard.acceptMinutes', { minutes: Math.round(acceptMedian) }),
    firstTime:
      confirmed === 0
        ? noFigure('scorecard.noneConfirmed')
        : figure(firstTime / confirmed, 'scorecard.firstTime', {
            percent: percentOf(firstTime / confirmed),
          }),
  };
}

function expectedOf({ handoffs, median, low, high }: History): ExpectedFigure {
  if (handoffs < historyMin || median === null || low === null || high === null) {
    return {
      ...noFigure('scorecard.tooFew', { handoffs, needed: historyMin }),
      ...unknown,
      handoffs,
    };
  }
  const params = {
    median: Math.round(median),
    low: Math.round(low),
    high: Math.round(high),
    handoffs,
  };
  return { ...figure(median, 'scorecard.expected', params), low, high, handoffs };
}
