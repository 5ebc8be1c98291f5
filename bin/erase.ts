/**
 * `npm run erase -- ID`: the name of somebody who has left, their addresses and whatever else is known
 * of them. With `--texts` also what they wrote. What happened stays, under their id.
 */
import { openDatabase } from '../db/client.ts';
import { erasePerson } from '../db/erase-person.ts';
import type { PersonId } from '../domain/id.ts';
import { readConfig } from './config.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

const usage = new StartProblem(
  'configuration',
  'Say whom: npm run erase -- ID, or npm run erase -- ID --texts for what they wrote too.',
);

await runCommand(async () => {
  const [person = '', option, ...more] = process.argv.slice(2);
  const isUsed = /^[a-z0-9-]{1,63}$/.test(person) && more.length === 0;
  if (!isUsed || (option !== undefined && option !== '--texts')) throw usage;
  const { database } = readConfig(process.env, ['database']);
  const db = openDatabase({ ...database, applicationName: 'meridian-erase' });
  try {
    const isWithTexts = option === '--texts';
    const erased = await erasePerson(db, {
      person: person as PersonId,
      isWithTexts,
      at: Date.now(),
    });
    if (erased === 'unknown')
      throw new StartProblem('configuration', `Nobody is called ${person}.`);
    if (erased === 'present') {
      throw new StartProblem(
        'configuration',
        `${person} has not left: take them out of the directory's file and import it first.`,
      );
    }
    const { entries, messages, texts, textsKept } = erased;
    process.stdout.write(
      `${person}: name and address, ${entries} entries, ${messages} messages and ${texts} texts erased.\n`,
    );
    if (textsKept > 0) {
      process.stdout.write(
        `${textsKept} texts are still needed by what is open: run it again when that is over.\n`,
      );
    }
  } finally {
    await db.destroy();
  }
});
