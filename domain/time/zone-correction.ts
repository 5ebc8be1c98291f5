/** Zone data that is behind, corrected by what a later release of the database says. */
import type { PinnedZone } from './pinned-zones.ts';
import type { Segment, ZoneData } from './zone.ts';
import { isOlderZoneData } from './zone-version.ts';

/** A release of the time-zone database, as far as it differs from an older one. */
export interface Correction {
  readonly version: string;
  /** The oldest release that it completes: with an older one, other zones stay wrong. */
  readonly completes: string;
  readonly zones: readonly PinnedZone[];
}

/** The same zones with what a newer release knows better; data as new as that stays as it is. */
export function correctZones(data: ZoneData, correction: Correction): ZoneData {
  if (!isOlderZoneData(data.version, correction.version)) return data;
  const pinOf = pinFinder(correction.zones);
  const isComplete = !isOlderZoneData(data.version, correction.completes);
  return {
    version: isComplete ? `${data.version}+${correction.version}` : data.version,
    segments(zone, from, until) {
      const given = data.segments(zone, from, until);
      const pin = pinOf(zone);
      return pin ? pinned(given, pin) : given;
    },
  };
}

/** Finds the pin of a zone under each of its names, in any case, as the runtime does. */
export function pinFinder(pins: readonly PinnedZone[]): (zone: string) => PinnedZone | undefined {
  const byName = new Map(
    pins.flatMap((pin) =>
      [pin.zone, ...pin.links].map((name) => [name.toLowerCase(), pin] as const),
    ),
  );
  return (zone) => byName.get(zone.toLowerCase());
}

export const pinnedOffsetMs = ({ offsetHours }: PinnedZone): number => offsetHours * 3_600_000;

function pinned(given: readonly Segment[], pin: PinnedZone): readonly Segment[] {
  const { from, until } = pin;
  const offsetMs = pinnedOffsetMs(pin);
  return joined(
    given.flatMap((segment) => [
      { ...segment, until: Math.min(segment.until, from) },
      { from: Math.max(segment.from, from), until: Math.min(segment.until, until), offsetMs },
      { ...segment, from: Math.max(segment.from, until) },
    ]),
  );
}

/** Without what is empty, and neighbours of one offset as one. */
export function joined(parts: readonly Segment[]): readonly Segment[] {
  const found: Segment[] = [];
  for (const part of parts) {
    if (part.from >= part.until) continue;
    const last = found.at(-1);
    if (last?.offsetMs !== part.offsetMs) found.push(part);
    else found[found.length - 1] = { ...last, until: part.until };
  }
  return found;
}
