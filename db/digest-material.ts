/** What the digests of a batch are made with, read once for all of them. */
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { digestCandidates, digestInterests } from './digest-candidates.ts';
import { loadReaders } from './practice-gate.ts';
import { type Candidate, type Choice, choose } from '../domain/digest/choose.ts';
import type { PersonId } from '../domain/id.ts';
import type { WorkingCalendar } from '../domain/time/calendar.ts';

export interface Material {
  /** In the revision that a transaction has locked. */
  calendarOf(tx: Query, person: PersonId, revision: number): Promise<WorkingCalendar | null>;
  choiceOf(person: PersonId): Promise<Choice>;
}

const nothing: Choice = { items: [], more: 0 };

/** The gate is asked again when a digest is sent: what was read here may be some seconds old. */
export async function openMaterial(db: Query, people: readonly PersonId[]): Promise<Material> {
  const calendars = await loadCalendars(db, people);
  let readers: ReturnType<typeof loadReaders> | undefined;
  let interests: ReturnType<typeof digestInterests> | undefined;
  const candidates = new Map<string, Promise<readonly Candidate[]>>();
  return {
    async calendarOf(tx, person, revision) {
      const known = calendars.get(person);
      if (known?.revision === revision) return known;
      return (await loadCalendars(tx, [person])).get(person) ?? null;
    },
    async choiceOf(person) {
      readers ??= loadReaders(db, people);
      interests ??= digestInterests(db, people);
      const [reader, own] = [(await readers).get(person), (await interests).get(person)];
      if (!reader || !own || reader.country === null) return nothing;
      const { country } = reader;
      const found = candidates.get(country) ?? digestCandidates(db, country);
      candidates.set(country, found);
      return choose(await found, reader, own);
    },
  };
}
