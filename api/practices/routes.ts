/** Every operation on practices. */
import { draftPractice, draftPracticeRoute } from './draft-practice.ts';
import { explainPractice, explainPracticeRoute } from './explain-practice.ts';
import { readGlossary, readGlossaryRoute, writeGlossary, writeGlossaryRoute } from './glossary.ts';
import { previewPractice, previewPracticeRoute } from './preview-practice.ts';
import {
  listPracticeQueue,
  listPracticesRoute,
  readPractice,
  readPracticeReach,
  readPracticeRoute,
  readReachRoute,
} from './read-practice.ts';
import { practiceSteps } from './take-step.ts';
import {
  listUnreached,
  listUnreachedRoute,
  settleUnreachedRoute,
  tellUnreached,
} from './unreached.ts';

export const practiceOperations = {
  draft: { route: draftPracticeRoute, run: draftPractice },
  // Before the practice that it would else be taken for.
  queue: { route: listPracticesRoute, run: listPracticeQueue },
  read: { route: readPracticeRoute, run: readPractice },
  explain: { route: explainPracticeRoute, run: explainPractice },
  preview: { route: previewPracticeRoute, run: previewPractice },
  reach: { route: readReachRoute, run: readPracticeReach },
  unreached: { route: listUnreachedRoute, run: listUnreached },
  tellUnreached: { route: settleUnreachedRoute, run: tellUnreached },
  readGlossary: { route: readGlossaryRoute, run: readGlossary },
  writeGlossary: { route: writeGlossaryRoute, run: writeGlossary },
  ...practiceSteps,
} as const;
