/** Every operation on handoffs with its route. `read` ones change nothing; the others are commands. */
import { acceptHandoff, acceptHandoffRoute } from './accept-handoff.ts';
import { answerHandoff, answerHandoffRoute } from './answer-handoff.ts';
import { askHandoff, askHandoffRoute } from './ask-handoff.ts';
import { confirmHandoff, confirmHandoffRoute } from './confirm-handoff.ts';
import { declineHandoff, declineHandoffRoute } from './decline-handoff.ts';
import { explainHandoff, explainHandoffRoute } from './explain-handoff.ts';
import { holdHandoff, holdHandoffRoute } from './hold-handoff.ts';
import { listHandoffs, listHandoffsRoute } from './list-handoffs.ts';
import { noteHandoff, noteHandoffRoute } from './note-handoff.ts';
import { previewHandoff, previewHandoffRoute } from './preview-handoff.ts';
import { readHandoff, readHandoffRoute } from './read-handoff.ts';
import { reassignHandoff, reassignHandoffRoute } from './reassign-handoff.ts';
import { resumeHandoff, resumeHandoffRoute } from './resume-handoff.ts';
import { reviseHandoff, reviseHandoffRoute } from './revise-handoff.ts';
import { sendBackHandoff, sendBackHandoffRoute } from './send-back-handoff.ts';
import { startHandoff, startHandoffRoute } from './start-handoff.ts';
import { withdrawHandoff, withdrawHandoffRoute } from './withdraw-handoff.ts';

/** GET, and the preview: they take who asks and what for. */
export const handoffReads = {
  list: { route: listHandoffsRoute, run: listHandoffs },
  read: { route: readHandoffRoute, run: readHandoff },
  explain: { route: explainHandoffRoute, run: explainHandoff },
  preview: { route: previewHandoffRoute, run: previewHandoff },
} as const;

/** POST with an Idempotency-Key, about a handoff that is over: no step of its loop. */
export const handoffAdditions = {
  note: { route: noteHandoffRoute, run: noteHandoff },
} as const;

/** POST with an Idempotency-Key: they take the id of the command too. */
export const handoffCommands = {
  start: { route: startHandoffRoute, run: startHandoff },
  accept: { route: acceptHandoffRoute, run: acceptHandoff },
  answer: { route: answerHandoffRoute, run: answerHandoff },
  ask: { route: askHandoffRoute, run: askHandoff },
  confirm: { route: confirmHandoffRoute, run: confirmHandoff },
  decline: { route: declineHandoffRoute, run: declineHandoff },
  hold: { route: holdHandoffRoute, run: holdHandoff },
  reassign: { route: reassignHandoffRoute, run: reassignHandoff },
  resume: { route: resumeHandoffRoute, run: resumeHandoff },
  revise: { route: reviseHandoffRoute, run: reviseHandoff },
  sendBack: { route: sendBackHandoffRoute, run: sendBackHandoff },
  withdraw: { route: withdrawHandoffRoute, run: withdrawHandoff },
} as const;
