/** `npm run loops -- stuck | restart ID | restart --open`: what an operator does for a loop. */
import { Client, Connection } from '@temporalio/client';
import { createRestartLoop } from '../activities/loop-starter.ts';
import { describeRun } from '../activities/reconcile.ts';
import { openDatabase, type Database } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';
import { loopWorkflows } from '../workflows/addresses.ts';
import { readConfig } from './config.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

const usage = new StartProblem(
  'configuration',
  'Say what to do: npm run loops -- stuck, npm run loops -- restart ID, or npm run loops -- restart --open.',
);
/** Loops looked at in one call. */
const loopsMax = 10_000;

const openLoops = (db: Database) =>
  db
    .selectFrom('loop_instance')
    .leftJoin('operator_task', (join) =>
      join
        .onRef('operator_task.loop_id', '=', 'loop_instance.id')
        .on('operator_task.closed_at', 'is', null),
    )
    .select(['loop_instance.id', 'loop_instance.loop', 'operator_task.problem'])
    .where('loop_instance.closed_at', 'is', null)
    .where('loop_instance.sequence', '>', 0)
    .orderBy('loop_instance.id')
    .limit(loopsMax)
    .execute();

async function listStuck(db: Database, client: Client): Promise<void> {
  for (const { id, loop, problem } of await openLoops(db)) {
    const workflow = loopWorkflows[loop];
    const run = workflow ? await describeRun(client, workflow.workflowId(id as LoopId)) : 'gone';
    if (run === 'running' && problem === null) continue;
    process.stdout.write(
      `${id} ${loop}: ${run}${problem === null ? '' : `, waits for an operator (${problem})`}\n`,
    );
  }
}

await runCommand(async () => {
  const [verb, what] = process.argv.slice(2);
  if (verb !== 'stuck' && !(verb === 'restart' && what !== undefined)) throw usage;
  const { database, temporal } = readConfig(process.env, ['database', 'temporal']);
  const db = openDatabase({ ...database, applicationName: 'meridian-loops' });
  const connection = await Connection.connect(temporal.connection);
  const client = new Client({ connection, namespace: temporal.namespace });
  try {
    if (verb === 'stuck') return await listStuck(db, client);
    const address = { taskQueue: temporal.taskQueue, workflows: loopWorkflows };
    const restart = createRestartLoop({ db, client, address });
    const ids = what === '--open' ? (await openLoops(db)).map(({ id }) => id) : [what];
    for (const id of new Set(ids)) {
      process.stdout.write(`${id}: ${await restart(id as LoopId)}\n`);
    }
  } finally {
    await Promise.all([db.destroy(), connection.close()]);
  }
});
