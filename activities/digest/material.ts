/** What the digests of a batch are made with, read once for all of them. */
import { loadCalendars } from '../../db/calendars.ts';
import type { Database, Query } from '../../db/client.ts';
import { digestCandidates, digestInterests } from '../../db/digest-candidates.ts';
import { loadReaders } from '../../db/practice-gate.ts';
import type { Candidate, Interests } from '../../domain/digest/choose.ts';
import type { Reader } from '../../domain/exchange/gate.ts';
import type { PersonId } from '../../domain/id.ts';
import type { WorkingCalendar } from '../../domain/time/calendar.ts';

export interface Choosing {
  readonly reader: Reader;
  readonly interests: Interests;
  readonly candidates: readonly Candidate[];
}

export interface Material {
  /** In the revision that a transaction has locked. */
  calendarOf(tx: Query, person: PersonId, revision: number): Promise<WorkingCalendar | null>;
  choiceOf(person: PersonId): Promise<Choosing | null>;
}

/** The gate is asked again when a digest is sent: what was read here may be some seconds old. */
export async function openMaterial(db: Database, people: readonly PersonId[]): Promise<Material> {
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
      if (!reader || !own || reader.country === null) return null;
      const { country } = reader;
      const found = candidates.get(country) ?? digestCandidates(db, country);
      candidates.set(country, found);
      return { reader, interests: own, candidates: await found };
    },
  };
}
