/** Whom an alert calls, in which order: those awake before those asleep, each with the reason. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import {
  roundsMax,
  type AlertState,
  type CallReason,
  type NextCall,
  dutyPeopleMax,
} from './state.ts';

/** How somebody stands to the account; several ways are several entries. */
export const standings = ['owner', 'duty', 'backup', 'manager', 'region_manager'] as const;
export type Standing = (typeof standings)[number];

export interface Callable {
  readonly id: PersonId;
  readonly standing: Standing;
  /** Of the account's team. */
  readonly isSameRegion: boolean;
  /** For every product of the account. */
  readonly isCleared: boolean;
  /** The language of the account's region. */
  readonly speaks: boolean;
  isWorking(at: Instant): boolean;
}

export interface Rung {
  readonly id: PersonId;
  readonly reason: CallReason;
  readonly isOutside: boolean;
}

/**
 * At work: the owner, then those on duty of the regions that are awake, who are trained and of the
 * account's region and language first. Then, whatever the hour, the owner, their backup and manager,
 * and the manager of the region. Nobody twice.
 */
export function ladderAt(people: readonly Callable[], at: Instant): readonly Rung[] {
  const of = (standing: Standing) => people.filter((one) => one.standing === standing);
  const awake = (ones: readonly Callable[]) => ones.filter((one) => one.isWorking(at));
  const rungs: readonly (readonly [Callable, CallReason])[] = [
    ...awake(of('owner')).map((one) => [one, 'owner_at_work'] as const),
    ...eachOnce(awake(of('duty')).toSorted(nearestFirst))
      .slice(0, dutyPeopleMax)
      .map((one) => [one, 'duty_at_work'] as const),
    ...of('owner').map((one) => [one, 'owner'] as const),
    ...of('backup').map((one) => [one, 'backup'] as const),
    ...of('manager').map((one) => [one, 'manager'] as const),
    ...of('region_manager').map((one) => [one, 'region_manager'] as const),
  ];
  const seen = new Set<PersonId>();
  return rungs.flatMap(([one, reason]) => {
    if (seen.has(one.id)) return [];
    seen.add(one.id);
    return [{ id: one.id, reason, isOutside: !one.isWorking(at) }];
  });
}

/** Whoever is on duty in two regions takes one place. */
const eachOnce = (ones: readonly Callable[]): readonly Callable[] =>
  ones.filter(({ id }, index) => ones.findIndex((one) => one.id === id) === index);

const points = ({ isCleared, isSameRegion, speaks }: Callable): number =>
  (isCleared ? 4 : 0) + (isSameRegion ? 2 : 0) + (speaks ? 1 : 0);

const nearestFirst = (a: Callable, b: Callable): number =>
  points(b) - points(a) || (a.id < b.id ? -1 : 1);

/** When the next is called: at once, and each time after so many minutes without an answer. */
export const nextCallAt = ({ calls, since, answerMinutes }: AlertState): Instant => {
  const last = calls.at(-1);
  return last ? last.at + answerMinutes * 60_000 : since;
};

/**
 * Whoever of the ladder of that instant has not been called in this round, else the first of the next
 * one; null when all rounds are over. Whoever raised it knows of it and is not called.
 */
export function nextCall(
  { calls, raiser }: Pick<AlertState, 'calls' | 'raiser'>,
  people: readonly Callable[],
  at: Instant,
): NextCall | null {
  const ladder = ladderAt(people, at).filter(({ id }) => id !== raiser);
  const current = calls.at(-1)?.round ?? 1;
  for (let round = current; round <= roundsMax; round++) {
    const called = calls.filter((call) => call.round === round).map(({ person }) => person);
    const next = ladder.find(({ id }) => !called.includes(id));
    if (next) return { to: next.id, reason: next.reason, isOutside: next.isOutside, round };
  }
  return null;
}
