/** On one machine the old build's worker is gone with its code: what it left open goes on under the new. */
import { Client, Connection } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { createRestartLoop, type LoopStarterParts } from '../activities/loop-starter.ts';
import { openDatabase } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';
import { loopWorkflows } from '../workflows/addresses.ts';
import type { Config } from './config.ts';
import { deploymentName as productDeployment } from './deployment.ts';

/** Loops looked at in one call. */
const loopsMax = 10_000;

/** Restarts from the record every open loop that is pinned to another build than the current one. */
export async function takeOverLoops(
  parts: LoopStarterParts,
  deploymentName: string,
): Promise<readonly LoopId[]> {
  const { db, client, address } = parts;
  const { namespace } = client.options;
  const { workerDeploymentInfo: deployment } =
    await client.connection.workflowService.describeWorkerDeployment({ namespace, deploymentName });
  const current = deployment?.routingConfig?.currentDeploymentVersion?.buildId;
  if (!current) return [];
  const restart = createRestartLoop(parts);
  const taken: LoopId[] = [];
  const open = await db
    .selectFrom('loop_instance')
    .select(['id', 'loop'])
    .where('closed_at', 'is', null)
    .where('sequence', '>', 0)
    .limit(loopsMax)
    .execute();
  for (const { id, loop } of open) {
    const workflow = address.workflows[loop];
    const build = workflow && (await buildOf(client, workflow.workflowId(id as LoopId)));
    if (!build || build === current) continue;
    if ((await restart(id as LoopId)) === 'restarted') taken.push(id as LoopId);
  }
  return taken;
}

/** Null when nothing runs, or when it has not begun on any build yet. */
async function buildOf(client: Client, workflowId: string): Promise<string | null> {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** For the one machine of `npm start`; how many loops were taken over. */
export async function takeOver({
  database,
  temporal,
}: Pick<Config, 'database' | 'temporal'>): Promise<number> {
  const connection = await Connection.connect(temporal.connection);
  const client = new Client({ connection, namespace: temporal.namespace });
  const db = openDatabase({ ...database, connectionsMax: 2, applicationName: 'meridian-start' });
  const address = { taskQueue: temporal.taskQueue, workflows: loopWorkflows };
  try {
    return (await takeOverLoops({ db, client, address }, productDeployment)).length;
  } finally {
    await Promise.all([db.destroy(), connection.close()]);
  }
}
