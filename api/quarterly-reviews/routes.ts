/** Every operation on quarterly reviews. */
import { listReviews, listReviewsRoute } from './list-reviews.ts';
import { openReview, openReviewRoute } from './open-review.ts';
import { previewReview, previewReviewRoute } from './preview-review.ts';
import { explainReview, explainReviewRoute, readReview, readReviewRoute } from './read-review.ts';
import { reviewSteps } from './take-step.ts';

export const reviewOperations = {
  list: { route: listReviewsRoute, run: listReviews },
  open: { route: openReviewRoute, run: openReview },
  preview: { route: previewReviewRoute, run: previewReview },
  read: { route: readReviewRoute, run: readReview },
  explain: { route: explainReviewRoute, run: explainReview },
  ...reviewSteps,
} as const;
