/** The same steps as a DBOS workflow on the same Postgres: each step is a transaction it checkpoints. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { plainSteps } from './budget-plain.ts';

export interface DbosPeer {
  flow(): Promise<void>;
  stop(): Promise<void>;
}

export async function startDbosPeer(url: string): Promise<DbosPeer> {
  const sql = postgres(url, { max: 10 });
  DBOS.setConfig({
    name: 'budget-peer',
    systemDatabaseUrl: `${url}_dbos`,
    logLevel: 'error',
  });
  const request = DBOS.registerWorkflow(
    async (id: string) => {
      for (const [index, step] of plainSteps.entries()) {
        await DBOS.runStep(
          async () => {
            await sql.begin((tx) => step(tx, id));
          },
          { name: `step-${index}` },
        );
      }
    },
    { name: 'budgetRequest' },
  );
  await DBOS.launch();
  return {
    async flow() {
      await request(randomUUID());
    },
    async stop() {
      await DBOS.shutdown();
      await sql.end();
    },
  };
}
