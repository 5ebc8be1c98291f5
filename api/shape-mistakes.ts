/** What breaks the shape that an operation states: each mistake with its place and a code of ours. */
import type { z } from '@hono/zod-openapi';
import type { RenderValues } from '../locales/render.ts';
import { textFormOf } from './text-forms.ts';

type Issue = z.core.$ZodIssue;

export interface ShapeMistake {
  readonly path: string;
  /** Also the sentence's name in the catalogues: `shape.<code>`, unless another has it. */
  readonly code: string;
  readonly in?: 'directory';
  readonly values: RenderValues;
}

/** The parts of a request as people know them. */
const parts: Readonly<Record<string, string>> = { param: 'path', json: 'body' };
const mistakesMax = 50;
const nameLengthMax = 100;

/** `target` is the part of the request, `sent` what came in it. */
export function mistakesOf(
  target: string,
  issues: readonly Issue[],
  sent: unknown,
): readonly ShapeMistake[] {
  const part = parts[target] ?? target;
  const mistakes = issues.slice(0, mistakesMax).flatMap((issue): readonly ShapeMistake[] => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: join(part, issue.path), ...meaning(issue, at(sent, issue.path)) }];
    }
    return issue.keys.slice(0, mistakesMax).map((key) => ({
      path: join(part, [...issue.path, key]),
      code: 'unknown_field',
      values: {},
    }));
  });
  return mistakes.slice(0, mistakesMax);
}

type Meaning = Omit<ShapeMistake, 'path'>;

function meaning(issue: Issue, value: unknown): Meaning {
  if (value === undefined) return { code: 'missing', values: {} };
  switch (issue.code) {
    case 'invalid_type':
      return { code: typeCodes[issue.expected] ?? 'not_value', values: {} };
    case 'invalid_value':
      return { code: 'not_one_of', values: { options: issue.values.map(String).join(', ') } };
    case 'too_big':
      return { code: sizeCodes[issue.origin]?.above ?? 'too_large', values: bound(issue, 'max') };
    case 'too_small':
      if (issue.minimum === 1 && issue.origin !== 'number') return { code: 'empty', values: {} };
      return { code: sizeCodes[issue.origin]?.below ?? 'too_small', values: bound(issue, 'min') };
    case 'invalid_format':
      return textFormOf(issue.format, issue.pattern);
    case 'custom':
      return (issue.params?.['mistake'] as Meaning | undefined) ?? notStorable;
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return { code: 'not_value', values: {} };
  }
}

const notStorable: Meaning = { code: 'not_storable', values: {} };

const typeCodes: Readonly<Record<string, string>> = {
  string: 'not_text',
  number: 'not_number',
  int: 'not_number',
  array: 'not_list',
  object: 'not_object',
};

const sizeCodes: Readonly<Record<string, { readonly above: string; readonly below: string }>> = {
  string: { above: 'too_long', below: 'too_short' },
  array: { above: 'list_too_long', below: 'list_too_short' },
};

const bound = (
  issue: { readonly maximum?: number | bigint; readonly minimum?: number | bigint },
  name: 'max' | 'min',
): RenderValues => ({ [name]: Number(issue.maximum ?? issue.minimum) });

const at = (sent: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    sent,
  );

const join = (part: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (joined, step) =>
      typeof step === 'number'
        ? `${joined}[${step}]`
        : `${joined}.${String(step).slice(0, nameLengthMax)}`,
    part,
  );
