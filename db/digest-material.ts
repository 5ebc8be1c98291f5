/** What the digests of a batch are made with, read once for all of them. */
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { digestCandidates, digestInterests, type Reported } from './digest-candidates.ts';
import { loadReaders } from './practice-gate.ts';
import { type Candidate, type Choice, choose } from '../domain/digest/choose.ts';
import type { Reader } from '../domain/exchange/gate.ts';
import { type Place, rankPractice } from '../domain/exchange/rank.ts';
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
  const reported = new Map<string, Promise<readonly Reported[]>>();
  const ranked = new Map<string, Promise<readonly Candidate[]>>();
  /** Once for all who read in one place. */
  const candidatesFor = (reader: Reader, country: string): Promise<readonly Candidate[]> => {
    const { region, regionLocale: locale } = reader;
    const found = reported.get(country) ?? digestCandidates(db, country);
    reported.set(country, found);
    const mine =
      ranked.get(region) ?? found.then((all) => all.map(rankedAt({ region, country, locale })));
    ranked.set(region, mine);
    return mine;
  };
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
      return choose(await candidatesFor(reader, country), reader, own);
    },
  };
}

const rankedAt =
  (place: Place) =>
  ({ reports, ...candidate }: Reported): Candidate => ({
    ...candidate,
    rank: rankPractice(reports, place),
  });
