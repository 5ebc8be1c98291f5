/** The workflows as one file; its hash is the build id, so that equal code is one build. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { keptBundle } from './kept-bundle.ts';

export interface WorkflowBuild {
  readonly bundle: WorkflowBundleWithSourceMap;
  readonly buildId: string;
}

const buildIdLength = 12;

const builds = new Map<string, Promise<WorkflowBuild>>();

/** Built once a process, and once a change on this machine, since it takes seconds. */
export function buildWorkflows(
  entry: URL = new URL('../workflows/index.ts', import.meta.url),
): Promise<WorkflowBuild> {
  const known = builds.get(entry.href) ?? build(entry);
  builds.set(entry.href, known);
  return known;
}

async function build(entry: URL): Promise<WorkflowBuild> {
  const kept = await keptBundle(entry);
  const bundle = await kept.read();
  if (bundle) return identify(bundle);
  const made = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(entry),
    logger: new DefaultLogger('ERROR'),
  });
  await kept.write(made);
  return identify(made);
}

function identify(bundle: WorkflowBundleWithSourceMap): WorkflowBuild {
  // The source map at the end holds paths of this machine; the code before it does not.
  const code = bundle.code.split('\n//# sourceMappingURL')[0] ?? bundle.code;
  const buildId = createHash('sha256').update(code).digest('hex').slice(0, buildIdLength);
  return { bundle, buildId };
}
