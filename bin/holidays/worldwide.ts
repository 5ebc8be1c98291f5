/** Holidays of some two hundred countries by rule, from `date-holidays` (data CC BY-SA 3.0, see NOTICE). */
import Holidays, { type HolidaysTypes } from 'date-holidays';
import type { Names, Place, SourceDay } from '../../domain/holidays/published-holiday.ts';

const dayMs = 86_400_000;
const source = 'date-holidays (CC BY-SA 3.0)';
/** What people here read, beside the languages of the country. */
const readers = ['en', 'ar', 'de', 'ja', 'pt'];
/** Lists of one kind for each day; the last one that is left is the strongest. */
const types: HolidaysTypes.HolidayType[] = ['observance', 'school', 'bank', 'optional', 'public'];

export type PlaceProblem = 'country' | 'subdivision';

/** Null when its days are known. */
export function problemOf({ country, subdivision }: Place): PlaceProblem | null {
  const all = new Holidays();
  if (!(country in all.getCountries())) return 'country';
  if (subdivision === null) return null;
  // Absent for a country without parts.
  const states = all.getStates(country) as Record<string, string> | undefined;
  return states !== undefined && subdivision in states ? null : 'subdivision';
}

/** Of `year` and its neighbours, since a feast or its substitute may fall across their border. */
export function worldwide(place: Place, year: number): readonly SourceDay[] {
  const [language = 'en'] = calendarOf(place, []).getLanguages();
  const local = calendarOf(place, [language]);
  const named = namesByRule(place, year);
  return [year - 1, year, year + 1].flatMap((one) =>
    local.getHolidays(one).flatMap((holiday) => daysOf(holiday, { language, named })),
  );
}

function calendarOf({ country, subdivision }: Place, languages: string[]): Holidays {
  const options = { types, ...(languages.length > 0 && { languages }) };
  return subdivision === null
    ? new Holidays(country, options)
    : new Holidays(country, subdivision, options);
}

interface Named {
  readonly language: string;
  readonly text: string;
}
type NamesByRule = ReadonlyMap<string, readonly Named[]>;

const keyOf = ({ rule, substitute }: HolidaysTypes.Holiday): string =>
  `${rule} ${substitute === true}`;

/** One calendar a language: it goes on in the language it was last asked in. */
function namesByRule(place: Place, year: number): NamesByRule {
  const named = new Map<string, Named[]>();
  for (const language of readers) {
    for (const holiday of calendarOf(place, [language]).getHolidays(year)) {
      const key = keyOf(holiday);
      named.set(key, [...(named.get(key) ?? []), { language, text: holiday.name }]);
    }
  }
  return named;
}

interface Words {
  readonly language: string;
  readonly named: NamesByRule;
}

function daysOf(holiday: HolidaysTypes.Holiday, words: Words): readonly SourceDay[] {
  const { name, rule } = holiday;
  const local = { language: words.language.split('-')[0] ?? words.language, text: name };
  const names = namesOf([local, ...(words.named.get(keyOf(holiday)) ?? [])]);
  return spanOf(holiday).map((span) => ({
    ...span,
    name,
    names,
    source,
    rule,
    isPublic: holiday.type === 'public',
    isSubstitute: holiday.substitute === true,
    isAnnounced: false,
  }));
}

/** Where the source lacks a language it answers in another, all or in part: that is no name of its own. */
function namesOf(texts: readonly Named[]): Names {
  const feastOf = ({ text }: Named): string => text.replace(/ \([^)]*\)$/, '');
  const names: Record<string, string> = {};
  const seen = new Set<string>();
  for (const named of texts) {
    const { language, text } = named;
    const isMixed = language !== 'en' && text.endsWith('(substitute day)');
    if (!seen.has(feastOf(named)) && !isMixed && text !== '') names[language] ??= text;
    seen.add(feastOf(named));
  }
  return names;
}

/** The wall days it covers. One that begins at noon leaves the morning; a feast from sunset is its day. */
function spanOf({ date, start, end }: HolidaysTypes.Holiday): readonly {
  readonly day: string;
  readonly kind: 'off' | 'half';
  readonly halfUntilMinute: number | null;
}[] {
  const first = date.slice(0, 10);
  const [hours = 0, minutes = 0] = date.slice(11, 16).split(':').map(Number);
  const beginsAt = hours * 60 + minutes;
  if (beginsAt > 0) return [{ day: first, kind: 'half', halfUntilMinute: beginsAt }];
  // Rounded, since a day in which the clocks change has 23 or 25 hours.
  const days = Math.max(1, Math.floor((end.getTime() - start.getTime()) / dayMs + 0.1));
  return Array.from({ length: days }, (_, index) => ({
    day: new Date(Date.parse(first) + index * dayMs).toISOString().slice(0, 10),
    kind: 'off',
    halfUntilMinute: null,
  }));
}
