/** `npm run doctor` as an operator runs it. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { adoptZoneData } from '../../activities/adopt-zone-data.ts';
import { zones } from '../../domain/time/zone.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { olderZones } from '../support/older-zones.ts';
import { givenPeople } from '../support/people.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await givenPeople(database.db, [
    { id: 'berlin-lead', zone: 'Europe/Berlin' },
    { id: 'winnipeg-lead', zone: 'America/Winnipeg' },
  ]);
});
afterAll(() => database.drop());

const adopt = (zoneData: typeof zones) =>
  adoptZoneData({ db: database.db, clock: { now: Date.now }, zoneData });

interface Visit {
  readonly exitCode: number;
  readonly said: string;
}

const script = fileURLToPath(new URL('../../bin/doctor.ts', import.meta.url));
const doctor = (environment: Readonly<Record<string, string>>): Promise<Visit> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    const child = execFile(process.execPath, [script], { env }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, said: stdout + stderr }),
    );
  });

const wholeStack = () => ({
  DATABASE_URL: database.url,
  TEMPORAL_ADDRESS: inject('stack').temporalAddress,
});

const row = (said: string, part: string): string =>
  said.split('\n').find((line) => line.startsWith(part)) ?? '';

test('every part stands beside the others with its version and its zone data', async () => {
  await adopt(zones);
  const { exitCode, said } = await doctor(wholeStack());
  expect(said).toContain('Nothing is wrong.');
  expect(exitCode).toBe(0);
  expect(row(said, 'Node')).toMatch(/24\.\d+\.\d+, ICU [\d.]+, CLDR [\d.]+ +20\d\d[a-z]$/);
  expect(row(said, 'computed with')).toContain(zones.version);
  expect(row(said, 'planned with')).toContain(zones.version);
  for (const part of ['Postgres', 'Temporal']) {
    expect(row(said, part)).toMatch(
      /\d+\.\d+.* (?:newer|older than 20\d\d[a-z]) \(by what it shows/,
    );
  }
});

test('parts that are away are named, and the rest is shown all the same', async () => {
  const port = await freePort();
  const { exitCode, said } = await doctor({
    DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none`,
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
  });
  expect(exitCode).toBe(1);
  expect(row(said, 'Node')).toMatch(/20\d\d[a-z]$/);
  expect(said).toMatch(/Postgres is away: Postgres does not answer/);
  expect(said).toMatch(/Temporal is away: /);
  expect(said).toContain('Zones in use: not known without Postgres.');
});

test('a part that nobody configured is named with what to set', async () => {
  const { exitCode, said } = await doctor({ TEMPORAL_ADDRESS: inject('stack').temporalAddress });
  expect(exitCode).toBe(1);
  expect(said).toMatch(/Postgres is away: .*DATABASE_URL/);
  expect(row(said, 'Temporal')).toContain('by what it shows');
});

test('a folder of zone files without any is found, and so are plans made with newer data', async () => {
  await adopt({ ...olderZones, version: '2099z' });
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-no-zones-'));
  const { exitCode, said } = await doctor({ ...wholeStack(), ICU_TIMEZONE_FILES_DIR: folder });
  expect(exitCode).toBe(1);
  expect(said).toContain(`names ${folder}, where there is no zoneinfo64.res`);
  expect(said).toMatch(/planned with zone data 2099z, and this release knows .*do not start/);
});
