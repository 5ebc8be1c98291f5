/**
 * Postgres and Temporal do not say which release of the time-zone database they have. What they show
 * in zones that lately stopped changing their clocks tells it.
 */
import { zones, wallTime } from '../../domain/time/zone.ts';

interface Mark {
  /** The first release that was seen to have it; an earlier one may. */
  readonly release: string;
  readonly zone: string;
}

/** Ascending. Read from builds of ICU: 2026a has none of them, 2026c the first two. */
const marks: readonly Mark[] = [
  { release: '2026c', zone: 'America/Edmonton' },
  { release: '2026c', zone: 'America/Vancouver' },
  { release: '2026f', zone: 'America/Inuvik' },
  { release: '2026f', zone: 'America/Winnipeg' },
];

export const markedZones: readonly string[] = marks.map(({ zone }) => zone);

/** Noon of the next 15 January: every mark shows in winter. */
export function markedAt(now: number): number {
  const year = new Date(now).getUTCFullYear();
  const at = Date.UTC(year, 0, 15, 12);
  return at > now ? at : Date.UTC(year + 1, 0, 15, 12);
}

/** By zone; null where the zone is not known. */
export type Offsets = ReadonlyMap<string, number | null>;

/** The releases between which `shown` can be, by the offsets of the marked zones at `at`. */
export function releaseOf(shown: Offsets, at: number): string {
  const isRight = ({ zone }: Mark): boolean =>
    shown.get(zone) === wallTime(at, zone, zones).offsetMs;
  const releases = [...new Set(marks.map(({ release }) => release))];
  const missing = releases.find((release) =>
    marks.some((mark) => mark.release === release && !isRight(mark)),
  );
  const known = releases[releases.indexOf(missing ?? '') - 1] ?? releases.at(-1);
  if (missing === undefined) return `${known} or newer`;
  if (missing === releases[0]) return `older than ${missing}`;
  return `${known} or newer, older than ${missing}`;
}
