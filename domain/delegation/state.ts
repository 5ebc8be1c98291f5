/**
 * Somebody decides for somebody else for a while. What waits for the one is asked of the other from
 * the first instant on, and what is undecided at the end comes back.
 */
import type { PersonId } from '../id.ts';
import type { ByClock, ByPerson, Instant } from '../loop.ts';
import type { DelegationLink } from '../people/delegation.ts';

export const delegationStatuses = ['new', 'planned', 'running', 'ended'] as const;
export type DelegationStatus = (typeof delegationStatuses)[number];

/** Who made it: the organisation's file, whoever is away, somebody above them, or their absence. */
export const delegationSources = ['directory', 'person', 'manager', 'absence'] as const;
export type DelegationSource = (typeof delegationSources)[number];

export const delegationDaysMax = 366;

/** Why it ended; `withdrawn` before it began, `early` after. */
export const delegationEndings = ['over', 'early', 'withdrawn', 'dropped', 'left'] as const;
export type DelegationEnding = (typeof delegationEndings)[number];

/** The absence that asks for it, as it was then. */
export interface AbsenceDays {
  readonly id: string;
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface DelegationState extends DelegationLink {
  readonly status: DelegationStatus;
  /** Of the row that says who may decide. */
  readonly delegation: string;
  readonly source: DelegationSource;
  readonly absence: AbsenceDays | null;
  /** Null where no person gave it. */
  readonly by: PersonId | null;
  /** When it was given. */
  readonly since: Instant;
  readonly ending: DelegationEnding | null;
}

const nobody = '' as PersonId;

export const initialDelegation: DelegationState = {
  status: 'new',
  delegation: '',
  principal: nobody,
  delegate: nobody,
  scope: 'all',
  from: 0,
  until: 0,
  source: 'person',
  absence: null,
  by: null,
  since: 0,
  ending: null,
};

/** What a plan needs to know beside people and calendars. */
export interface DelegationFacts {
  /** The file, or the absence, that asked for it still says so. */
  readonly isAsked: boolean;
}

export interface Given extends DelegationLink {
  readonly delegation: string;
  readonly source: DelegationSource;
  readonly absence: AbsenceDays | null;
}

export type DelegationCommand =
  | ((ByPerson | ByClock) & Given & { readonly type: 'give' })
  | (ByPerson & { readonly type: 'end' })
  | (ByClock & { readonly type: 'begin' | 'expire' | 'drop' })
  /** Whoever decides has left, or whoever they decide for. */
  | (ByClock & { readonly type: 'leave'; readonly person: PersonId });

export type DelegationEvent =
  | (Given & { readonly type: 'given'; readonly by: PersonId | null })
  | { readonly type: 'begun' }
  | {
      readonly type: 'ended';
      readonly ending: DelegationEnding;
      /** Who ended it, or who left; null for the clock. */
      readonly by: PersonId | null;
      readonly hadBegun: boolean;
    };
