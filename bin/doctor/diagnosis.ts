/** What `npm run doctor` found, as a table and sentences. */
import { completedVersion, pinnedVersion } from '../../domain/time/pinned-zones.ts';
import { isOlderZoneData } from '../../domain/time/zone-version.ts';

export interface Part {
  readonly name: string;
  readonly version: string;
  readonly zoneData: string;
}

/** A part that does not answer, in its own words. */
export interface Away {
  readonly name: string;
  readonly away: string;
}

/** Local time that a part shows `hours` off in a zone in use, first at `from`. */
export interface WrongZone {
  readonly part: string;
  readonly zone: string;
  readonly hours: number;
  readonly from: number;
}

export interface Findings {
  readonly runtimeZoneData: string;
  readonly usedZoneData: string;
  /** What loops are planned with; empty before the first worker, null when Postgres is away. */
  readonly plannedWith: string | null;
  readonly parts: readonly (Part | Away)[];
  /** Of the zones in use; null when Postgres, which knows them, is away. */
  readonly wrongZones: readonly WrongZone[] | null;
  /** A folder that ICU_TIMEZONE_FILES_DIR names, and that has no zone files. */
  readonly emptyFolder: string | null;
}

export interface Diagnosis {
  readonly lines: readonly string[];
  readonly isWell: boolean;
}

const remedy = 'point ICU_TIMEZONE_FILES_DIR at newer zone files (docs/operating.md, "Zone data")';

export function diagnose(findings: Findings): Diagnosis {
  const wrong = wrongThings(findings);
  return {
    lines: [
      ...table(findings.parts),
      '',
      ...zoneLines(findings.wrongZones),
      ...(wrong.length > 0 ? wrong : ['Nothing is wrong.']),
    ],
    isWell: wrong.length === 0,
  };
}

function table(parts: readonly (Part | Away)[]): readonly string[] {
  const rows = [
    ['part', 'version', 'zone data'],
    ...parts.map((part) =>
      'away' in part ? [part.name, 'away', 'not known'] : [part.name, part.version, part.zoneData],
    ),
  ];
  const width = (column: number): number =>
    Math.max(...rows.map((row) => (row[column] ?? '').length));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column) + 2))
      .join('')
      .trimEnd(),
  );
}

function zoneLines(wrongZones: Findings['wrongZones']): readonly string[] {
  if (wrongZones === null) return ['Zones in use: not known without Postgres.', ''];
  return wrongZones.length === 0
    ? ['Zones in use: every part shows the local time that is computed with.', '']
    : [
        'Zones in use whose local time a part shows otherwise than it is computed with:',
        ...wrongZones.map(
          ({ part, zone, hours, from }) =>
            `  ${zone}: ${part} ${hours > 0 ? '+' : ''}${hours} h from ${new Date(from).toISOString().slice(0, 10)} on`,
        ),
        'People are shown, and loops planned with, the corrected time; that of Postgres and Temporal is not used.',
        '',
      ];
}

function wrongThings(findings: Findings): readonly string[] {
  const { runtimeZoneData, usedZoneData, plannedWith, parts, emptyFolder } = findings;
  return [
    ...parts.flatMap((part) => ('away' in part ? [`${part.name} is away: ${part.away}`] : [])),
    ...(isOlderZoneData(runtimeZoneData, completedVersion)
      ? [
          `Node knows zone data ${runtimeZoneData}, too old to be corrected to ${pinnedVersion} (that takes ${completedVersion}): ${remedy}.`,
        ]
      : []),
    ...(plannedWith !== null && isOlderZoneData(usedZoneData, plannedWith)
      ? [
          `Everything is planned with zone data ${plannedWith}, and this release knows ${usedZoneData}: its workers do not start; take a newer release, or ${remedy}.`,
        ]
      : []),
    ...(emptyFolder === null
      ? []
      : [
          `ICU_TIMEZONE_FILES_DIR names ${emptyFolder}, where there is no zoneinfo64.res: Node silently uses its own.`,
        ]),
  ];
}
