/** Every operation on scorecards. */
import { scorecardReader, scorecardRoute } from './read-scorecard.ts';

export const scorecardOperations = {
  account: { route: scorecardRoute('account'), run: scorecardReader('account') },
  region: { route: scorecardRoute('region'), run: scorecardReader('region') },
  team: { route: scorecardRoute('team'), run: scorecardReader('team') },
} as const;
