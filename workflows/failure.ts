import { ApplicationFailure } from '@temporalio/common';
import type { Problem } from '../domain/problem.ts';

/** An expected refusal: the caller's answer, never a failure of the workflow. */
export const toFailure = (problem: Problem): ApplicationFailure =>
  ApplicationFailure.create({
    type: problem.code,
    message: problem.code,
    nonRetryable: true,
    details: [problem.params],
  });
