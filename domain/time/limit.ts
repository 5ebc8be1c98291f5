import { horizon, windowMs } from './zone.ts';

/** How far one question looks, in either direction. */
export const windowsPerQuestionMax = 10;

/** Why there is no instant to answer with. */
export interface TimeLimit {
  /**
   * `horizon`: asked about, or answered by, a time that is too far away to be known.
   * `neverWorking`: no work at all within the years a question looks at.
   * `invalid`: what was asked makes no sense: not a number, nobody, an end before its beginning.
   */
  readonly reason: 'horizon' | 'neverWorking' | 'invalid';
  readonly from: number;
  readonly until: number;
  readonly reachMs: number;
}

const limit = (reason: TimeLimit['reason']): TimeLimit =>
  Object.freeze({ reason, ...horizon, reachMs: windowsPerQuestionMax * windowMs });

/** Frozen and shared, so that a question allocates nothing. */
export const beyondHorizon = limit('horizon');
export const neverWorking = limit('neverWorking');
export const invalidQuestion = limit('invalid');

export const isLimit = (answer: number | TimeLimit): answer is TimeLimit =>
  typeof answer !== 'number';

/** Of an instant that is not within the horizon. */
export const outside = (at: number): TimeLimit =>
  Number.isNaN(at) ? invalidQuestion : beyondHorizon;

/**
 * Within the engine a limit is a number that no answer is. An answer that is sometimes an object is
 * kept on the heap by the runtime, at several times the price of working it out.
 */
export const horizonMark = Infinity;
export const neverMark = -Infinity;
const invalidMark = Number.NaN;

export const isMark = (answer: number): boolean => answer - answer !== 0;

/** Of an instant that is not within the horizon. */
export const outsideMark = (at: number): number => (Number.isNaN(at) ? invalidMark : horizonMark);

export const orLimit = (answer: number): number | TimeLimit =>
  isMark(answer) ? limitOf(answer) : answer;

function limitOf(mark: number): TimeLimit {
  if (mark === horizonMark) return beyondHorizon;
  return mark === neverMark ? neverWorking : invalidQuestion;
}
