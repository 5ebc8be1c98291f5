/** Every operation on rounds of feedback. */
import { listRounds, listRoundsRoute } from './list-rounds.ts';
import { readReport, readReportRoute } from './read-report.ts';
import { readRound, readRoundRoute } from './read-round.ts';
import { startRound, startRoundRoute } from './start-round.ts';
import { feedbackSteps } from './take-step.ts';

export const feedbackOperations = {
  start: { route: startRoundRoute, run: startRound },
  list: { route: listRoundsRoute, run: listRounds },
  read: { route: readRoundRoute, run: readRound },
  report: { route: readReportRoute, run: readReport },
  ...feedbackSteps,
} as const;
