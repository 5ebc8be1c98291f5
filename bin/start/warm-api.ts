/** Loads what the API needs, and waits for the servers. */
import { isMainThread } from 'node:worker_threads';
import { mayBegin } from './follow-parent.ts';
import { pseudoLocaleAsAsked } from './pseudo-locale.ts';

if (isMainThread) {
  await import('../../api/app.ts');
  await import('@temporalio/client');
  await pseudoLocaleAsAsked(process.env);
  await mayBegin;
}
