import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { spawnServer } from '../../bin/embedded/server-process.ts';
import { until } from '../support/until.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'meridian-log-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('why a server did not start is read, however much one that was killed before it still writes', async () => {
  const logFile = path.join(directory, 'server.log');
  const go = path.join(directory, 'go');
  const says = (script: string) =>
    spawnServer({ command: process.execPath, args: ['-e', script], logFile });
  const lines = "console.log('old backend\\n'.repeat(500));";
  const old = says(`${lines}
    const wait = setInterval(() => {
      if (!require('node:fs').existsSync('${go}')) return;
      clearInterval(wait);
      ${lines}
    }, 5);`);
  await until('the old one has said much', async () => old.logTail().length > 5_000);
  const server = says("console.log('lock file already exists')");
  await server.ended;
  writeFileSync(go, '');
  await old.ended;
  expect(server.logTail()).toContain('lock file already exists');
  expect(server.logTail().match(/old backend/g)).toHaveLength(500);
  expect(server.logTail()).not.toContain('\0');
});
