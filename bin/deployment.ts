/** Worker versions: a loop stays on the build it began with; new ones begin on the current build. */
import type { Client } from '@temporalio/client';
import { setTimeout as pause } from 'node:timers/promises';

/** Of every worker of the product. */
export const deploymentName = 'meridian';

export interface Build {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** The server learns of a build from its worker's first poll, a moment after it starts. */
const registeredWithinMs = 15_000;
const pollMs = 50;

/** Returns whether the current build changed. */
export async function makeCurrentBuild(client: Client, build: Build): Promise<boolean> {
  const deadline = performance.now() + registeredWithinMs;
  const { namespace } = client.options;
  for (;;) {
    try {
      const answer = await client.connection.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName: build.deploymentName,
        buildId: build.buildId,
        identity: 'meridian',
      });
      return answer.previousDeploymentVersion?.buildId !== build.buildId;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(pollMs);
    }
  }
}
