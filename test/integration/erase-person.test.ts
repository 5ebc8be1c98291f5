import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../db/audit.ts';
import { erasePerson } from '../../db/erase-person.ts';
import type { PersonId } from '../../domain/id.ts';
import { account, berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
beforeEach(async () => {
  recorder = await handoffRecorder();
});
afterEach(() => recorder.drop());

const leaves = (who: PersonId) =>
  recorder.db
    .updateTable('person')
    .set({ left_at: recorder.clock.now() })
    .where('id', '=', who)
    .execute();

const erase = (person: PersonId, isWithTexts = false) =>
  erasePerson(recorder.db, { person, isWithTexts, at: recorder.clock.now() });

/** Berlin's lead gives an account to Tokyo's, with a packet and a read-back. */
async function handedOver(): Promise<void> {
  const handoff = await recorder.offered();
  const content = await recorder.write('handoff.synthesis', tokyo.lead);
  await handoff.does({ type: 'readBack', actor: tokyo.lead, content });
  await handoff.does({ type: 'confirm', actor: berlin.lead });
}

/** Every row of every table that holds one of these words, by the name of the table. */
async function tablesWith(words: readonly string[]): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`.execute(recorder.db);
  const found: string[] = [];
  for (const { name } of tables) {
    for (const word of words) {
      const { rows } = await sql`SELECT FROM ${sql.table(name)} t
        WHERE t::text ILIKE ${`%${word}%`} LIMIT 1`.execute(recorder.db);
      if (rows.length > 0) found.push(`${name}: ${word}`);
    }
  }
  return found;
}

test('whoever is still there, or unknown, is not erased', async () => {
  expect(await erase(berlin.lead)).toBe('present');
  expect(await erase('nobody' as PersonId)).toBe('unknown');
});

test('of somebody who was erased no name and no address is left anywhere, and the chain is whole', async () => {
  await handedOver();
  const { db } = recorder;
  const name = `Name of ${berlin.lead}`;
  await db
    .insertInto('contact')
    .values({ person_id: berlin.lead, channel: 'slack', address: 'https://hooks.slack.com/secret' })
    .execute();
  await db
    .insertInto('identity')
    .values({
      issuer: 'https://issuer.test',
      subject: 'jonas@example.test',
      person_id: berlin.lead,
    })
    .execute();
  // A message to somebody else that names them, as it went out.
  await sql`UPDATE notice SET status = 'sent', settled_at = send_at,
    rendered = convert_to(${`From ${name}`}, 'UTF8')`.execute(db);
  const before = await verifyAudit(db);
  await leaves(berlin.lead);
  expect(await tablesWith([name])).not.toEqual([]);
  const erased = await erase(berlin.lead);
  expect(erased).toMatchObject({ entries: 2, texts: 0 });
  expect(await tablesWith([name, `${berlin.lead}@example.test`, 'jonas@', 'hooks.slack'])).toEqual(
    [],
  );
  expect(await verifyAudit(db)).toEqual(before);
  const { rows } = await sql<{ owner: string }>`
    SELECT owner_id AS owner FROM custody WHERE account_id = ${account} ORDER BY lower(period)`.execute(
    db,
  );
  expect(rows.map(({ owner }) => owner)).toEqual([berlin.lead, tokyo.lead]);
  const stored = await sql<{ rendered: string | null }>`
    SELECT convert_from(rendered, 'UTF8') AS rendered FROM notice
    WHERE rendered IS NOT NULL`.execute(db);
  expect(stored.rows.map(({ rendered }) => rendered)).not.toContain(`From ${name}`);
});

test('what they wrote goes too when it is asked for, and what is still open is kept until it is over', async () => {
  await handedOver();
  const { db, clock } = recorder;
  const id = `account-${randomUUID().slice(0, 8)}`;
  await givenAccount(db, { id: id as never, owner: berlin.lead, since: clock.now() - 1_000 });
  const open = await recorder.offered({ account: id as never });
  await leaves(berlin.lead);
  expect(await erase(berlin.lead, true)).toMatchObject({ texts: 1, textsKept: 1 });
  const content = await recorder.write('handoff.reason', berlin.manager);
  expect(await open.does({ type: 'withdraw', actor: berlin.manager, content })).toBe('recorded');
  expect(await erase(berlin.lead, true)).toMatchObject({ texts: 1, textsKept: 0 });
  const rows = await db
    .selectFrom('content')
    .select('body')
    .where('author_id', '=', berlin.lead)
    .execute();
  expect(rows.map(({ body }) => body)).toEqual([null, null]);
  expect(await verifyAudit(db)).toMatchObject({ firstBreak: null });
});
