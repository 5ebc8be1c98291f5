/** Every operation on covers. */
import { listCovers, listCoversRoute, readCover, readCoverRoute } from './read-cover.ts';
import { requestCover, requestCoverRoute } from './request-cover.ts';
import { coverSteps } from './take-step.ts';

export const coverOperations = {
  request: { route: requestCoverRoute, run: requestCover },
  read: { route: readCoverRoute, run: readCover },
  list: { route: listCoversRoute, run: listCovers },
  ...coverSteps,
} as const;
