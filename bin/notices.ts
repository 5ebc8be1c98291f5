/**
 * `npm run notices -- show | retry ID | retry --all | drop ID`: messages that could not be delivered.
 * `npm run notices -- held [ID]`: replies by mail that did not become a comment; the words of one.
 */
import { type Database, openDatabase } from '../db/client.ts';
import {
  type DeadLetter,
  deadLetters,
  dropDeadLetter,
  retryDeadLetter,
} from '../db/dead-letters.ts';
import { heldReplies } from '../db/held-replies.ts';
import type { NoticeId } from '../domain/id.ts';
import { readConfig } from './config.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

const usage = new StartProblem(
  'configuration',
  'Say what to do: npm run notices -- show, npm run notices -- retry ID, npm run notices -- retry --all, npm run notices -- drop ID, or npm run notices -- held.',
);
/** Messages of one call. */
const lettersMax = 1_000;

/** Who, what and why by ids and codes: no name, no address, no text. */
const lineOf = ({ id, recipient, key, channel, reason, attempts, failedAt }: DeadLetter): string =>
  `${id} ${key} to ${recipient} by ${channel}: ${reason ?? 'unknown'} after ${attempts} ${
    attempts === 1 ? 'try' : 'tries'
  }, ${failedAt === null ? 'at an unknown time' : new Date(failedAt).toISOString()}\n`;

/** What somebody wrote is shown of one alone, and only when it is asked for. */
async function showHeld(db: Database, id: string | undefined): Promise<void> {
  const held = await heldReplies(db, lettersMax);
  const shown = id === undefined ? held : held.filter((one) => one.id === id);
  for (const { id: reply, loop, person, reason, at, sender, words } of shown) {
    const line = `${reply} on ${loop}, to what ${person} was sent: ${reason}, ${new Date(at).toISOString()}`;
    const all = id === undefined ? '' : `\nfrom ${sender ?? 'nobody'}\n\n${words ?? ''}`;
    process.stdout.write(`${line}${all}\n`);
  }
  process.stdout.write(`${shown.length} held\n`);
}

await runCommand(async () => {
  const [verb, what] = process.argv.slice(2);
  const isKnown =
    verb === 'show' ||
    verb === 'held' ||
    ((verb === 'retry' || verb === 'drop') && what !== undefined);
  if (!isKnown || (verb !== 'retry' && what === '--all')) throw usage;
  const isId = what === undefined || what === '--all' || /^[\da-f-]{36}$/.test(what);
  if (!isId) throw new StartProblem('configuration', `${what} is not the id of a message.`);
  const { database } = readConfig(process.env, ['database']);
  const db = openDatabase({ ...database, applicationName: 'meridian-notices' });
  try {
    if (verb === 'held') return await showHeld(db, what);
    const found = await deadLetters(db, lettersMax + 1);
    const letters = found.slice(0, lettersMax);
    const more = found.length > letters.length ? 'There are more: say it again.\n' : '';
    if (verb === 'show') {
      for (const letter of letters) process.stdout.write(lineOf(letter));
      const count = `${letters.length}${more === '' ? '' : ' and more'}`;
      process.stdout.write(`${count} could not be delivered\n`);
      return;
    }
    const ids = what === '--all' ? letters.map(({ id }) => id) : [what as NoticeId];
    const decide = verb === 'retry' ? retryDeadLetter : dropDeadLetter;
    const done = verb === 'retry' ? 'is sent again within five minutes' : 'will not be sent';
    for (const id of ids) {
      const isDone = await decide(db, { id, at: Date.now() });
      process.stdout.write(`${id}: ${isDone ? done : 'is no message that failed'}\n`);
    }
    if (what === '--all') process.stdout.write(more);
  } finally {
    await db.destroy();
  }
});
