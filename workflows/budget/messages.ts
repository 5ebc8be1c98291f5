/** One update a command: what a person may say to a budget request while it runs. */
import { defineUpdate } from '@temporalio/workflow';
import type { BudgetCommand } from '../../domain/budget/state.ts';
import type { Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';

type Of<Type extends BudgetCommand['type']> = [
  Envelope<Extract<BudgetCommand, { readonly type: Type }>>,
];

/** By the type of the command that the update carries. */
export const budgetUpdates = {
  approve: defineUpdate<Receipt, Of<'approve'>>('approveBudgetRequest'),
  except: defineUpdate<Receipt, Of<'except'>>('exceptBudgetRequest'),
  reject: defineUpdate<Receipt, Of<'reject'>>('rejectBudgetRequest'),
  ask: defineUpdate<Receipt, Of<'ask'>>('askBudgetRequest'),
  answer: defineUpdate<Receipt, Of<'answer'>>('answerBudgetRequest'),
  withdraw: defineUpdate<Receipt, Of<'withdraw'>>('withdrawBudgetRequest'),
  prove: defineUpdate<Receipt, Of<'prove'>>('proveBudgetRequest'),
  raise: defineUpdate<Receipt, Of<'raise'>>('raiseBudgetRequest'),
  closeOut: defineUpdate<Receipt, Of<'closeOut'>>('closeOutBudgetRequest'),
  hold: defineUpdate<Receipt, [Envelope<HoldCommand>]>('holdBudgetRequest'),
  resume: defineUpdate<Receipt, [Envelope<HoldCommand>]>('resumeBudgetRequest'),
} as const;
