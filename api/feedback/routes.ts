/** Every operation on rounds of feedback. */
import { readReport, readReportRoute } from './read-report.ts';
import { readRound, readRoundRoute } from './read-round.ts';
import { startRound, startRoundRoute } from './start-round.ts';
import { feedbackSteps } from './take-step.ts';

export const feedbackOperations = {
  start: { route: startRoundRoute, run: startRound },
  read: { route: readRoundRoute, run: readRound },
  report: { route: readReportRoute, run: readReport },
  ...feedbackSteps,
} as const;
