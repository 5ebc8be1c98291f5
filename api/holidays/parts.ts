import type { HolidayReviewCommand } from '../../domain/holiday-review/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Envelope, Sentence } from '../../domain/loop.ts';
import { holidayReviewWorkflowId } from '../../workflows/holiday-review/id.ts';
import { holidayReviewUpdates } from '../../workflows/holiday-review/messages.ts';
import type { DirectoryParts } from '../directory/parts.ts';
import type { LoopGateway } from '../loop-gateway.ts';

/** What each operation here works with. */
export interface HolidayParts extends DirectoryParts {
  readonly loops: Pick<LoopGateway, 'send'>;
  /** Each sentence in the reader's language. */
  tell(reader: PersonId, sentences: readonly Sentence[]): Promise<readonly string[]>;
}

type Answer = Extract<HolidayReviewCommand, { readonly type: 'confirm' | 'correct' }>;

export const sendAnswer = ({ loops }: HolidayParts, id: LoopId, envelope: Envelope<Answer>) =>
  loops.send({
    loopId: id,
    workflowId: holidayReviewWorkflowId(id),
    update: holidayReviewUpdates[envelope.command.type].name,
    envelope,
  });
