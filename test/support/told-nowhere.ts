/** What somebody could read, by every address of the API and by its pages: looked through and compared. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import type { Database } from '../../db/client.ts';
import type { PersonId } from '../../domain/id.ts';
import type { ServedWorld } from './served-world.ts';
import type { StoryClock } from './story-clock.ts';

type Seen = readonly (readonly [where: string, told: string])[];

/** The one answer that begins a fixed time before it is asked for. */
const sinceWhen = /"since":"[^"]+"/;

/** Everything that each of them reads there, byte by byte. */
export async function seenBy(
  { read }: Pick<ServedWorld, 'read'>,
  people: readonly PersonId[],
  paths: readonly string[],
): Promise<Seen> {
  const all: (readonly [string, string])[] = [];
  for (const who of people) {
    for (const path of paths) {
      const answer = await read(who, path);
      const told = `${answer.status} ${answer.headers.get('etag')} ${await answer.text()}`;
      all.push([`${who} ${path}`, path === '/me/fairness' ? told.replace(sinceWhen, '') : told]);
    }
  }
  return all;
}

interface Looked {
  readonly people: readonly PersonId[];
  /** Of a loop or a person, in the place of every parameter. */
  readonly ids: readonly string[];
  /** Lists, narrowed to what somebody would like to know. */
  readonly queries: readonly string[];
  readonly pages: readonly string[];
  readonly clock: StoryClock;
}

/** So many at once, and a minute later as many more: a request that is over the limit would tell nothing. */
const atOnce = 100;

/** Every address that can be read, and pages, by whoever holds whichever office. */
export async function everythingSeen(
  stage: ServedWorld,
  { people, ids, queries, pages, clock }: Looked,
): Promise<Seen> {
  const { paths } = JSON.parse(readFileSync('api/openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const asked = Object.keys(paths)
    .filter((path) => paths[path]?.['get'] !== undefined)
    .flatMap((path) => ids.map((one) => path.replaceAll(/\{[^}]+\}/g, one)));
  const everywhere = [...new Set([...asked, ...queries])];
  const all: (readonly [string, string])[] = [];
  for (const who of people) {
    for (let from = 0; from < everywhere.length; from += atOnce) {
      all.push(...(await seenBy(stage, [who], everywhere.slice(from, from + atOnce))));
      clock.moveTo(clock.now() + 60_000);
    }
    const browser = await stage.browser(who);
    for (const page of pages) {
      // A form carries a key of its own each time.
      const told = (await browser.see(page)).replaceAll(/name="key" value="[^"]+"/g, '');
      all.push([`${who} ${page}`, told]);
    }
  }
  return all;
}

/** Somebody outside who is told of all that is told of at all. */
export const listens = (db: Database, owner: PersonId) =>
  db
    .insertInto('webhook_endpoint')
    .values({
      id: randomUUID(),
      url: 'https://outside.example/hook',
      secret: 'whsec_of_the_test',
      event_types: [],
      owner_id: owner,
      created_at: 0,
    })
    .execute();

/** What leaves without anybody asking for it: webhooks of a loop, and the figures of the process. */
export async function toldOutside(
  { app }: Pick<ServedWorld, 'app'>,
  db: Database,
  loop: string,
): Promise<{ readonly webhooks: readonly string[]; readonly metrics: string }> {
  const rows = await db
    .selectFrom('webhook_delivery')
    .select('body')
    .where('loop_id', '=', loop)
    .orderBy('sequence')
    .execute();
  const metrics = await (await app.request('/metrics')).text();
  assert(metrics.includes('meridian_http_answers_total'), 'what was answered is counted');
  return { webhooks: rows.map(({ body }) => body), metrics };
}

export interface KeptRow {
  readonly table: string;
  readonly row: string;
}

/** Every row of every table, as a dump of the database holds them. */
export async function dumpOf(db: Database): Promise<readonly KeptRow[]> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`.execute(db);
  const each = tables.map(
    ({ name }) =>
      sql`SELECT ${name} AS "table", to_jsonb(t)::text AS row FROM ${sql.table(name)} t`,
  );
  return (await sql<KeptRow>`${sql.join(each, sql` UNION ALL `)}`.execute(db)).rows;
}

const namelessParts: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id'],
  [/[\\]+x[0-9a-f]+/g, 'hash'],
  [/\d{4}-\d{2}-\d{2}([T ][\d:.+Z-]+)?/g, 'time'],
  [/\b\d{12,}\b/g, 'instant'],
];

/** Of two rounds the same is left once ids, hashes and instants are taken out, whoever said what. */
export const withoutNames = (rows: readonly KeptRow[]): readonly string[] =>
  rows
    .map(({ table, row }) =>
      namelessParts.reduce(
        (text, [pattern, name]) => text.replaceAll(pattern, name),
        `${table} ${row}`,
      ),
    )
    .toSorted();
