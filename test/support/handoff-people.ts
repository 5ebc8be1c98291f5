/** People of a handoff with real calendars, for rules and plans without a database. */
import type { Pause } from '../../domain/hold.ts';
import type { AccountId, ContentId, PersonId, RegionId } from '../../domain/id.ts';
import type { Instant, PersonFacts, PlanningWorld } from '../../domain/loop.ts';
import type { HandoffCommand } from '../../domain/handoff/state.ts';
import { asWorkingTime } from '../../domain/time/planning.ts';
import { nextMeeting } from '../../domain/time/meeting.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { present } from '../../domain/assert.ts';

const person = (id: string): PersonId => id as PersonId;
export const content = (id: string): ContentId => id as ContentId;
const account = 'st-hedwig' as AccountId;

export const giver = person('berlin-lead');
export const giverManager = person('berlin-manager');
export const director = person('berlin-director');
export const receiver = person('tokyo-lead');
export const backup = person('tokyo-backup');
export const receiverManager = person('tokyo-manager');
export const stranger = person('lima-lead');

export interface Someone {
  readonly zone: string;
  readonly manager?: PersonId | null;
  readonly backup?: PersonId | null;
  readonly isActive?: boolean;
  /** Nine to five on weekdays, unless said otherwise; `never` has no hours at all. */
  readonly hours?: 'office' | 'Sunday to Thursday' | 'never';
}

export const everybody: Readonly<Record<string, Someone>> = {
  [giver]: { zone: 'Europe/Berlin', manager: giverManager },
  [giverManager]: { zone: 'Europe/Berlin', manager: director },
  [director]: { zone: 'Europe/Berlin' },
  [receiver]: { zone: 'Asia/Tokyo', manager: receiverManager, backup },
  [backup]: { zone: 'Asia/Tokyo', manager: receiverManager },
  [receiverManager]: { zone: 'Asia/Tokyo' },
  [stranger]: { zone: 'America/Lima', manager: director },
};

export interface WorldOptions {
  readonly people?: Readonly<Record<string, Someone>>;
  readonly at?: Instant;
  readonly pauses?: readonly Pause[];
}

const office = [[540, 1020]] as const;
const weeks = {
  office: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] },
  'Sunday to Thursday': {
    mon: office,
    tue: office,
    wed: office,
    thu: office,
    fri: [],
    sat: [],
    sun: office,
  },
  never: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
} as const;

/** `people` replaces or adds to everybody. */
export function planningWorld({
  people = {},
  at = 0,
  pauses = [],
}: WorldOptions = {}): PlanningWorld<undefined> {
  const all = { ...everybody, ...people };
  const known = (id: PersonId): Someone => present(all[id], `person ${id}`);
  const calendarOf = (id: PersonId) => {
    const { zone, hours = 'office' } = known(id);
    return { zone, week: weeks[hours], days: [], absences: [], revision: 1 };
  };
  return {
    at,
    facts: undefined,
    has: (id) => all[id] !== undefined,
    person: (id): PersonFacts => {
      const { manager = null, backup = null, isActive = true } = known(id);
      return { id, isActive, region: 'world' as RegionId, manager, backup, roles: [] };
    },
    working: (id) => asWorkingTime(openCalendar(calendarOf(id), { pauses })),
    decider: (id) => id,
    meeting: (ids, wanted) =>
      nextMeeting(
        ids.map((id) => ({ clock: openCalendar(calendarOf(id), {}), zone: known(id).zone })),
        wanted,
      ),
  };
}

type Offer = Extract<HandoffCommand, { type: 'offer' }>;

export const offerOf = (changes: Partial<Offer> = {}): Offer => ({
  type: 'offer',
  actor: giver,
  account,
  giver,
  receiver,
  severity: 'important',
  packet: content('packet'),
  allowanceMinutes: 480,
  ...changes,
});
