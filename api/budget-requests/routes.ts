/** Every operation on budget requests. */
import { attachFile, attachFileRoute } from './attach-file.ts';
import { explainBudget, explainBudgetRoute } from './explain-request.ts';
import { listBudgets, listBudgetsRoute } from './list-requests.ts';
import { previewBudget, previewBudgetRoute } from './preview-request.ts';
import { readBudget, readBudgetRoute } from './read-request.ts';
import { submitBudget, submitBudgetRoute } from './submit-request.ts';
import { budgetSteps } from './take-step.ts';

export const budgetRequestOperations = {
  submit: { route: submitBudgetRoute, run: submitBudget },
  preview: { route: previewBudgetRoute, run: previewBudget },
  list: { route: listBudgetsRoute, run: listBudgets },
  read: { route: readBudgetRoute, run: readBudget },
  attach: { route: attachFileRoute, run: attachFile },
  explain: { route: explainBudgetRoute, run: explainBudget },
  ...budgetSteps,
} as const;
