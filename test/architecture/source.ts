/** The product's own source as the tests of its shape see it: files, imports, functions, names. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Function as FunctionNode, parseSync, type StaticExport, Visitor } from 'oxc-parser';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export const layers = [
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
  'test',
] as const;
export type Layer = (typeof layers)[number];

export interface Import {
  /** A path from the root for a file of ours, else the package's name. */
  readonly target: string;
  readonly isOurs: boolean;
  /** Gone at run time. */
  readonly isType: boolean;
}

export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  /** Without those of the functions inside, which are counted by themselves. */
  readonly lines: number;
}

export interface SourceFile {
  readonly path: string;
  readonly layer: Layer;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly exports: readonly string[];
  readonly functions: readonly SourceFunction[];
  /** Every identifier in use, with what it is a member of: `process.env`, `Intl`. */
  readonly names: ReadonlySet<string>;
}

export const files: readonly SourceFile[] = globSync(`{${layers.join(',')}}/**/*.{ts,mts,mjs}`, {
  cwd: root,
})
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file !== 'db/schema.ts')
  .sort()
  .map(read);

const byPath = new Map(files.map((file) => [file.path, file]));

function read(file: string): SourceFile {
  const text = readFileSync(path.join(root, file), 'utf8');
  const { module, program } = parseSync(file, text);
  const resolve = (specifier: string, isType: boolean): Import => {
    if (!specifier.startsWith('.')) return { target: packageOf(specifier), isOurs: false, isType };
    const target = path.posix.join(path.posix.dirname(file), specifier);
    return { target, isOurs: true, isType };
  };
  const imports = [
    ...module.staticImports.map(({ moduleRequest, start }) =>
      resolve(moduleRequest.value, /^import\s+type\b/.test(text.slice(start))),
    ),
    ...module.staticExports.flatMap((statement) => reExports(statement, text, resolve)),
    ...module.dynamicImports.flatMap(({ moduleRequest }) => {
      const literal = /^(['"])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
      return literal?.[2] === undefined ? [] : [resolve(literal[2], false)];
    }),
  ];
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName }) => exportName.name ?? []),
  );
  return {
    path: file,
    layer: file.split('/')[0] as Layer,
    text,
    imports,
    exports,
    ...walk(program, text),
  };
}

function reExports(
  { entries, start }: StaticExport,
  text: string,
  resolve: (specifier: string, isType: boolean) => Import,
): readonly Import[] {
  const isType = /^export\s+type\b/.test(text.slice(start));
  const from = entries.find(({ moduleRequest }) => moduleRequest !== null)?.moduleRequest;
  return from ? [resolve(from.value, isType)] : [];
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function walk(
  program: Parameters<Visitor['visit']>[0],
  text: string,
): Pick<SourceFile, 'functions' | 'names'> {
  const found: Extent[] = [];
  const names = new Set<string>();
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const note = (name: string, { start, end }: { start: number; end: number }): void => {
    found.push({ name, from: lineOf(start), to: lineOf(end) });
  };
  const named = (node: FunctionNode): void => note(node.id?.name ?? 'a function', node);
  new Visitor({
    FunctionDeclaration: named,
    FunctionExpression: named,
    ArrowFunctionExpression: (node) => note('an arrow function', node),
    Identifier: (node) => void names.add(node.name),
    MemberExpression(node) {
      if (
        node.object.type === 'Identifier' &&
        node.property.type === 'Identifier' &&
        !node.computed
      ) {
        names.add(`${node.object.name}.${node.property.name}`);
      }
    },
  }).visit(program);
  return { functions: found.map((one) => ownLines(one, found)), names };
}

interface Extent {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function ownLines(one: Extent, all: readonly Extent[]): SourceFunction {
  const isInside = (inner: Extent, outer: Extent): boolean =>
    inner !== outer && inner.from > outer.from && inner.to < outer.to;
  const inside = all.filter((other) => isInside(other, one));
  const nearest = inside.filter((inner) => !inside.some((outer) => isInside(inner, outer)));
  const elsewhere = nearest.reduce((lines, { from, to }) => lines + to - from + 1, 0);
  return { name: one.name, line: one.from, lines: one.to - one.from + 1 - elsewhere };
}

export const find = (file: string): SourceFile | undefined => byPath.get(file);

/** Everything that runs when this file does: itself, and what it imports by value, all the way. */
export function closureOf(entry: string): readonly SourceFile[] {
  const reached = new Set<SourceFile>();
  const visit = (file: SourceFile | undefined): void => {
    if (!file || reached.has(file)) return;
    reached.add(file);
    for (const { target, isType } of file.imports) if (!isType) visit(find(target));
  };
  visit(find(entry));
  return [...reached];
}

export const exists = (file: string): boolean => existsSync(path.join(root, file));

/** The loops are the folders of the domain that decide something. */
export const loops: readonly string[] = files.flatMap(
  ({ path: file }) => /^domain\/([\w-]+)\/decide\.ts$/.exec(file)?.[1] ?? [],
);
