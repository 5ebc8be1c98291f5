/** What is known of one account, as far as somebody must see to something in the next 90 days. */
import type { AccountId, PersonId, RegionId } from '../id.ts';
import type { Instant } from '../loop.ts';
import type { WorkingCalendar } from '../time/calendar.ts';
import type { Range } from '../time/range.ts';

export const daysAhead = 90;
/** How far back something may have begun that still goes on. */
export const daysBack = 90;
/** What begins within so many days is urgent. */
export const soonDays = 14;
/** The policies `outlook.gapMinutes` and `outlook.leaveMinutes`, where nothing is said. */
export const limitsByDefault = {
  /** A weekend with one holiday beside it is within it, four days without anybody are not. */
  gapMinutes: 5_760,
  /** Two days of work. */
  leaveMinutes: 960,
} as const;

export interface Limits {
  /** Longest time without anybody at work who may hold the account. */
  readonly gapMinutes: number;
  /** Working time of the owner that may fall to one leave without a cover. */
  readonly leaveMinutes: number;
}

/** Somebody who may hold the account. */
export interface Holder {
  readonly id: PersonId;
  readonly region: RegionId;
  readonly calendar: WorkingCalendar;
  /** Days of their region's holidays that may not stay. */
  readonly provisional: readonly string[];
  /** From then on they are not there; null: nothing is known. */
  readonly leavesAt: Instant | null;
}

export interface Owner extends Holder {
  readonly isReachable: boolean;
  /** What they read, as the directory has it. */
  readonly locale: string;
  readonly hasCatalogue: boolean;
}

/** Half-open; the taker holds the account then in place of its owner. */
export interface Covered extends Range {
  readonly taker: Holder;
}

export interface AccountFacts {
  readonly account: AccountId;
  /** To whom it returns where a cover goes on. */
  readonly owner: Owner;
  readonly ownedSince: Instant;
  /** Backup and manager of the owner, as far as they are there. */
  readonly stead: readonly Holder[];
  /** Apart, in any order. */
  readonly covers: readonly Covered[];
  /** Who is asked about the owner: the nearest above who is there, else whoever the region names. */
  readonly superior: PersonId;
  readonly limits: Limits;
}
