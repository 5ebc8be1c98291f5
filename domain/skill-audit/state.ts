/**
 * Once a quarter, what the people of a region can do is looked at beside what their roles ask for: the
 * manager of each rates them with evidence, and what is missing is known when it closes.
 */
import type { ContentId, PersonId, RegionId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';
import type { Quarter } from '../scorecard/quarter.ts';

export const auditStatuses = ['new', 'rating', 'closed', 'cancelled'] as const;
export type AuditStatus = (typeof auditStatuses)[number];

/** How long ratings can be given, from the start of the audit on. */
export const windowDaysMin = 5;
export const windowDaysMax = 60;
/** Five days of work, in the working time of whoever rates. */
export const ratingMinutes = 2_400;
export const reminderPercents = [50, 80] as const;
/** Each is named in the state; a region with more is audited in parts. */
export const ratersMax = 300;

/** Why somebody cannot be rated this time. */
export const skipReasons = ['tooNew', 'away'] as const;
export type SkipReason = (typeof skipReasons)[number];

export interface AuditRater {
  readonly person: PersonId;
  /** People they have not rated yet. */
  readonly left: number;
  readonly since: Instant;
  /** How often they were reminded. */
  readonly reminders: number;
  /** It came to them from somebody who stayed silent: it goes no further. */
  readonly isLast: boolean;
}

export interface AuditState {
  readonly status: AuditStatus;
  readonly region: RegionId;
  readonly quarter: Quarter;
  /** Whose targets and map count, such as `2027-01-11`. */
  readonly day: string;
  /** Looks after it, and rates whom nobody else can. */
  readonly owner: PersonId;
  /** Of the competency map, for as long as the audit lasts. */
  readonly mapVersion: number;
  readonly people: number;
  /** Those who have somebody left to rate. */
  readonly raters: readonly AuditRater[];
  readonly closesAt: Instant;
  readonly changedAt: Instant;
  /** What the last step did to those who wait: they are looked up before it is kept. */
  readonly lately: Lately | null;
}

type Lately = { readonly settled: PersonId } | { readonly from: PersonId; readonly to: PersonId };

const nobody = '' as PersonId;

export const initialAudit: AuditState = {
  status: 'new',
  region: '' as RegionId,
  quarter: '',
  day: '',
  owner: nobody,
  mapVersion: 0,
  people: 0,
  raters: [],
  closesAt: 0,
  changedAt: 0,
  lately: null,
};

export interface Waiting {
  readonly person: PersonId;
  readonly rater: PersonId;
  readonly hasLeft: boolean;
}

/** Of those who are still to be rated, whoever has left, and whoever stands above others. */
export interface AuditFacts {
  readonly waiting: readonly Waiting[];
}

export interface RaterCount {
  readonly person: PersonId;
  readonly people: number;
}

interface Opened {
  readonly region: RegionId;
  readonly quarter: Quarter;
  readonly day: string;
  readonly owner: PersonId;
  readonly mapVersion: number;
  readonly raters: readonly RaterCount[];
  readonly closesAt: Instant;
}

/** Without an actor: the quarter has begun, and the policy of the region asks for it. */
export type OpenCommand = Opened & Partial<ByPerson> & { readonly type: 'open' };

export type ClockCommand = ByClock &
  (
    | { readonly type: 'remind'; readonly person: PersonId; readonly number: number }
    | { readonly type: 'passOn'; readonly from: PersonId; readonly to: PersonId }
    | { readonly type: 'drop'; readonly person: PersonId; readonly rater: PersonId }
    | { readonly type: 'close' }
  );

export type AuditCommand =
  | OpenCommand
  /** What was rated, and by which evidence, is in the sheet: no history tells how good somebody is. */
  | (ByPerson & { readonly type: 'rate'; readonly person: PersonId; readonly sheet: ContentId })
  | (ByPerson & { readonly type: 'skip'; readonly person: PersonId; readonly reason: SkipReason })
  | (ByPerson & { readonly type: 'cancel' })
  | ClockCommand;

export type AuditEvent =
  | (Opened & { readonly type: 'opened'; readonly by: PersonId | null })
  | {
      readonly type: 'rated';
      readonly by: PersonId;
      readonly person: PersonId;
      readonly sheet: ContentId;
    }
  | {
      readonly type: 'skipped';
      readonly by: PersonId;
      readonly person: PersonId;
      readonly reason: SkipReason;
    }
  | { readonly type: 'dropped'; readonly person: PersonId; readonly rater: PersonId }
  | { readonly type: 'reminded'; readonly person: PersonId }
  | { readonly type: 'passedOn'; readonly from: PersonId; readonly to: PersonId }
  | { readonly type: 'closed' }
  | { readonly type: 'cancelled'; readonly by: PersonId };
