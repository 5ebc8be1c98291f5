import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { files, type Layer, root } from './source.ts';

const testing: readonly Layer[] = ['test', 'bench', 'tools'];

/** Where other zone data than our own may be asked, and for what. */
const mayAskTheRuntime: Readonly<Record<string, string>> = {
  'domain/time/zone.ts': 'it is what corrects it',
  'locales/instant.ts': 'the name of a zone in the language of the reader',
  'bin/doctor.ts': 'it compares',
  'bin/doctor/postgres.ts': 'it compares',
  'bin/zone-report.ts': 'it compares',
};

/** Ways to local time past `domain/time/zone.ts`, where a zone may be wrong by an hour. */
const ownWays =
  /\btimeZone:|\bruntimeZones\b|\.setZone\(|\bgetTimezoneOffset\b|\.get(?:Hours|Day|Date)\(|\btoLocale(?:Date|Time)String\b|\bAT TIME ZONE\b/;

test('local time has one source, for arithmetic and for display', () => {
  const found = files
    .filter(({ layer }) => !testing.includes(layer))
    .map(({ path: file }) => file)
    .filter((file) => ownWays.test(readFileSync(path.join(root, file), 'utf8')));
  expect(
    found
      .filter((file) => !(file in mayAskTheRuntime))
      .map((file) => `${file} finds local time on its own: ask domain/time/zone.ts`),
  ).toEqual([]);
});
