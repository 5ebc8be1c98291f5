/** Every operation on holidays and their reviews. */
import {
  confirmHoliday,
  confirmHolidayRoute,
  correctHoliday,
  correctHolidayRoute,
} from './answer-review.ts';
import { listHolidays, listHolidaysRoute } from './list-holidays.ts';
import { readReview, readReviewRoute } from './read-review.ts';

export const holidayOperations = {
  list: { route: listHolidaysRoute, run: listHolidays },
  read: { route: readReviewRoute, run: readReview },
  confirm: { route: confirmHolidayRoute, run: confirmHoliday },
  correct: { route: correctHolidayRoute, run: correctHoliday },
} as const;
