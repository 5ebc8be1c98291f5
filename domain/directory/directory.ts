/**
 * The organisation's own file, noun by noun, in the words of those who keep it. It is the whole
 * directory: people it no longer names have left. Accounts are kept for their history, and who owns
 * one changes by a handoff, or with whoever leaves: what a file says of an owner never moves custody.
 */
import type { Competency } from '../people/competency.ts';
import type { CompetencyLevel } from '../people/competency-level.ts';
import type { TeamKind } from '../people/team.ts';
import type { HolidayRule } from '../time/calendar.ts';
import type { Weekday } from '../time/weekday.ts';

export const nouns = [
  'regions',
  'weeks',
  'rosters',
  'teams',
  'people',
  'accounts',
  'holidays',
  'absences',
  'oneOffs',
  'delegations',
  'policies',
  'targetProfiles',
  'descriptors',
  'quotas',
  'identities',
] as const;
export type Noun = (typeof nouns)[number];

/** Often kept by others than the rest: a file without them leaves them as they are. */
const keptNouns = [
  'targetProfiles',
  'descriptors',
  'quotas',
  'identities',
] as const satisfies readonly Noun[];
type KeptNoun = (typeof keptNouns)[number];
/** Lists that a file may leave out. */
const optionalNouns: readonly Noun[] = ['rosters', 'oneOffs', ...keptNouns];
export const isOptional = (noun: Noun): boolean => optionalNouns.includes(noun);

/** An entry and where it stands in the file, such as `people[17]` or `people.csv:19`. */
export interface Row<T> {
  readonly path: string;
  readonly value: T;
}

interface DirectoryRegion {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly zone: string;
  readonly manager: string;
  readonly week: string;
  /** Whose published holidays are theirs, such as `DE`; absent: those of this file alone. */
  readonly country?: string | undefined;
  /** The part after the hyphen of ISO 3166-2, such as `BY`. */
  readonly subdivision?: string | undefined;
}

/** Hours such as `09:00-17:30`; a shift that ends the next morning, `22:00-06:00`, is of its first day. */
export interface DirectoryWeek extends Readonly<Partial<Record<Weekday, readonly string[]>>> {
  readonly id: string;
  /** What a day off does to those who work by this week; absent: `shift`. */
  readonly holidays?: HolidayRule | undefined;
}

/** Of a person, or of those in a region who have neither a week nor a roster of their own. */
export interface DirectoryRoster {
  readonly id: string;
  readonly person?: string | undefined;
  readonly region?: string | undefined;
  readonly firstDay: string;
  /** Absent: no end. */
  readonly lastDay?: string | undefined;
  /** Weeks that take turns; the first is the one that holds `firstDay`. */
  readonly weeks: readonly string[];
}

interface DirectoryTeam {
  readonly id: string;
  readonly name: string;
  readonly kind: TeamKind;
  readonly region: string;
}

export interface DirectoryPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Absent: the locale of the region. */
  readonly locale?: string | undefined;
  readonly zone: string;
  readonly region: string;
  readonly team: string;
  readonly manager?: string | undefined;
  readonly backup?: string | undefined;
  /** Absent: the week of the region. */
  readonly week?: string | undefined;
  /** What they are trained for; absent: whatever their team has. */
  readonly products?: readonly string[] | undefined;
  /** In which they work beside their own. */
  readonly languages?: readonly string[] | undefined;
  /** `account-lead`, or `regional-manager@dach` where it counts in one region only. */
  readonly roles: readonly string[];
}

interface DirectorySite {
  readonly name: string;
  readonly zone: string;
}

export interface DirectoryAccount {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly products: readonly string[];
  readonly countries: readonly string[];
  readonly sites: readonly DirectorySite[];
  /** Of a new account; later the custody ledger says. */
  readonly owner: string;
}

export interface DirectoryHoliday {
  readonly region: string;
  readonly day: string;
  readonly kind: 'off' | 'half' | 'working';
  /** Time of the day at which a half day ends. */
  readonly halfUntil?: string | undefined;
  /** The weekday whose hours a working day has. */
  readonly like?: Weekday | undefined;
  readonly name: string;
  readonly source: string;
  readonly status: 'confirmed' | 'provisional';
  readonly fetchedAt?: string | undefined;
}

interface DirectoryAbsence {
  readonly id: string;
  readonly person: string;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Of one day, such as `13:00-15:00`; absent: whole days. */
  readonly hours?: string | undefined;
}

/** Exactly these hours on that day, whatever else is said of it. */
interface DirectoryOneOff {
  readonly id: string;
  readonly person: string;
  readonly day: string;
  readonly hours: readonly string[];
}

interface DirectoryDelegation {
  readonly id: string;
  readonly principal: string;
  readonly delegate: string;
  /** Instants such as `2026-12-21T09:00:00+01:00`; half-open. */
  readonly from: string;
  readonly until: string;
}

/** As JSON has it; what each may be is in `domain/policy/policies.ts`. */
export type PolicyValue = unknown;

interface DirectoryPolicy {
  readonly key: string;
  /** Absent: all regions. */
  readonly region?: string | undefined;
  readonly validFrom: string;
  readonly value: PolicyValue;
}

/** One line of what a role asks for; those of one role, region and day are one profile together. */
export interface DirectoryTarget {
  readonly role: string;
  /** Absent: all regions that have no profile of their own for the role. */
  readonly region?: string | undefined;
  readonly validFrom: string;
  readonly competency: Competency;
  readonly level: CompetencyLevel;
}

/** What can be observed at a level, in one language; those of one day are one version together. */
export interface DirectoryDescriptor {
  readonly validFrom: string;
  readonly competency: Competency;
  readonly level: CompetencyLevel;
  readonly locale: string;
  readonly text: string;
}

/** What somebody attained of their quota, in percent, as another system has it. */
export interface DirectoryQuota {
  readonly person: string;
  /** Such as `2026-Q4`. */
  readonly quarter: string;
  readonly percent: number;
}

interface DirectoryIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly person: string;
}

export interface EntryOf {
  readonly regions: DirectoryRegion;
  readonly weeks: DirectoryWeek;
  readonly rosters: DirectoryRoster;
  readonly teams: DirectoryTeam;
  readonly people: DirectoryPerson;
  readonly accounts: DirectoryAccount;
  readonly holidays: DirectoryHoliday;
  readonly absences: DirectoryAbsence;
  readonly oneOffs: DirectoryOneOff;
  readonly delegations: DirectoryDelegation;
  readonly policies: DirectoryPolicy;
  readonly targetProfiles: DirectoryTarget;
  readonly descriptors: DirectoryDescriptor;
  readonly quotas: DirectoryQuota;
  readonly identities: DirectoryIdentity;
}

export type Directory = {
  readonly [N in Exclude<Noun, KeptNoun>]: readonly Row<EntryOf[N]>[];
} & { readonly [N in KeptNoun]?: readonly Row<EntryOf[N]>[] | undefined };

/** Most entries of each noun in one file. */
export const entriesMax = {
  regions: 500,
  weeks: 1_000,
  rosters: 50_000,
  teams: 5_000,
  people: 50_000,
  accounts: 20_000,
  holidays: 20_000,
  absences: 100_000,
  oneOffs: 50_000,
  delegations: 20_000,
  policies: 2_000,
  targetProfiles: 20_000,
  descriptors: 20_000,
  quotas: 200_000,
  identities: 100_000,
} as const satisfies Record<Noun, number>;
