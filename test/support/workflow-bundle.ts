import type { WorkflowBundle } from '@temporalio/worker';
import { buildWorkflows } from '../../bin/workflow-bundle.ts';

/** Kept on disk like the product's: every served test needs it; `workflows` is a path from the repository's root. */
export async function workflowBundle(workflows: string): Promise<WorkflowBundle> {
  const { bundle } = await buildWorkflows(new URL(`../../${workflows}`, import.meta.url));
  return bundle;
}
