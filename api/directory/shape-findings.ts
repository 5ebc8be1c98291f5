/** What a shape refuses, in the words of the directory. */
import type { z } from 'zod';
import { type Noun, nouns } from '../../domain/directory/directory.ts';
import type { Finding } from '../../domain/directory/finding.ts';
import { fieldsOf } from './shape.ts';
import { vocabulary } from './vocabulary.ts';

type Issue = z.core.$ZodIssue;
const shownLettersMax = 100;

export function findingsOf(
  noun: Noun | 'file',
  base: string,
  issues: readonly Issue[],
): readonly Finding[] {
  return issues.flatMap((issue) => {
    const path = join(base, issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ path, ...meaning(issue) }];
    const fields =
      issue.path.length > 0 ? ['name', 'zone'] : noun === 'file' ? nouns : fieldsOf(noun);
    return issue.keys.map((key) => {
      const suggestion = vocabulary.closest(key.slice(0, shownLettersMax), fields);
      return {
        path: join(path, [key]),
        code: 'unknown_field' as const,
        params: suggested({}, suggestion),
      };
    });
  });
}

function meaning(issue: Issue): Omit<Finding, 'path'> {
  if (issue.input === undefined && isAbsence(issue.code)) return { code: 'missing', params: {} };
  if (issue.code === 'invalid_type') {
    return { code: typeCodes[issue.expected] ?? 'not_value', params: {} };
  }
  if (issue.code === 'too_big') {
    const params = { max: Number(issue.maximum), length: sizeOf(issue.input) };
    return { code: issue.origin === 'array' ? 'list_too_long' : 'too_long', params };
  }
  if (issue.code === 'invalid_value') return notOneOf(shown(issue.input), issue.values.map(String));
  if (issue.code === 'too_small') return { code: 'empty', params: {} };
  if (issue.code === 'invalid_format') return { code: 'control_character', params: {} };
  return { code: 'not_value', params: {} };
}

function notOneOf(value: string, options: readonly string[]): Omit<Finding, 'path'> {
  const params = { value, options: options.join(', ') };
  return { code: 'not_one_of', params: suggested(params, vocabulary.closest(value, options)) };
}

const suggested = (params: Finding['params'], suggestion: string | null): Finding['params'] =>
  suggestion === null ? params : { ...params, suggestion };

const isAbsence = (code: Issue['code']) =>
  ['invalid_type', 'invalid_value', 'invalid_union', 'custom'].includes(code);

const typeCodes: Readonly<Record<string, Finding['code']>> = {
  string: 'not_text',
  array: 'not_list',
  object: 'not_object',
};

const shown = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, shownLettersMax) : typeof value;

const sizeOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : 0;

function join(base: string, path: readonly PropertyKey[]): string {
  let joined = base;
  for (const part of path) {
    if (typeof part === 'number') joined += `[${part}]`;
    else {
      const name = String(part).slice(0, shownLettersMax);
      joined += joined === '' ? name : `.${name}`;
    }
  }
  return joined;
}
