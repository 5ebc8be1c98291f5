import { readFileSync, writeFileSync } from 'node:fs';
import { OpenAPIHono } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { apiDocument } from '../../api/documents.ts';
import type { ApiEnvironment } from '../../api/environment.ts';
import { registerOperations } from '../../api/register.ts';
import { textFormOf } from '../../api/text-forms.ts';
import { locales } from '../../locales/catalogue.ts';
import { phrase } from '../../locales/render.ts';
import { readers } from '../support/readers.ts';

const reader = readers.berlin;
const file = new URL('../../api/openapi.json', import.meta.url);

/** Nothing is asked of the parts while operations are registered. */
function document(): unknown {
  const app = new OpenAPIHono<ApiEnvironment>();
  registerOperations(app, {} as never, {} as never);
  return JSON.parse(JSON.stringify(apiDocument(app, '0.1.0')));
}

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const { paths } = document() as { paths: Paths };
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('the API is what the committed document says: MERIDIAN_WRITE=1 writes it, a review reads it', () => {
  const text = `${JSON.stringify(document(), null, 2)}\n`;
  if (process.env['MERIDIAN_WRITE']) writeFileSync(file, text);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(text));
});

/** Those of headers have problems of their own. */
function patternsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { pattern, in: place } = value as { readonly pattern?: unknown; readonly in?: unknown };
  if (place === 'header') return [];
  const own = typeof pattern === 'string' ? [pattern] : [];
  return [...own, ...Object.values(value).flatMap(patternsIn)];
}

test('every pattern of the document has words of its own, in every language', () => {
  const patterns = [...new Set(patternsIn(document()))];
  expect(patterns.length).toBeGreaterThan(10);
  for (const pattern of patterns) {
    const { code, values } = textFormOf('regex', `/${pattern}/`);
    expect([pattern, code]).not.toEqual([pattern, 'form_invalid']);
    const { example = null } = values;
    const isLike = example === null || new RegExp(pattern).test(example);
    expect([pattern, example, isLike]).toEqual([pattern, example, true]);
    for (const locale of locales) {
      const told = phrase(`shape.${code}`, values, { ...reader, locale });
      expect([told, /[\^$[\]{}\\]/.test(told)]).toEqual([told, false]);
    }
  }
});

test('every operation has a name of its own', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
});

test('every operation says which headers it takes and that it may answer with a problem', () => {
  for (const { path, method, operation } of operations) {
    const headers = (operation.parameters ?? [])
      .filter((one) => one.in === 'header')
      .map(({ name }) => name);
    // Signed instead: whoever sends it is no person.
    const signing = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    const isMade = /\/(absences|actions|attachments|delegations|notes)$/.test(path);
    const isStep = method === 'post' && /\}\/\w+$/.test(path) && !isMade;
    expect([method, path, headers]).toEqual([
      method,
      path,
      path.startsWith('/mail/')
        ? signing
        : [...(method === 'post' ? ['Idempotency-Key'] : []), ...(isStep ? ['If-Match'] : [])],
    ]);
    expect(Object.keys(operation.responses)).toContain('default');
  }
});

test('every place of a path is a parameter that is described', () => {
  for (const { path, operation } of operations) {
    const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = (operation.parameters ?? []).filter((one) => one.in === 'path');
    expect([path, described.map(({ name }) => name)]).toEqual([path, places]);
  }
});

test('no operation is hidden by one whose address is like it and that is asked first', () => {
  const isLike = (other: string, path: string): boolean => {
    const [theirs, own] = [other.split('/'), path.split('/')];
    return (
      theirs.length === own.length &&
      theirs.every((part, index) => part.startsWith('{') || part === own[index])
    );
  };
  const hidden = operations.filter(({ path, method }, index) =>
    operations
      .slice(0, index)
      .some((other) => other.method === method && other.path !== path && isLike(other.path, path)),
  );
  expect(hidden.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});
