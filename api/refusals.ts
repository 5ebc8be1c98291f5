/** From whatever was thrown to what may be told. */
import { isOutage } from '../db/outage.ts';
import type { RedFlag } from '../domain/text/red-flags.ts';
import { type Problem, problem, type ProblemCode, Refusal } from '../domain/problem.ts';
import { type Recipient, phrase } from '../locales/render.ts';
import { DirectoryRefusal } from './directory/replace-directory.ts';
import type { ProblemPlace } from './problem.ts';
import type { ShapeMistake } from './shape-mistakes.ts';

/** A well-formed request that breaks the shape its operation states. */
export class ShapeRefusal extends Refusal {
  readonly mistakes: readonly ShapeMistake[];
  constructor(mistakes: readonly ShapeMistake[]) {
    super(problem('request.invalid', { mistakes: mistakes.length }));
    this.mistakes = mistakes;
  }
}

/** A text that the rules warn of, with what nobody has acknowledged yet. */
export class FlagRefusal extends Refusal {
  readonly flags: readonly RedFlag[];
  constructor(flags: readonly RedFlag[], code: ProblemCode = 'handoff.red_flags') {
    super(problem(code));
    this.flags = flags;
  }
}

export interface Told {
  readonly problem: Problem;
  readonly errors?: readonly ProblemPlace[];
}

const findingsMax = 1_000;

/** Null for what nobody expected, of which nothing is told. */
export function toldOf(error: unknown, recipient: Recipient): Told | null {
  if (error instanceof ShapeRefusal) {
    const errors = error.mistakes.map(({ path, code, values, in: catalogue = 'shape' }) => ({
      path,
      code,
      detail: phrase(`${catalogue}.${code}`, values, recipient),
    }));
    return { problem: error.problem, errors };
  }
  if (error instanceof FlagRefusal) {
    const errors = error.flags.map(({ code, place }) => ({
      path: place,
      code,
      detail: phrase(`handoff.red_flag.${code}`, {}, recipient),
    }));
    return { problem: error.problem, errors };
  }
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
