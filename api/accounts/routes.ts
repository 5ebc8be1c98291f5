/** Every operation on what is to be done for an account. */
import { addAction, addActionRoute } from './add-action.ts';
import { assignAction, assignActionRoute } from './assign-action.ts';
import { doneAction, doneActionRoute } from './done-action.ts';
import { listActions, listActionsRoute } from './list-actions.ts';
import { reopenAction, reopenActionRoute } from './reopen-action.ts';

export const actionOperations = {
  list: { route: listActionsRoute, run: listActions },
  add: { route: addActionRoute, run: addAction },
  assign: { route: assignActionRoute, run: assignAction },
  done: { route: doneActionRoute, run: doneAction },
  reopen: { route: reopenActionRoute, run: reopenAction },
} as const;
