/** Every operation on what is asked of people outside their hours. */
import { readFairness, readFairnessRoute } from './read-fairness.ts';
import { readOwnFairness, readOwnFairnessRoute } from './read-own-fairness.ts';

export const fairnessOperations = {
  region: { route: readFairnessRoute, run: readFairness },
  own: { route: readOwnFairnessRoute, run: readOwnFairness },
} as const;
