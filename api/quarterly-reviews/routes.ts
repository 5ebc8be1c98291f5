/** Every operation on quarterly reviews. */
import { listReviews, listReviewsRoute } from './list-reviews.ts';
import { openReview, openReviewRoute } from './open-review.ts';
import { readReview, readReviewRoute } from './read-review.ts';
import { reviewSteps } from './take-step.ts';

export const reviewOperations = {
  list: { route: listReviewsRoute, run: listReviews },
  open: { route: openReviewRoute, run: openReview },
  read: { route: readReviewRoute, run: readReview },
  ...reviewSteps,
} as const;
