/** The demo organisation, put in place once, and its people at the demo sign-in. */
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { importDirectory } from '../../api/directory/import-directory.ts';
import type { Database } from '../../db/client.ts';
import type { DemoPerson } from '../embedded/identity-pages.ts';
import { StartProblem } from '../embedded/start-problem.ts';
import { sentence } from '../import-sentences.ts';

const demoFile = new URL('../demo/organisation.json', import.meta.url);

/** Only into an empty directory: what somebody imported since stays theirs. */
export async function provideOrganisation(db: Database): Promise<void> {
  const region = await db.selectFrom('region').select('id').limit(1).executeTakeFirst();
  if (region) return;
  const json = await readFile(demoFile, 'utf8');
  const result = await importDirectory({ db, clock: { now: Date.now } }, { json });
  if (result.ok) return;
  const mistakes = result.errors.map(sentence).join('\n');
  throw new StartProblem('not_ready', `The demo organisation cannot be imported:\n${mistakes}`);
}

/** At the demo sign-in everybody of the directory is known by their own id. */
export async function signInPeople(db: Database, issuer: string): Promise<readonly DemoPerson[]> {
  await sql`INSERT INTO identity (issuer, subject, person_id)
    SELECT ${issuer}, id, id FROM person ON CONFLICT DO NOTHING`.execute(db);
  return db
    .selectFrom('person')
    .select(['id', 'name'])
    .where('left_at', 'is', null)
    .orderBy('region_id')
    .orderBy('name')
    .execute();
}
