import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import {
  startProcesses,
  startScript as script,
  tokenScript,
  type PortName,
  type StartProcesses,
} from '../support/start-process.ts';

const startedWithinMs = 60_000;

let processes: StartProcesses;
beforeAll(async () => {
  processes = await startProcesses();
});
afterEach(() => processes.stop());
afterAll(() => processes.remove());

const run: StartProcesses['run'] = (...given) => processes.run(...given);

const url = (name: PortName, page = ''): string =>
  `http://localhost:${processes.port(name)}${page}`;
const answers = (address: string): Promise<boolean> =>
  fetch(address).then(
    (answer) => answer.ok,
    () => false,
  );

describe('one command', () => {
  test(
    'everything answers, tells where it is, ends at once on one Ctrl-C, and begins again with its data',
    { timeout: 2 * startedWithinMs },
    async () => {
      const first = run(script);
      await first.says('Meridian answers');
      for (const name of ['PORT', 'MERIDIAN_IDENTITY_PORT', 'MERIDIAN_MAIL_PORT'] as const) {
        expect(first.output()).toMatch(new RegExp(`:${processes.port(name)}\\b`));
      }
      expect(await answers(url('PORT', '/livez'))).toBe(true);
      expect(await answers(url('MERIDIAN_MAIL_PORT', '/'))).toBe(true);
      const discovery = '/.well-known/openid-configuration';
      expect(await answers(url('MERIDIAN_IDENTITY_PORT', discovery))).toBe(true);
      const token = await run(tokenScript, ['managing-director']).ended;
      expect(token.output).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
      const nobody = await run(tokenScript, ['nobody-at-all']).ended;
      expect(nobody).toMatchObject({ code: 1 });
      expect(nobody.output).toMatch(/^Nobody in the directory has the id "nobody-at-all".*\n$/);

      const second = await run(script).ended;
      expect(second).toMatchObject({ code: 1 });
      expect(second.output).toMatch(/^Meridian already runs here as process \d+.*\n$/);

      first.child.kill('SIGINT');
      expect(await first.ended).toMatchObject({ code: 0 });
      expect(await answers(url('PORT', '/livez'))).toBe(false);
      expect(existsSync(path.join(processes.directory, 'data', 'postgres', 'postmaster.pid'))).toBe(
        false,
      );

      const again = run(script);
      await again.says('Meridian answers');
      // Its key was kept, so what was given out before still opens the door.
      const answer = await fetch(url('PORT', '/tasks'), {
        headers: { authorization: `Bearer ${token.output.trim()}` },
      });
      expect(answer.status).not.toBe(401);
    },
  );

  test(
    'what a killed run left behind is ended by the next one',
    { timeout: 2 * startedWithinMs },
    async () => {
      const killed = run(script);
      await killed.says('Meridian answers');
      killed.child.kill('SIGKILL');
      await killed.ended;
      const next = run(script);
      await next.says('Meridian answers');
      expect(await answers(url('PORT', '/livez'))).toBe(true);
    },
  );
});

describe('what stands in the way is one sentence that says what to do', () => {
  const taken: Server[] = [];
  afterEach(() => {
    for (const server of taken.splice(0)) server.close();
  });

  test.each<PortName>([
    'PORT',
    'MERIDIAN_IDENTITY_PORT',
    'MERIDIAN_MAIL_PORT',
    'MERIDIAN_SMTP_PORT',
    'MERIDIAN_POSTGRES_PORT',
    'MERIDIAN_TEMPORAL_PORT',
  ])('the port %s is in use', { timeout: startedWithinMs }, async (name) => {
    const server = createServer();
    taken.push(server);
    const host = name === 'MERIDIAN_IDENTITY_PORT' ? 'localhost' : '127.0.0.1';
    server.listen(Number(processes.port(name)), host);
    await once(server, 'listening');
    const { code, output } = await run(script).ended;
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^Port \\d+, which .* needs, is in use: .* ${name}\\.\n$`));
  });

  test('a value of the environment is wrong', async () => {
    const { code, output } = await run(script, [], { LOG_LEVEL: 'loud' }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/^LOG_LEVEL is "loud": it must be one of .*\.\n$/);
  });

  test('it is not for production', async () => {
    const { code, output } = await run(script, [], { NODE_ENV: 'production' }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/^npm start is for development .*\.\n$/);
  });

  test('a real part does not answer', { timeout: startedWithinMs }, async () => {
    const more = { DATABASE_URL: `postgres://a:b@127.0.0.1:${await freePort()}/c` };
    const { code, output } = await run(script, [], more).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/^Postgres does not answer .*DATABASE_URL.*\.\n$/);
  });
});
