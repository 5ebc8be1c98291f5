import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';

const bundles = new Map<string, Promise<WorkflowBundle>>();

/** Bundled once a process; `workflows` is a path from the repository's root. */
export function workflowBundle(workflows: string): Promise<WorkflowBundle> {
  const known = bundles.get(workflows);
  if (known) return known;
  const bundle = bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../../${workflows}`, import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  bundles.set(workflows, bundle);
  return bundle;
}
