import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { closureOf, exists, files } from '../architecture/source.ts';

const kept = readFileSync(new URL('../../docs/proof/latest.md', import.meta.url), 'utf8');

test('the last proof says when, where, with which seed, how much of what, and what came of it', () => {
  expect(kept).toMatch(
    /^\d{4}-\d\d-\d\d, .+ × \d+, node \d+\.\d+\.\d+, ICU .+; seed \d+; \d+ s\.$/m,
  );
  expect(kept).toMatch(
    /^(?:Every proof|Only the proofs whose path holds .+), at (?:its|their) full size\.$/m,
  );
  expect(kept).toMatch(/^\d+ passed, 0 failed\.$/m);
  expect(kept).toMatch(/^\| .+ \| \d+ \|$/m);
});

test('what it names is there, and no path of a machine is in it', () => {
  const named = [...kept.matchAll(/^\| `([^`]+)` \| passed \|/gm)].map(([, file]) => file ?? '');
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((file) => !exists(file))).toEqual([]);
  expect(kept).not.toMatch(/(?:^|[\s`"])\/\w/m);
});

test('a test that has a full size is found by what it imports', () => {
  const proofs = files.filter(
    ({ path }) =>
      path.endsWith('.test.ts') &&
      closureOf(path).some((reached) => reached.path === 'test/support/proof.ts'),
  );
  expect(proofs.map(({ path }) => path)).toContain('test/property/time/oracle.test.ts');
});
