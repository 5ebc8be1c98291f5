import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { listsOf, readDirectory, readJson } from '../../../api/directory/file.ts';
import { placeOfMistake } from '../../../api/directory/json-place.ts';
import { vocabulary } from '../../../api/directory/vocabulary.ts';
import { printable, sentence } from '../../../bin/import-sentences.ts';
import { nouns } from '../../../domain/directory/directory.ts';
import { directoryFile } from '../../support/directory-file.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const run = { numRuns: proofSize(1_000, 100_000), seed: proofSeed };
const options = { timeout: proofSize(60_000, 1_800_000) };

/** Whatever JSON can hold, in the place of some part of a good file. */
const spoiled = fc
  .record({
    noun: fc.constantFrom(...nouns),
    index: fc.nat({ max: 5 }),
    field: fc.constantFrom(
      'id',
      'name',
      'zone',
      'manager',
      'mon',
      'roles',
      'sites',
      'value',
      'day',
    ),
    value: fc.jsonValue({ maxDepth: 3 }),
    where: fc.constantFrom('noun', 'entry', 'field'),
  })
  .map(({ noun, index, field, value, where }) => {
    const file = directoryFile() as unknown as Record<string, unknown>;
    const list = (file[noun] ?? []) as unknown[];
    if (where === 'noun') file[noun] = value;
    else if (where === 'entry') list[index] = value;
    else list[index] = { ...(list[index] as object), [field]: value };
    return JSON.parse(JSON.stringify(file)) as unknown;
  });

test('whatever stands in a file, it is read or refused with printable sentences', options, () => {
  reportProof('spoiled directory files', run.numRuns);
  fc.assert(
    fc.property(spoiled, (file) => {
      const read = readDirectory(listsOf(file), vocabulary);
      const errors = read.ok ? [] : read.errors;
      expect(read.ok || errors.length > 0).toBe(true);
      for (const error of errors) expect(printable(sentence(error))).toMatch(/^\P{Cc}+$/u);
    }),
    run,
  );
});

test('any text is JSON, or is refused with a place inside it', options, () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '\n', 'x'))
    .map(([text, at, put]) => {
      const index = at % (text.length + 1);
      return text.slice(0, index) + put + text.slice(index + 1);
    });
  fc.assert(
    fc.property(broken, (text) => {
      const { errors } = readJson(text);
      const isJson = errors.every(({ code }) => code !== 'json_malformed');
      const { line, column } = placeOfMistake(text);
      const lines = text.split('\n');
      const index =
        lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
      expect(index).toBeLessThanOrEqual(text.length);
      // What stands before the place could have become JSON; what is JSON is read to its end.
      expect(isJson ? text.slice(index).trim() : canGoOn(text.slice(0, index))).toBe(
        isJson ? '' : true,
      );
    }),
    run,
  );
});

/** Some end makes JSON of it: every way to complete what the prefix left open. */
function canGoOn(prefix: string): boolean {
  const closers = ['', '0', '""', '":0', '"":0', ':0'].map((middle) => middle + openIn(prefix));
  return closers.some((end) => isParsed(prefix + end));
}
function openIn(prefix: string): string {
  const closing: string[] = [];
  for (const [mark] of prefix.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    if (mark === '[') closing.unshift(']');
    else if (mark === '{') closing.unshift('}');
    else closing.shift();
  }
  return closing.join('');
}
function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('a line of managers leads back exactly when walking it never ends', options, () => {
  const managers = fc.array(fc.option(fc.nat({ max: 7 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(managers, (list) => {
      const people = list.map((manager, index) => ({
        ...directoryFile().people[0]!,
        id: `p-${index}`,
        manager: manager === null || manager === index ? undefined : `p-${manager % list.length}`,
      }));
      const own = people.map((one) => ({
        ...one,
        manager: one.manager === one.id ? undefined : one.manager,
      }));
      const file = { ...directoryFile(), people: own };
      const read = readDirectory(listsOf(JSON.parse(JSON.stringify(file))), vocabulary);
      const found = read.ok ? [] : read.errors.filter(({ code }) => code === 'manager_cycle');
      const inCycle = new Set(own.filter((one) => comesBack(own, one.id)).map(({ id }) => id));
      const told = new Set(found.flatMap(({ params }) => String(params['people']).split(' → ')));
      expect(told).toEqual(inCycle);
      expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
    }),
    run,
  );
});

function comesBack(
  people: readonly { id: string; manager: string | undefined }[],
  id: string,
): boolean {
  let next = people.find((one) => one.id === id)?.manager;
  for (let step = 0; step < people.length && next !== undefined; step++) {
    if (next === id) return true;
    next = people.find((one) => one.id === next)?.manager;
  }
  return false;
}
