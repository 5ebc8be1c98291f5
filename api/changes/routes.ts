/** Every operation on changes of the organisation. */
import { cancelChange, cancelChangeRoute } from './cancel-change.ts';
import { listChanges, listChangesRoute } from './list-changes.ts';
import { previewChange, previewChangeRoute } from './preview-change.ts';
import { readAsOf, readAsOfRoute } from './read-as-of.ts';
import { readChange, readChangeRoute } from './read-change.ts';
import { scheduleChange, scheduleChangeRoute } from './schedule-change.ts';

export const changeOperations = {
  preview: { route: previewChangeRoute, run: previewChange },
  schedule: { route: scheduleChangeRoute, run: scheduleChange },
  list: { route: listChangesRoute, run: listChanges },
  read: { route: readChangeRoute, run: readChange },
  cancel: { route: cancelChangeRoute, run: cancelChange },
  asOf: { route: readAsOfRoute, run: readAsOf },
} as const;
