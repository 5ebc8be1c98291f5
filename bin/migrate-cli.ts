/** `npm run migrate`: brings the database to this release; safe to repeat and to run beside others. */
import { migrate } from '../db/migrate.ts';
import { readConfig } from './config.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const { database } = readConfig(process.env, ['database']);
  const applied = await migrate(database.url);
  for (const name of applied) process.stdout.write(`applied ${name}\n`);
  process.stdout.write(applied.length === 0 ? 'nothing to apply\n' : 'done\n');
});
