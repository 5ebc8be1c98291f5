/** Bundles the workflows and loads the activities, and waits for the servers. */
import { isMainThread } from 'node:worker_threads';
import { mayBegin } from './follow-parent.ts';
import { pseudoLocaleAsAsked } from './pseudo-locale.ts';

if (isMainThread) {
  const [{ buildWorkflows }] = await Promise.all([
    import('../workflow-bundle.ts'),
    import('../../activities/create.ts'),
    import('../../activities/create-maintenance.ts'),
    import('../../activities/loops.ts'),
    import('../../channels/email/email.ts'),
    import('@temporalio/client'),
  ]);
  await buildWorkflows();
  await pseudoLocaleAsAsked(process.env);
  await mayBegin;
}
