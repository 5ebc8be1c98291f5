/**
 * A change of the organisation from a day on. It is planned from plain facts, by one function for the
 * preview and for its day, so that what was shown is what is done.
 */
import type { PolicyValue } from '../directory/directory.ts';
import type { AccountId, LoopId, PersonId, RegionId, TeamId, WebhookId } from '../id.ts';
import type { Instant } from '../loop.ts';
import type { Role } from '../people/role.ts';
import type { TeamKind } from '../people/team.ts';

export const changeKinds = [
  'region_merged',
  'team_dissolved',
  'clearance_lost',
  'policy_changed',
  'account_closed',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** People, teams and webhooks of a region go to another; hours and days off are those of that one. */
export interface RegionMerge {
  readonly kind: 'region_merged';
  readonly region: RegionId;
  readonly into: RegionId;
  /** Offices that were held there reach further in a larger region: that is said, never assumed. */
  readonly offices: 'move' | 'end';
}

export interface TeamDissolution {
  readonly kind: 'team_dissolved';
  readonly team: TeamId;
  /** Where its accounts and people go; null only when there is none of either to go. */
  readonly into: TeamId | null;
  readonly people: 'move' | 'leave';
}

export interface ClearanceLoss {
  readonly kind: 'clearance_lost';
  readonly product: string;
  /** ISO 3166-1; empty: everywhere. */
  readonly countries: readonly string[];
}

export interface PolicyChange {
  readonly kind: 'policy_changed';
  readonly key: string;
  /** Null: everywhere. */
  readonly region: RegionId | null;
  readonly value: PolicyValue;
}

/** Its history stays; what is to be done for it goes on with the account that it becomes part of. */
export interface AccountClosing {
  readonly kind: 'account_closed';
  readonly account: AccountId;
  /** Null: it becomes part of none, and what is to be done stays with those who have it. */
  readonly into: AccountId | null;
}

export type Change = RegionMerge | TeamDissolution | ClearanceLoss | PolicyChange | AccountClosing;

/** Stands for every country. */
export const everywhere = '*';

export interface ScheduledChange {
  readonly id: string;
  readonly change: Change;
  readonly at: Instant;
  readonly fromDay: string;
}

export interface RegionFact {
  readonly id: RegionId;
  readonly manager: PersonId;
  readonly isMerged: boolean;
  /** Its week and rosters, such that those of two regions can be compared. */
  readonly hours: string;
}

export interface TeamFact {
  readonly id: TeamId;
  readonly kind: TeamKind;
  readonly region: RegionId;
  readonly isDissolved: boolean;
}

/** Who is there. */
export interface MemberFact {
  readonly id: PersonId;
  readonly region: RegionId;
  readonly team: TeamId;
  /** Those above who are there, the nearest first. */
  readonly line: readonly PersonId[];
  /** Has neither a week nor a roster of their own. */
  readonly worksAsRegion: boolean;
}

export interface OwnedAccount {
  readonly id: AccountId;
  readonly team: TeamId;
  readonly products: readonly string[];
  readonly countries: readonly string[];
  readonly owner: PersonId;
  readonly isClosed: boolean;
  readonly mergedInto: AccountId | null;
  /** A handoff or cover that is open finds the next owner should this one leave. */
  readonly isInHand: boolean;
  /** Who has it where the owner leaves with the change; null also where nobody is there. */
  readonly heir: PersonId | null;
}

export interface Office {
  readonly person: PersonId;
  readonly role: Role;
  readonly region: RegionId | null;
}

export interface OpenLoop {
  readonly id: LoopId;
  readonly loop: string;
  readonly account: AccountId | null;
  /** Whose working time and place its plan was made with. */
  readonly plannedWith: readonly PersonId[];
  readonly parties: readonly PersonId[];
}

export interface AskedStep {
  readonly id: string;
  readonly loop: LoopId;
  readonly kind: string;
  readonly person: PersonId;
}

/** What a change may touch, as it is when it is planned: never more of the directory than that. */
export interface ChangeFacts {
  readonly at: Instant;
  readonly fromDay: string;
  readonly regions: readonly RegionFact[];
  readonly teams: readonly TeamFact[];
  readonly members: readonly MemberFact[];
  readonly accounts: readonly OwnedAccount[];
  /** Held in the region. */
  readonly offices: readonly Office[];
  /** Who is there and holds `admin` everywhere. */
  readonly admins: readonly PersonId[];
  /** Who is there and holds `compliance`, everywhere or in a region. */
  readonly compliance: readonly Office[];
  readonly webhooks: readonly { readonly id: WebhookId; readonly region: RegionId }[];
  /** That have not ended, by or for the members. */
  readonly delegations: readonly Delegated[];
  /** Open action items of those who leave, or of an account that closes, with who has them then. */
  readonly items: readonly OpenItem[];
  readonly policies: readonly DatedPolicy[];
  /** Countries where the product has lost its clearance already. */
  readonly lostIn: readonly string[];
  /** In which the two regions differ, within a year of the day. */
  readonly days: readonly DayDifference[];
  readonly loops: readonly OpenLoop[];
  readonly steps: readonly AskedStep[];
  /** Not yet made, without this one. */
  readonly scheduled: readonly ScheduledChange[];
}

export interface Delegated {
  readonly id: string;
  readonly principal: PersonId;
  readonly delegate: PersonId;
}

export interface OpenItem {
  readonly id: string;
  readonly owner: PersonId;
  readonly heir: PersonId;
}

/** Of the key of the change, in its region or everywhere. */
export interface DatedPolicy {
  readonly region: RegionId | null;
  readonly validFrom: string;
  readonly value: unknown;
}

/** What a day is in one region and in the other: a day off, a half or a working day; null: as usual. */
export interface DayDifference {
  readonly day: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Every `what` has one statement that writes it. */
export const moveKinds = [
  'person.region',
  'person.team',
  'person.leaves',
  'team.region',
  'office',
  'webhook',
  'account.team',
  'account.product',
  'account.closes',
  'account.owner',
  'delegation.ends',
  'item.owner',
  'policy',
] as const;
export type MoveKind = (typeof moveKinds)[number];

/** One thing, what it was and what it is then; null: nothing. */
export interface Move {
  readonly what: MoveKind;
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Of an office: the role. */
  readonly detail?: string;
}

export interface TouchedLoop {
  readonly id: LoopId;
  readonly loop: string;
  readonly account: AccountId | null;
}

/** Each once, however many reasons there are. */
export interface Told {
  readonly person: PersonId;
  readonly key: ToldKey;
}

export const toldKeys = [
  'change.region_merged',
  'change.team_dissolved',
  'change.team_left',
  'change.clearance_lost',
  'change.clearance_lost_everywhere',
  'change.policy_changed',
  'change.policy_changed_everywhere',
  'change.account_merged',
  'change.account_closed',
] as const;
export type ToldKey = (typeof toldKeys)[number];

export interface ChangePlan {
  readonly moves: readonly Move[];
  /** Open steps of those who leave: the loops ask the next ones. */
  readonly steps: readonly AskedStep[];
  /** Who works other hours from then on, and on which days of the first year all who move do. */
  readonly hours: readonly PersonId[];
  readonly days: readonly DayDifference[];
  /** Whose open loops are planned again. */
  readonly people: readonly PersonId[];
  readonly loops: readonly TouchedLoop[];
  readonly told: readonly Told[];
}
