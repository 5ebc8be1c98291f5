/** What an operator reads about zone data when a worker starts. */
import type { Adoption } from '../activities/adopt-zone-data.ts';
import { completedVersion, pinnedVersion } from '../domain/time/pinned-zones.ts';
import { type Disagreement, disagreements } from '../domain/time/zone-data.ts';
import { isOlderZoneData } from '../domain/time/zone-version.ts';
import { runtimeZones, type ZoneData, zones } from '../domain/time/zone.ts';
import { StartProblem } from './embedded/start-problem.ts';

const remedy = 'point ICU_TIMEZONE_FILES_DIR at newer zone files (docs/operating.md, "Zone data")';

const moved = ({ zone, hours, from }: Disagreement): string =>
  `${zone}, ${hours > 0 ? '+' : ''}${hours} h from ${new Date(from).toISOString().slice(0, 16)}Z`;

/** Zones in use that the runtime is wrong about, and whether that reaches anybody. */
export function runtimeReport(
  inUse: readonly string[],
  runtime: ZoneData = runtimeZones,
  used: ZoneData = zones,
): readonly string[] {
  if (!isOlderZoneData(runtime.version, pinnedVersion)) return [];
  const left = new Set(disagreements(inUse, used).map(({ zone }) => zone));
  const sentences = disagreements(inUse, runtime).map((found) =>
    left.has(found.zone)
      ? `The zone data of this runtime, ${runtime.version}, is wrong about ${moved(found)}: ${remedy}.`
      : `The zone data of this runtime, ${runtime.version}, is wrong about ${moved(found)}; it is corrected to ${pinnedVersion}.`,
  );
  if (!isOlderZoneData(runtime.version, completedVersion)) return sentences;
  return [
    ...sentences,
    `The zone data of this runtime, ${runtime.version}, is older than ${completedVersion}, the oldest that can be corrected: other zones may be wrong; ${remedy}.`,
  ];
}

/** What a change of zone data moved; refuses to start where everything is planned with newer data. */
export function adoptionReport(adoption: Adoption, used: ZoneData = zones): readonly string[] {
  if ('olderThan' in adoption) {
    throw new StartProblem(
      'configuration',
      `This worker knows zone data ${used.version}, and everything is planned with ${adoption.olderThan}: start a newer release, or ${remedy}.`,
    );
  }
  return [
    ...adoption.moved.map((found) => `Local time has moved since the last start: ${moved(found)}.`),
    ...(adoption.change === null
      ? []
      : [`Loops of the people there are planned again: calendar change ${adoption.change}.`]),
  ];
}
