/** From whatever was thrown to what may be told. */
import type { z } from '@hono/zod-openapi';
import { isOutage } from '../db/outage.ts';
import { type Problem, problem, Refusal } from '../domain/problem.ts';
import { type Recipient, phrase } from '../locales/render.ts';
import { DirectoryRefusal } from './directory/replace-directory.ts';
import type { ProblemPlace } from './problem.ts';

type Issues = z.core.$ZodIssue[];

/** The parts of a request as people know them. */
const parts = { param: 'path', query: 'query', json: 'body', header: 'header' } as const;
type Part = keyof typeof parts;

/** A well-formed request that breaks the shape its operation states. */
export class ShapeRefusal extends Refusal {
  readonly places: readonly ProblemPlace[];
  constructor(part: string, issues: Issues) {
    super(problem('request.invalid', { mistakes: issues.length }));
    this.places = issues.slice(0, placesMax).map((issue) => placeOf(part, issue));
  }
}

const placesMax = 50;
const detailLengthMax = 200;

function placeOf(part: string, issue: Issues[number]): ProblemPlace {
  const place = parts[part as Part] ?? part;
  return {
    path: issue.path.reduce<string>(
      (path, step) => (typeof step === 'number' ? `${path}[${step}]` : `${path}.${String(step)}`),
      place,
    ),
    code: issue.code,
    detail: issue.message.slice(0, detailLengthMax),
  };
}

export interface Told {
  readonly problem: Problem;
  readonly errors?: readonly ProblemPlace[];
}

const findingsMax = 1_000;

/** Null for what nobody expected, of which nothing is told. */
export function toldOf(error: unknown, recipient: Recipient): Told | null {
  if (error instanceof ShapeRefusal) return { problem: error.problem, errors: error.places };
  if (error instanceof DirectoryRefusal) {
    const errors = error.findings.slice(0, findingsMax).map(({ path, code, params }) => ({
      path,
      code,
      detail: phrase(
        `directory.${'suggestion' in params ? `${code}_suggested` : code}`,
        params,
        recipient,
      ),
    }));
    return { problem: error.problem, errors };
  }
  if (error instanceof Refusal) return { problem: error.problem };
  return isOutage(error) ? { problem: problem('request.unavailable') } : null;
}
