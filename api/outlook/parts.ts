import type { PersonId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { outlookWorkflow, outlookWorkflowId } from '../../workflows/outlook/id.ts';
import { outlookUpdates } from '../../workflows/outlook/messages.ts';
import type { LoopAddress, LoopStepParts } from '../loop-steps.ts';

/** What each operation here works with. */
export interface OutlookParts extends LoopStepParts {
  /** Each sentence in the reader's language. */
  tell(reader: PersonId, sentences: readonly Sentence[]): Promise<readonly string[]>;
}

export const outlookAddress: LoopAddress = {
  workflow: outlookWorkflow,
  workflowId: outlookWorkflowId,
  updates: outlookUpdates,
};
