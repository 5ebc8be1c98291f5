/** `npm run doctor`: the parts side by side, what they know of time zones, and what is wrong. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runtimeZones, wallTime, zones } from '../domain/time/zone.ts';
import { readConfig } from './config.ts';
import { type Away, diagnose, type Part, type WrongZone } from './doctor/diagnosis.ts';
import { examinePostgres, type PostgresFacts } from './doctor/postgres.ts';
import { examineTemporal, type TemporalFacts } from './doctor/temporal.ts';
import { firstWrong } from './doctor/zones-in-use.ts';
import { explain, runCommand } from './run-command.ts';

const now = Date.now();

/** A part that is away is a finding, not the end. */
async function examined<Facts>(name: string, examine: () => Promise<Facts>): Promise<Facts | Away> {
  try {
    return await examine();
  } catch (error) {
    const sentence = explain(error);
    return { name, away: sentence instanceof Error ? sentence.message : String(sentence) };
  }
}

const postgresOf = (): Promise<PostgresFacts> =>
  examinePostgres(readConfig(process.env, ['database']).database.url, now);
const temporalOf = (): Promise<TemporalFacts> =>
  examineTemporal(readConfig(process.env, ['temporal']).temporal, now);

const nodePart: Part = {
  name: 'Node',
  version: `${process.versions.node}, ICU ${process.versions.icu}, CLDR ${process.versions['cldr']}`,
  zoneData: runtimeZones.version,
};
const usedPart: Part = {
  name: 'computed with',
  version: '',
  zoneData: zones.version,
};

function emptyFolder(): string | null {
  const folder = process.env['ICU_TIMEZONE_FILES_DIR'];
  if (!folder || existsSync(path.join(folder, 'zoneinfo64.res'))) return null;
  return folder;
}

const wrongInNode = async (inUse: readonly string[]): Promise<readonly WrongZone[]> =>
  (
    await Promise.all(
      inUse.map((zone) =>
        firstWrong('Node', zone, {
          now,
          offsets: (ats) => ats.map((at) => wallTime(at, zone, runtimeZones).offsetMs),
        }),
      ),
    )
  ).flat();

await runCommand(async () => {
  const [postgres, temporal] = await Promise.all([
    examined('Postgres', postgresOf),
    examined('Temporal', temporalOf),
  ]);
  const known = 'away' in postgres ? null : postgres;
  const { lines, isWell } = diagnose({
    runtimeZoneData: runtimeZones.version,
    usedZoneData: zones.version,
    plannedWith: known?.plannedWith ?? null,
    parts: [
      nodePart,
      usedPart,
      ...(known
        ? [{ name: 'planned with', version: '', zoneData: known.plannedWith || 'nothing yet' }]
        : []),
      'away' in postgres ? postgres : { name: 'Postgres', ...postgres },
      'away' in temporal ? temporal : { name: 'Temporal', ...temporal },
    ],
    wrongZones: known && [...(await wrongInNode(known.inUse)), ...known.wrongZones],
    emptyFolder: emptyFolder(),
  });
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = isWell ? 0 : 1;
});
