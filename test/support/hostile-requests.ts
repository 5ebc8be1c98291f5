/** Requests nobody should send: nearly right by the documented shapes, and odd in one place or in many. */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { ApiDocument } from '../../api/documents.ts';
import type { PersonId } from '../../domain/id.ts';
import { account, berlin, operator, tokyo } from './handoff-organisation.ts';

const someId = randomUUID();

/** What has brought down other products, and what is nearly right here. */
const oddTexts = [
  '',
  ' ',
  'a'.repeat(5_000),
  '\u0000',
  '\ud800',
  '🏥',
  '-1',
  '1e308',
  'NaN',
  'null',
  '[]',
  '%',
  '../..',
  '%00',
  '%ff',
  '__proto__',
  'constructor',
  'toString',
  "'; drop table person;--",
  '0000-01-01',
  '9999-12-31',
  '2026-02-30',
  '0000-01-01T00:00:00Z',
  '99999-01-01T00:00:00Z',
  '2026-11-23T25:00:00Z',
  '9999-12-31T23:59:59-14:00',
  '0001-01-01T00:00:00+14:00',
];
/** Cursors that nobody was given. */
const oddPlaces = [[8.64e15, someId], [-8.64e15], ['0000-01-01', 'x'], ['\u0000'], [null, null]];
const oddCursors = oddPlaces.map((place) =>
  Buffer.from(JSON.stringify(place)).toString('base64url'),
);
const oddText = fc.constantFrom(...oddTexts, ...oddCursors);
const odd: Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(-1, 0, 0.5, 1e308, true, null),
);

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const texts: Readonly<Record<string, Arbitrary<string>>> = {
  'date-time': fc.constantFrom('2026-12-01T08:00:00Z', '2026-12-03T08:00:00+09:00'),
  date: fc.constantFrom('2026-12-01', '1970-01-01', '2099-12-31'),
  uuid: fc.constant(someId),
};
const named = fc.constantFrom<string>(berlin.lead, tokyo.lead, tokyo.backup, operator, account);

type Schemas = Readonly<Record<string, Schema>>;

/** Of the documented shape, except for one part in ten. */
function shaped(schema: Schema, schemas: Schemas): Arbitrary<unknown> {
  const of = (part: Schema): Arbitrary<unknown> => shaped(part, schemas);
  const own = (): Arbitrary<unknown> => {
    if (schema.$ref) return of(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(of));
    const [type = 'string'] = [schema.type ?? []].flat();
    switch (type) {
      case 'object': {
        const fields = Object.entries(schema.properties ?? {}).map(([key, part]) => [
          key,
          of(part),
        ]);
        return fc.record(Object.fromEntries(fields) as Record<string, Arbitrary<unknown>>, {
          requiredKeys: [...(schema.required ?? [])],
        });
      }
      case 'array':
        return fc.array(of(schema.items ?? {}), { maxLength: 3 });
      case 'integer':
      case 'number':
        return fc.constantFrom(1, 15, 30, 60, 2026);
      case 'boolean':
        return fc.boolean();
      default:
        return texts[schema.format ?? ''] ?? (schema.pattern ? named : fc.constant('Some words.'));
    }
  };
  return fc.oneof({ weight: 9, arbitrary: own() }, { weight: 1, arbitrary: odd });
}

interface Documented {
  readonly parameters?: readonly { readonly name: string; readonly in: string; schema?: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema?: Schema }>> };
}

interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly as: PersonId;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
}

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed();

const ofNoForm = '[of no form]';

/** The documented shape, where every text that must have a form has none. */
function formless(schema: Schema, schemas: Schemas): unknown {
  const of = (part: Schema): unknown => formless(part, schemas);
  if (schema.$ref) return of(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.enum) return schema.enum[0];
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return of(variants.find((one) => JSON.stringify(one).includes('"pattern"')) ?? {});
  const [type = 'string'] = [schema.type ?? []].flat();
  if (type === 'object') {
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(fields.map(([key, part]) => [key, of(part)]));
  }
  if (type === 'array') return [of(schema.items ?? {})];
  if (type === 'boolean') return true;
  if (type !== 'string') return 1;
  return schema.pattern || schema.format ? ofNoForm : 'Some words.';
}

/** To every operation a request in which nothing has its form: first its address, then the rest. */
export function formlessRequests(document: ApiDocument): readonly HostileRequest[] {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Documented>).flatMap(([method, documented]) => {
      const { parameters = [], requestBody } = documented;
      const search = new URLSearchParams();
      for (const { name, in: place, schema = {} } of parameters) {
        if (place === 'query') search.set(name, textOf(formless(schema, schemas)));
      }
      const [type, { schema = {} } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [];
      const content = type !== undefined && { 'content-type': type };
      const text = type?.includes('json') ? JSON.stringify(formless(schema, schemas)) : undefined;
      const request = { method: method.toUpperCase(), as: berlin.lead };
      const headers = { 'if-match': '"1"', ...content };
      const isAsked = search.size > 0 || text !== undefined;
      const right = Object.fromEntries(
        parameters.map(({ name, schema: of }) => [name, of?.format === 'uuid' ? someId : account]),
      );
      const at = (place: (name: string) => string): string =>
        path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(place(name)));
      const addresses = [
        ...(path.includes('{') ? [at(() => ofNoForm)] : []),
        ...(isAsked ? [at((name) => right[name] ?? '')] : []),
      ];
      return addresses.map((address) => ({
        ...request,
        path: `${address}?${search.toString()}`,
        headers,
        ...(text !== undefined && { text }),
      }));
    }),
  );
}

/** Any request to any operation that is documented; `handoff` is one that there is. */
export function anyRequest(document: ApiDocument, handoff: string): Arbitrary<HostileRequest> {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Documented>).map(([method, documented]) =>
      requestTo({ method, path, handoff }, documented, schemas),
    ),
  );
  return fc.oneof(...operations);
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly handoff: string;
}

function requestTo(
  { method, path, handoff }: Operation,
  { parameters = [], requestBody }: Documented,
  schemas: Schemas,
): Arbitrary<HostileRequest> {
  const query = parameters.filter((one) => one.in === 'query');
  const [type, { schema = {} } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const there = path.includes('handoffs') ? fc.constant(handoff) : named;
  const place = fc.oneof({ weight: 6, arbitrary: there }, { weight: 1, arbitrary: oddText });
  const fields = query.map(({ name, schema: of = {} }) => {
    const value = name === 'cursor' ? fc.constantFrom(...oddCursors) : shaped(of, schemas);
    return [name, value] as const;
  });
  return fc
    .record({
      places: fc.tuple(place, place),
      query: fc.record(Object.fromEntries(fields), { requiredKeys: [] }),
      body: shaped(schema, schemas),
      as: fc.constantFrom(berlin.lead, tokyo.lead, operator),
      seen: fc.constantFrom(...Array<string>(8).fill('"1"'), '"99"', 'W/"1"', '"', ''),
    })
    .map(({ places, query: asked, body, as, seen }) => {
      const left = [...places];
      const address = path.replace(/\{\w+\}/g, () => encodeURIComponent(textOf(left.shift())));
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(asked)) search.set(name, textOf(value));
      return {
        method: method.toUpperCase(),
        path: `${address}?${search.toString()}`,
        as,
        headers: { 'if-match': seen, ...(type !== undefined && { 'content-type': type }) },
        ...(type !== undefined && {
          text: type.includes('json') ? (JSON.stringify(body) ?? '') : textOf(body),
        }),
      };
    });
}
