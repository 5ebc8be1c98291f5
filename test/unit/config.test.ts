import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Environment, readConfig } from '../../bin/config.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'meridian-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

const good: Environment = {
  DATABASE_URL: 'postgres://meridian:secret@db:5432/meridian',
  TEMPORAL_ADDRESS: 'temporal:7233',
  SMTP_URL: 'smtp://mail:25',
  MAIL_FROM: 'Meridian <meridian@example.com>',
  OIDC_ISSUER: 'https://login.example.com/',
  OIDC_CLIENT_ID: 'meridian',
  OIDC_CLIENT_SECRET: 'given by the provider',
  OIDC_AUDIENCE: 'https://meridian.example.com/api',
  PUBLIC_URL: 'https://meridian.example.com/',
  SESSION_SECRET: 'x'.repeat(32),
};

function problemsOf(environment: Environment): string {
  try {
    readConfig(environment);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('a complete environment becomes a typed configuration, with defaults for what may be left out', () => {
  const config = readConfig(good);
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000, proxiesInFront: 0 });
  expect(config.mail.from).toEqual({ name: 'Meridian', address: 'meridian@example.com' });
  expect(config.site.publicUrl).toBe('https://meridian.example.com');
  expect(config.temporal).toMatchObject({
    address: 'temporal:7233',
    namespace: 'default',
    taskQueue: 'meridian',
  });
});

test('an empty environment is told everything that is missing at once', () => {
  const lines = problemsOf({}).split('\n');
  expect(new Set(lines.map((line) => line.split(' ')[0]))).toEqual(new Set(Object.keys(good)));
  expect(lines.every((line) => line.endsWith('.'))).toBe(true);
});

describe('one bad value is named in one sentence', () => {
  test.each([
    ['DATABASE_URL', 'mysql://db/meridian'],
    ['DATABASE_CONNECTIONS_MAX', '1'],
    ['TEMPORAL_ADDRESS', 'temporal'],
    ['TASK_QUEUE', 'two words'],
    ['SMTP_URL', 'mail:25'],
    ['MAIL_FROM', 'meridian@example.com'],
    ['MAIL_FROM', 'Meridian <a@example.com>,<b@example.com>'],
    ['MAIL_REPLY_ADDRESS', 'a-name-too-long@example.com'],
    ['MAIL_REPLY_ADDRESS', 'Reply <reply@example.com>'],
    ['MAIL_REPLY_CHECKED_BY', 'mx.example.com; dmarc=pass'],
    ['OIDC_ISSUER', 'http://login.example.com'],
    ['PUBLIC_URL', 'http://meridian.example.com'],
    ['PUBLIC_URL', 'meridian.example.com'],
    ['PORT', '65536'],
    ['PORT', '3000x'],
    ['PROXIES_IN_FRONT', '-1'],
    ['PROXIES_IN_FRONT', '11'],
    ['PROXIES_IN_FRONT', 'one'],
    ['SESSION_SECRET', 'short'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'staging'],
  ])('%s=%s', (name, value) => {
    const problems = problemsOf({ ...good, [name]: value });
    expect(problems).toMatch(new RegExp(`^${name} .* must .*\\.$`));
  });
});

test.each(['DATABASE_URL', 'SMTP_URL', 'SESSION_SECRET'])(
  'a bad %s is never shown, since it is a secret',
  (name) => {
    expect(problemsOf({ ...good, [name]: 'ftp://hunter2@x' })).not.toContain('hunter2');
  },
);

test('a secret can come from a file, and from one place only', () => {
  const file = path.join(directory, 'session');
  writeFileSync(file, `${'y'.repeat(40)}\n`);
  const fromFile = { ...good, SESSION_SECRET: undefined, SESSION_SECRET_FILE: file };
  expect(readConfig(fromFile).links.secret).toBe('y'.repeat(40));
  expect(problemsOf({ ...good, SESSION_SECRET_FILE: file })).toBe(
    'SESSION_SECRET and SESSION_SECRET_FILE are both set: keep one.',
  );
  expect(problemsOf({ ...fromFile, SESSION_SECRET_FILE: '/nowhere' })).toBe(
    'SESSION_SECRET_FILE names /nowhere, which cannot be read.',
  );
});

test('a process is asked only for the sections it uses', () => {
  const config = readConfig({ DATABASE_URL: good['DATABASE_URL'] }, ['database']);
  expect(config).toEqual({ database: { url: good['DATABASE_URL'], connectionsMax: 10 } });
});

test('plain http is allowed for an address of this machine', () => {
  const local = {
    ...good,
    PUBLIC_URL: 'http://localhost:3000',
    OIDC_ISSUER: 'http://127.0.0.1:3001',
  };
  expect(problemsOf(local)).toBe('');
});

test("Temporal's own variables and the file they name are understood", () => {
  const file = path.join(directory, 'temporal.toml');
  writeFileSync(file, '[profile.cloud]\naddress = "cloud.example.com:7233"\napi_key = "key"\n');
  const { temporal } = readConfig(
    { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud', TEMPORAL_NAMESPACE: 'meridian' },
    ['temporal'],
  );
  expect(temporal).toMatchObject({ address: 'cloud.example.com:7233', namespace: 'meridian' });
  expect(temporal.connection.apiKey).toBe('key');
});
