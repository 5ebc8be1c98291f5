/** One update a command: what a person may say to a skill audit while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';
import type { AuditCommand } from '../../domain/skill-audit/state.ts';

type Of<Type extends AuditCommand['type']> = [
  Envelope<Extract<AuditCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const skillAuditUpdates = {
  rate: defineUpdate<Receipt, Of<'rate'>>('rateInSkillAudit'),
  skip: defineUpdate<Receipt, Of<'skip'>>('skipInSkillAudit'),
  cancel: defineUpdate<Receipt, Of<'cancel'>>('cancelSkillAudit'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdSkillAudit'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeSkillAudit'),
} as const;
