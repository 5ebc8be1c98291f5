/** `npm run verify-ledger`: reckons every balance of the budgets from the postings and says each difference. */
import { verifyLedger } from '../db/budget-verify.ts';
import { openDatabase } from '../db/client.ts';
import { readConfig } from './config.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

/** Every posting is read at once. */
const statementTimeoutMs = 10 * 60_000;

await runCommand(async () => {
  const { database } = readConfig(process.env, ['database']);
  const time = { statementTimeoutMs, transactionTimeoutMs: statementTimeoutMs };
  const db = openDatabase({ ...database, ...time, applicationName: 'meridian-ledger' });
  try {
    const { lines, transfers, differences } = await verifyLedger(db);
    if (differences.length > 0) {
      const said = differences.map(
        ({ id, what, stored, reckoned }) => `${id}: ${what} is ${stored}, reckoned ${reckoned}`,
      );
      throw new StartProblem(
        'not_ready',
        `${said.join('\n')}\nThe ledger does not fit: compare these rows with a backup.`,
      );
    }
    process.stdout.write(`${transfers} transfers on ${lines} lines: every balance fits.\n`);
  } finally {
    await db.destroy();
  }
});
