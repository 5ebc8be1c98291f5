/** What would happen, and when, if nobody answered: no effect. */
import { courseOf, type CourseStep } from '../course.ts';
import type { PlanningWorld } from '../loop.ts';
import type { Problem } from '../problem.ts';
import { reviewRules } from './decide.ts';
import { reviewPlan } from './plan.ts';
import type { ReviewCommand, ReviewEvent, ReviewFacts, ReviewState } from './state.ts';

/** A reminder and a move for each time that is proposed, and the end, with room for what later versions add. */
const stepsMax = 100;

export const previewReview = (
  open: Extract<ReviewCommand, { type: 'open' }>,
  world: Omit<PlanningWorld<ReviewFacts>, 'facts'>,
  factsOf: (state: ReviewState) => ReviewFacts,
): readonly CourseStep<ReviewEvent>[] | Problem =>
  courseOf({ rules: reviewRules, plan: reviewPlan, begin: [open], world, factsOf, stepsMax });
