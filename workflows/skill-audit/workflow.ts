import type { Receipt } from '../../domain/loop.ts';
import { auditRules } from '../../domain/skill-audit/decide.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { skillAuditUpdates } from './messages.ts';

/** Up to two months: it goes on with a newer build when it continues as new. */
export const skillAudit = (input: LoopInput): Promise<Receipt> =>
  runLoop(auditRules, skillAuditUpdates, input, { lifetime: 'long' });
