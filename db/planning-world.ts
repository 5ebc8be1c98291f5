/** People and calendars as one transaction sees them, for planning inside it. */
import type { Transaction } from 'kysely';
import { loadCalendars } from './calendars.ts';
import { delegatesAt } from './delegations.ts';
import { lockPeople, type PlannedPerson } from './people.ts';
import type { DB } from './schema.ts';
import { present } from '../domain/assert.ts';
import type { Pause } from '../domain/hold.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant, LoopName, PlanningWorld, WorkingTime } from '../domain/loop.ts';
import { deciderOf } from '../domain/people/delegation.ts';
import type { Reader } from '../domain/notice/send-time.ts';
import type { WorkingCalendar } from '../domain/time/calendar.ts';
import { asWorkingTime } from '../domain/time/planning.ts';
import { nextMeeting } from '../domain/time/meeting.ts';
import { openCalendar, type WorkingClock } from '../domain/time/working-time.ts';
import { type ZoneData, zones } from '../domain/time/zone.ts';

export interface LoadedWorld extends PlanningWorld {
  zone(id: PersonId): string;
  /** As messages to them are planned: whatever is on hold, they are reached. */
  reader(id: PersonId): Reader & { readonly clock: WorkingClock };
  /** By person: the revision of the calendar that was planned with. */
  readonly calendarRevisions: Readonly<Record<string, number>>;
  /** The newest version that anything is planned with: whoever knows only older plans nothing. */
  readonly zoneData: string;
}

export interface WorldRequest {
  readonly people: readonly PersonId[];
  readonly at: Instant;
  readonly pauses: readonly Pause[];
  /** Whose steps move to whoever decides for those asked; absent, nobody's do. */
  readonly delegatedIn?: LoopName | undefined;
}

/** Kept calendars, one a person: a newer revision takes the place of the older. */
const calendarsKeptMax = 5_000;

export type LoadWorld = (tx: Transaction<DB>, request: WorldRequest) => Promise<LoadedWorld>;

export function createWorldLoader(zoneData: ZoneData = zones): LoadWorld {
  const kept = new Map<PersonId, WorkingCalendar>();

  async function calendarsOf(tx: Transaction<DB>, people: readonly PlannedPerson[]) {
    const missing = people.filter(
      ({ facts, revision }) => kept.get(facts.id)?.revision !== revision,
    );
    if (missing.length === 0) return;
    const loaded = await loadCalendars(
      tx,
      missing.map(({ facts }) => facts.id),
    );
    for (const [id, calendar] of loaded) {
      kept.delete(id);
      kept.set(id, calendar);
      if (kept.size > calendarsKeptMax)
        kept.delete(present(kept.keys().next().value, 'the oldest'));
    }
  }

  return async (tx, { people: ids, at, pauses, delegatedIn: loop }) => {
    const links = loop === undefined ? new Map() : await delegatesAt(tx, { loop, at, of: ids });
    const people = await lockPeople(tx, [...new Set([...ids, ...links.values()])]);
    await calendarsOf(tx, people);
    const byId = new Map(people.map((person) => [person.facts.id, person]));
    const calendars = new Map(people.map(({ facts }) => [facts.id, kept.get(facts.id)]));
    const clocks = new Map<PersonId, WorkingTime>();
    const known = (id: PersonId) => present(byId.get(id), `person ${id} in the planning world`);
    const unpaused = (id: PersonId) => {
      const calendar = present(calendars.get(id), `calendar of ${id}`);
      return { calendar, clock: openCalendar(calendar, { zoneData }) };
    };
    return {
      at,
      facts: undefined,
      has: (id) => byId.has(id),
      person: (id) => known(id).facts,
      zone: (id) => known(id).zone,
      decider: (id) => deciderOf(id, links),
      reader: (id) => ({ ...unpaused(id), quiet: known(id).quiet }),
      meeting(people, wanted) {
        const attendees = people.map((id) => ({ clock: unpaused(id).clock, zone: known(id).zone }));
        return nextMeeting(attendees, wanted, zoneData);
      },
      zoneData: people[0]?.zoneData ?? '',
      calendarRevisions: Object.fromEntries(people.map((p) => [p.facts.id, p.revision])),
      working(id) {
        const open = clocks.get(id);
        if (open) return open;
        const calendar = present(calendars.get(id), `calendar of ${id}`);
        const clock = asWorkingTime(openCalendar(calendar, { pauses, zoneData }));
        clocks.set(id, clock);
        return clock;
      },
    };
  };
}
