import { describe, expect, test } from 'vitest';
import {
  closureOf,
  files,
  find,
  type Import,
  type Layer,
  loops,
  root,
  type SourceFile,
} from './source.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What each layer may build on, beside itself; `workflows` stands for a workflow's ids and messages. */
const mayImport: Record<Layer, readonly Layer[]> = {
  domain: [],
  workflows: ['domain'],
  locales: ['domain'],
  db: ['domain', 'locales'],
  channels: ['domain', 'locales'],
  activities: ['domain', 'db', 'channels', 'locales'],
  api: ['domain', 'db', 'locales', 'channels', 'workflows', 'console'],
  console: ['domain', 'db', 'locales', 'channels', 'workflows', 'api'],
  bin: ['domain', 'workflows', 'db', 'channels', 'locales', 'activities', 'api', 'console'],
  tools: ['domain', 'db', 'bin', 'test'],
  bench: [
    'domain',
    'workflows',
    'db',
    'channels',
    'locales',
    'activities',
    'api',
    'console',
    'bin',
    'test',
  ],
  test: [
    'domain',
    'workflows',
    'db',
    'channels',
    'locales',
    'activities',
    'api',
    'console',
    'bin',
    'tools',
    'bench',
  ],
};

const isDoor = (target: string): boolean =>
  /^workflows\/(?:[\w-]+\/)?(?:messages|id)\.ts$/.test(target);
const layerOf = (target: string): Layer => target.split('/')[0] as Layer;
const loopOf = (file: string): string | undefined =>
  loops.find((loop) => file.split('/')[1] === loop);
const testing: readonly Layer[] = ['test', 'bench', 'tools'];
const product = files.filter(({ layer }) => !testing.includes(layer));

/** One line for each import that breaks a rule, ending with what to do instead. */
function offences(
  among: readonly SourceFile[],
  breaks: (file: SourceFile, imported: Import) => boolean,
  instead: string,
): readonly string[] {
  return among.flatMap((file) =>
    file.imports
      .filter((imported) => breaks(file, imported))
      .map(({ target }) => `${file.path} imports ${target}: ${instead}`),
  );
}

test('the real source is what these tests look at', () => {
  expect(product.length).toBeGreaterThan(50);
  expect(loops).toContain('handoff');
  expect(find('workflows/index.ts')?.imports.length).toBeGreaterThan(0);
});

test('every import of ours names a file that exists', () => {
  const broken = offences(
    files,
    (_file, { target, isOurs }) =>
      isOurs && /\.(ts|mjs)$/.test(target) && target !== 'db/schema.ts' && !find(target),
    'there is no such file',
  );
  expect(broken).toEqual([]);
});

describe('each layer builds only on the layers below it', () => {
  test.each(Object.keys(mayImport) as Layer[])('%s', (layer) => {
    const below = mayImport[layer];
    const broken = offences(
      files.filter((file) => file.layer === layer),
      (_file, { target, isOurs }) =>
        isOurs &&
        layerOf(target) !== layer &&
        target.includes('/') &&
        !below.includes(layerOf(target)),
      `${layer} may import ${below.length === 0 ? 'nothing else' : below.join(', ')}; pass the thing in as a parameter, or move it to a layer both may use`,
    );
    expect(broken).toEqual([]);
  });
});

test('what stands in front knows a workflow only by its id and its messages', () => {
  const broken = offences(
    files.filter(({ layer }) => layer === 'api' || layer === 'console'),
    (_file, { target, isOurs }) => isOurs && layerOf(target) === 'workflows' && !isDoor(target),
    "use the loop's id.ts and messages.ts",
  );
  expect(broken).toEqual([]);
});

test('loops do not know each other', () => {
  const broken = offences(
    product.filter(({ layer }) => layer !== 'bin'),
    ({ path: file }, { target, isOurs }) => {
      const [mine, theirs] = [loopOf(file), isOurs ? loopOf(target) : undefined];
      return mine !== undefined && theirs !== undefined && mine !== theirs && !isDoor(target);
    },
    'start or signal the other loop through its workflows/<loop>/id.ts and messages.ts',
  );
  expect(broken).toEqual([]);
});

test('the domain needs nothing but itself: no package, no built-in of Node', () => {
  const broken = offences(
    files.filter(({ layer }) => layer === 'domain'),
    (_file, { isOurs }) => !isOurs,
    'have the caller pass in what it gives',
  );
  expect(broken).toEqual([]);
});

describe('what is replayed gives the same answer on every machine, at any time', () => {
  const replayed = closureOf('workflows/index.ts');

  test('it reaches no zone arithmetic, not even through others', () => {
    const broken = replayed
      .filter(({ path: file }) => file.startsWith('domain/time/'))
      .map(
        ({ path: file }) => `${file} is reached from a workflow: plan in the recording activity`,
      );
    expect(broken).toEqual([]);
  });

  test('states and decisions do not even know the types of zone arithmetic', () => {
    const broken = offences(
      product.filter(
        ({ path: file, layer }) =>
          layer === 'workflows' || /^domain\/[\w-]+\/(state|decide)\.ts$/.test(file),
      ),
      (_file, { target }) => target.startsWith('domain/time/'),
      'only plan.ts may, since it runs in the recording activity',
    );
    expect(broken).toEqual([]);
  });

  test("it uses only packages that are made for Temporal's sandbox", () => {
    const made = ['@temporalio/workflow', '@temporalio/common', 'ms'];
    const broken = offences(
      replayed,
      (_file, { target, isOurs, isType }) => !isOurs && !isType && !made.includes(target),
      'do it in an activity',
    );
    expect(broken).toEqual([]);
  });

  test('it names nothing that follows the zone, locale or clock of the machine', () => {
    const unsteady = [
      'Intl',
      'Temporal',
      'toLocaleString',
      'toLocaleDateString',
      'toLocaleTimeString',
      'process',
    ];
    const broken = replayed.flatMap(({ path: file, names }) =>
      unsteady
        .filter((name) => names.has(name))
        .map((name) => `${file} uses ${name}: pass an instant or a plain value in instead`),
    );
    expect(broken).toEqual([]);
  });
});

test('only bin reads the environment; everything else is told', () => {
  const broken = product
    .filter(({ layer, names }) => layer !== 'bin' && names.has('process.env'))
    .map(
      ({ path: file }) =>
        `${file} reads process.env: take the value as a parameter, and read it in bin/config.ts`,
    );
  expect(broken).toEqual([]);
});

test('the API process never loads the worker', () => {
  const broken = offences(
    [
      ...closureOf('bin/api.ts'),
      ...files.filter(({ layer }) => layer === 'api' || layer === 'console'),
    ],
    (_file, { target, isType }) => target === '@temporalio/worker' && !isType,
    'native code and a bundler have no place there; talk to workflows through @temporalio/client',
  );
  expect(broken).toEqual([]);
});

test('what runs in production needs no package of development', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const running = [
    'api',
    'worker',
    'worker-health',
    'migrate-cli',
    'import',
    'loops',
    'verify-audit',
  ].flatMap((name) => closureOf(`bin/${name}.ts`));
  const broken = offences(
    [...new Set(running)],
    (_file, { target, isOurs, isType }) =>
      !isOurs && !isType && !target.startsWith('node:') && dependencies[target] === undefined,
    'list it under dependencies, or import it only where development needs it',
  );
  expect(broken).toEqual([]);
});
