/** `npm run notices -- show | retry ID | retry --all | drop ID`: messages that could not be delivered. */
import { openDatabase } from '../db/client.ts';
import {
  type DeadLetter,
  deadLetters,
  dropDeadLetter,
  retryDeadLetter,
} from '../db/dead-letters.ts';
import type { NoticeId } from '../domain/id.ts';
import { readConfig } from './config.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

const usage = new StartProblem(
  'configuration',
  'Say what to do: npm run notices -- show, npm run notices -- retry ID, npm run notices -- retry --all, or npm run notices -- drop ID.',
);
/** Messages of one call. */
const lettersMax = 1_000;

/** Who, what and why by ids and codes: no name, no address, no text. */
const lineOf = ({ id, recipient, key, channel, reason, attempts, failedAt }: DeadLetter): string =>
  `${id} ${key} to ${recipient} by ${channel}: ${reason ?? 'unknown'} after ${attempts} ${
    attempts === 1 ? 'try' : 'tries'
  }, ${failedAt === null ? 'at an unknown time' : new Date(failedAt).toISOString()}\n`;

await runCommand(async () => {
  const [verb, what] = process.argv.slice(2);
  const isKnown = verb === 'show' || ((verb === 'retry' || verb === 'drop') && what !== undefined);
  if (!isKnown || (verb === 'drop' && what === '--all')) throw usage;
  const isId = what === undefined || what === '--all' || /^[\da-f-]{36}$/.test(what);
  if (!isId) throw new StartProblem('configuration', `${what} is not the id of a message.`);
  const { database } = readConfig(process.env, ['database']);
  const db = openDatabase({ ...database, applicationName: 'meridian-notices' });
  try {
    const letters = await deadLetters(db, lettersMax);
    if (verb === 'show') {
      for (const letter of letters) process.stdout.write(lineOf(letter));
      process.stdout.write(`${letters.length} could not be delivered\n`);
      return;
    }
    const ids = what === '--all' ? letters.map(({ id }) => id) : [what as NoticeId];
    const decide = verb === 'retry' ? retryDeadLetter : dropDeadLetter;
    const done = verb === 'retry' ? 'is sent again within five minutes' : 'will not be sent';
    for (const id of ids) {
      const isDone = await decide(db, { id, at: Date.now() });
      process.stdout.write(`${id}: ${isDone ? done : 'is no message that failed'}\n`);
    }
  } finally {
    await db.destroy();
  }
});
