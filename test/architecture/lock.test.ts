import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { completeLock, type Lock } from '../../tools/lock-file.ts';
import { root } from './source.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const lock = read('package-lock.json') as Lock & { packages: Record<string, Manifest> };
const manifest = read('package.json') as Manifest;

test('the lock file agrees with package.json, whose versions are exact', () => {
  const { dependencies, devDependencies } = lock.packages[''] ?? {};
  expect({ dependencies, devDependencies }).toEqual({
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
  });
  const versions = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test('the lock file is complete for every platform, as npm ci demands; npm run lock completes it', () => {
  const added = Object.keys(completeLock(lock).packages).filter((name) => !lock.packages[name]);
  expect(added).toEqual([]);
});
