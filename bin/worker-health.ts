/** For a container's health check: whether Temporal has heard from a worker of this host lately. */
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { readConfig } from './config.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

/** A waiting poll lasts up to a minute. */
const silenceMsMax = 150_000;
const { TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;

await runCommand(async () => {
  const { temporal } = readConfig(process.env, ['temporal']);
  const connection = await Connection.connect(temporal.connection);
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: temporal.namespace,
      taskQueue: { name: temporal.taskQueue },
      taskQueueType: TASK_QUEUE_TYPE_WORKFLOW,
    });
    const mine = pollers?.filter(({ identity }) => identity?.endsWith(`@${hostname()}`)) ?? [];
    const lastHeardAt = Math.max(
      0,
      ...mine.map(({ lastAccessTime }) => tsToMs(lastAccessTime ?? {})),
    );
    if (Date.now() - lastHeardAt <= silenceMsMax) return;
    throw new StartProblem(
      'not_ready',
      `No worker of ${hostname()} asks ${temporal.taskQueue} for work.`,
    );
  } finally {
    await connection.close();
  }
});
