/** `npm run token -- PERSON`: an access token of a person of the demo organisation, for curl. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { personGrant } from './embedded/identity-provider.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';
import { keepSecrets } from './start/data-directory.ts';
import { demoClientId } from './start/environment.ts';
import { readSettings } from './start/settings.ts';

const answerSchema = z.object({ access_token: z.string() });

async function askForToken(person: string): Promise<string> {
  const { directory, ports } = readSettings(process.env);
  const notRunning = new StartProblem(
    'not_ready',
    'The demo identity provider does not answer: run npm start first, and keep it running.',
  );
  if (!existsSync(path.join(directory, 'secrets.json'))) throw notRunning;
  const { client } = keepSecrets(directory);
  const answer = await fetch(`http://localhost:${ports.identity}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${demoClientId}:${client}`)}` },
    body: new URLSearchParams({ grant_type: personGrant, person }),
  }).catch(() => {
    throw notRunning;
  });
  if (!answer.ok) {
    throw new StartProblem(
      'configuration',
      `Nobody in the directory has the id ${JSON.stringify(person)}: the ids are those of the organisation's file.`,
    );
  }
  return answerSchema.parse(await answer.json()).access_token;
}

await runCommand(async () => {
  const person = process.argv[2];
  if (person === undefined) {
    throw new StartProblem('configuration', 'Whose token? npm run token -- PERSON');
  }
  process.stdout.write(`${await askForToken(person)}\n`);
});
