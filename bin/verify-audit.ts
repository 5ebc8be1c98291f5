/** `npm run verify-audit`: reads every loop's chain of hashes and names the first row that does not fit. */
import { openDatabase } from '../db/client.ts';
import { verifyAudit } from '../db/audit.ts';
import { readConfig } from './config.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const { database } = readConfig(process.env, ['database']);
  const db = openDatabase({ ...database, applicationName: 'meridian-audit' });
  try {
    const { loops, transitions, firstBreak } = await verifyAudit(db);
    if (firstBreak) {
      const { loopId, sequence, what } = firstBreak;
      throw new StartProblem(
        'not_ready',
        `The chain breaks at loop ${loopId}, sequence ${sequence} (${what}): compare that row with a backup.`,
      );
    }
    process.stdout.write(`${transitions} transitions of ${loops} loops: every one fits.\n`);
  } finally {
    await db.destroy();
  }
});
