import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exists, layers, root } from './source.ts';

const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).map((file) => ({
  file: file.split(path.sep).join('/'),
  text: readFileSync(path.join(root, file), 'utf8'),
}));
const { scripts = {} } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts?: Record<string, string>;
};
const ofNpm = new Set(['ci', 'install']);
const folders = [...layers, 'docs', 'deploy', '.ci'];

/** `code` that looks like a path of ours, without what stands for something else. */
function citedPaths(text: string): readonly string[] {
  const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside]) => inside ?? '');
  return code
    .filter((inside) => folders.some((folder) => inside.startsWith(`${folder}/`)))
    .filter((inside) => /^[\w./@-]+$/.test(inside) && !inside.includes('NNNN'))
    .map((inside) => inside.replace(/\/$/, ''));
}

function linkedPaths(file: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => path.posix.join(path.posix.dirname(file), target));
}

test('every path that the documents cite is there', () => {
  const gone = pages.flatMap(({ file, text }) =>
    [...citedPaths(text), ...linkedPaths(file, text)]
      .filter((cited) => !exists(cited))
      .map(
        (cited) => `${file} cites ${cited}, which is not there: name the file that took its place`,
      ),
  );
  expect(gone).toEqual([]);
});

test('every command that the documents give is a script', () => {
  const unknown = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => scripts[name] === undefined && !ofNpm.has(name))
      .map((name) => `${file} says npm run ${name}, which package.json does not know`),
  );
  expect(unknown).toEqual([]);
});

test('every document of a subject is linked from the README', () => {
  const readme = pages.find(({ file }) => file === 'README.md');
  const linked = linkedPaths('README.md', readme?.text ?? '');
  const subjects = pages.map(({ file }) => file).filter((file) => /^docs\/[^/]+\.md$/.test(file));
  expect(subjects.filter((file) => !linked.includes(file))).toEqual([]);
});

test('every decision has a number of its own, and says it', () => {
  const decisions = pages.filter(({ file }) => file.startsWith('docs/decisions/'));
  const numbers = decisions.map(({ file }) => Number(path.posix.basename(file).slice(0, 4)));
  expect(new Set(numbers).size).toBe(numbers.length);
  const said = decisions.map(({ text }) => Number(/^# (\d+)\. /.exec(text)?.[1]));
  expect(said).toEqual(numbers);
});

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

test('every link to a heading finds it', () => {
  const headings = new Map(
    pages.map(({ file, text }) => [
      file,
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, name]) => anchorOf(name ?? '')),
    ]),
  );
  const lost = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)]
      .filter(([, target]) => !/^[a-z]+:/.test(target ?? ''))
      .filter(([, target, anchor]) => {
        const page = target ? path.posix.join(path.posix.dirname(file), target) : file;
        return headings.get(page)?.includes(anchor ?? '') === false;
      })
      .map(([link]) => `${file} links ${link}, and no heading is called that`),
  );
  expect(lost).toEqual([]);
});

test('every test that the documents name is there, by that name', () => {
  const lost = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\[([^\]\n]+)\]\(([^)\s#]+\.test\.ts)\)/g)]
      .map(([, name = '', target = '']) => ({
        name,
        tests: path.posix.join(path.posix.dirname(file), target),
      }))
      .filter(({ tests }) => exists(tests))
      .filter(({ name, tests }) => !readFileSync(path.join(root, tests), 'utf8').includes(name))
      .map(({ name, tests }) => `${file}: ${tests} has no test "${name}"`),
  );
  expect(lost).toEqual([]);
});
