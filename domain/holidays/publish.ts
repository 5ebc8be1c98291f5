/** From what the sources say to what is published: patched, one entry a day, each with its status. */
import { dayNumber } from '../time/calendar.ts';
import { announcements, type Patch, patches } from './patches.ts';
import type { HolidayStatus, Place, PublishedHoliday, SourceDay } from './published-holiday.ts';

const dayMs = 86_400_000;

interface Candidate extends SourceDay {
  /** Given by a patch; else it follows from the rule. */
  readonly status?: HolidayStatus;
}

/** The days of `year`, the earliest first. `found` may hold days of the years beside it. */
export function publish(
  found: readonly SourceDay[],
  place: Place,
  year: number,
): readonly PublishedHoliday[] {
  const isOfYear = ({ day }: { readonly day: string }) => day.startsWith(`${year}-`);
  const published = patchesOf(place, year)
    .reduce((days, patch) => apply(patch, days, year), found as readonly Candidate[])
    .filter((day) => day.isPublic && isOfYear(day))
    .map((day) => settled(day, place, year));
  return oneADay(published);
}

const patchesOf = ({ country, subdivision }: Place, year: number): readonly Patch[] =>
  patches.filter(
    (patch) =>
      patch.country === country &&
      (patch.subdivision === undefined || patch.subdivision === subdivision) &&
      year >= (patch.years?.from ?? year) &&
      year <= (patch.years?.until ?? year),
  );

/** Rules that the government's own list of the year has settled stay as they are. */
function apply(patch: Patch, days: readonly Candidate[], year: number): readonly Candidate[] {
  const isMeant = (day: Candidate, rule: string): boolean => day.rule === rule && !day.isAnnounced;
  switch (patch.type) {
    case 'yearly':
      return days.some(({ isAnnounced }) => isAnnounced)
        ? days
        : [...days, { ...added(patch, `${year}-${patch.monthDay}`), rule: patch.monthDay }];
    case 'dated':
      return [
        ...days,
        ...patch.days.map((day) => ({ ...added(patch, day), status: patch.status })),
      ];
    case 'drop':
      return days.filter((day) => !isMeant(day, patch.rule));
    case 'include': {
      const { status, source } = patch;
      const included = { isPublic: true, source, ...(status !== undefined && { status }) };
      return days.map((day) => (isMeant(day, patch.rule) ? { ...day, ...included } : day));
    }
    case 'shift':
      return days.map((day) => (isMeant(day, patch.rule) ? later(day, patch) : day));
    case 'also':
      return days.flatMap((day) => (isMeant(day, patch.rule) ? [day, later(day, patch)] : [day]));
    case 'replaced':
      return days.filter((day) => !isWeekend(day.day) || !hasSubstitute(day, days));
    case 'sunday':
      return [...days, ...mondaysFor(days, patch.source)];
  }
}

const added = (
  { name, names, source }: Extract<Patch, { readonly name: string }>,
  day: string,
): Candidate => ({
  day,
  kind: 'off',
  halfUntilMinute: null,
  name,
  names,
  source,
  rule: day,
  isPublic: true,
  isSubstitute: false,
  isAnnounced: false,
});

const later = (day: Candidate, { days, source }: { days: number; source: string }): Candidate => ({
  ...day,
  day: new Date(Date.parse(day.day) + days * dayMs).toISOString().slice(0, 10),
  source,
});

/** 1 January 1970 was a Thursday. */
const isSunday = (day: string): boolean => (dayNumber(day) ?? 0) % 7 === 3;
const isWeekend = (day: string): boolean => isSunday(day) || (dayNumber(day) ?? 0) % 7 === 2;

function mondaysFor(days: readonly Candidate[], source: string): readonly Candidate[] {
  const off = days.filter(({ isPublic }) => isPublic);
  return off.flatMap((day) => {
    if (!isSunday(day.day) || day.isSubstitute) return [];
    const next = [1, 2].map((after) => later(day, { days: after, source }));
    const there = next.flatMap((one) => off.filter((other) => other.day === one.day));
    // What the source lists by date, it does not mark as a substitute.
    const isReplaced = there.some(
      (other) => other.isSubstitute || (isListed(other.rule) && other.name === day.name),
    );
    const free = next.find((one) => there.every((other) => other.day !== one.day));
    return isReplaced || free === undefined ? [] : [substituteOf(free)];
  });
}

const substituteOf = (day: Candidate): Candidate => {
  const english = `${day.names['en'] ?? day.name} (substitute day)`;
  return { ...day, name: english, names: { en: english }, isSubstitute: true };
};

/** `12-25` is stood for by `substitutes 12-25 if …`, and `07-04 and if …` by its own other day. */
const hasSubstitute = (
  { day, rule, isSubstitute }: Candidate,
  days: readonly Candidate[],
): boolean =>
  !isSubstitute &&
  days.some(
    (other) =>
      other.isSubstitute &&
      (other.rule === rule || other.rule.startsWith(`substitutes ${rule} `)) &&
      Math.abs(Date.parse(other.day) - Date.parse(day)) < 7 * dayMs,
  );

const hijriMonth =
  /\b(?:Muharram|Safar|Rabi al-\w+|Jumada al-\w+|Rajab|Shaban|Ramadan|Shawwal|Dhu al-\w+)\b/;
/** Feasts that the source lists by date follow a moon, or were announced. */
const isListed = (rule: string): boolean => /^(?:substitutes )?\d{4}-/.test(rule);
const followsMoon = (rule: string): boolean =>
  hijriMonth.test(rule) || isListed(rule) || /\b(?:chinese|korean|vietnamese)\b/.test(rule);

function settled(candidate: Candidate, { country }: Place, year: number): PublishedHoliday {
  const { rule: _, isPublic: __, isSubstitute: ___, isAnnounced: ____, ...day } = candidate;
  return { ...day, status: candidate.status ?? statusOf(candidate, country, year) };
}

/**
 * A day of a Hijri month and a feast that is listed by date are certain once announced; what else the
 * government of the country has to announce, too. All other days are certain by law.
 */
function statusOf({ rule, isAnnounced }: Candidate, country: string, year: number): HolidayStatus {
  if (isAnnounced) return 'confirmed';
  const awaited = announcements[country];
  const uncertain = hijriMonth.test(rule) || isListed(rule);
  if (awaited === undefined) return uncertain ? 'provisional' : 'confirmed';
  if (awaited.later?.includes(rule)) return 'provisional';
  if (year <= awaited.through) return 'confirmed';
  const { left } = awaited;
  const isLeft =
    left === 'all' || (left === 'moon' ? followsMoon(rule) : left.includes(rule) || uncertain);
  return isLeft ? 'provisional' : 'confirmed';
}

/** Two feasts on one day are one day off: all of it before a part, the certain before the other. */
function oneADay(days: readonly PublishedHoliday[]): readonly PublishedHoliday[] {
  const byDay = new Map<string, PublishedHoliday[]>();
  for (const day of days) byDay.set(day.day, [...(byDay.get(day.day) ?? []), day]);
  return [...byDay.values()]
    .map((same) => same.sort((a, b) => weight(a) - weight(b))[0] as PublishedHoliday)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

const weight = ({ kind, status }: PublishedHoliday): number =>
  (kind === 'half' ? 2 : 0) + (status === 'confirmed' ? 0 : 1);
