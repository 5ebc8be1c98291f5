/** A storm of requests for money: processes that are killed, what they answered, and what is there. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { compileCache } from '../../bin/start/compile-cache.ts';
import { changeAllocation } from '../../db/budget-lines.ts';
import { verifyLedger } from '../../db/budget-verify.ts';
import type { Database } from '../../db/client.ts';
import { present } from '../../domain/assert.ts';
import { testDatabase } from './database.ts';
import { givenBudgetPeople, who } from './budget-organisation.ts';

export const stormFaults = ['no idempotency', 'notice outside', 'check then write'] as const;
export type StormFault = (typeof stormFaults)[number];

export interface StormOrder {
  readonly databaseUrl: string;
  /** The first that is sent; those before it were heard to the end. */
  readonly from: number;
  readonly requests: number;
  /** Of each request, in cents. */
  readonly minor: string;
  readonly at: number;
  readonly fault: StormFault | null;
}

const script = fileURLToPath(new URL('budget-storm-process.ts', import.meta.url));
const at = Date.parse('2026-11-24T10:00Z');
const minor = 10_000n;

export interface StormOptions {
  readonly requests: number;
  readonly kills: number;
  readonly fault: StormFault | null;
  random(): number;
}

export interface Heard {
  readonly kept: Set<number>;
  readonly decided: Set<number>;
}

/** `ended`: those of which all was said. */
interface HeardSoFar extends Heard {
  readonly ended: Set<number>;
}

/** Whoever is killed at an answer is always at the beginning of the next step: so at any instant after. */
const killWithinMs = 40;

interface Death {
  /** Once it has said so much that was not heard before; never, where it has said all. */
  readonly newMax: number;
  random(): number;
}

/** Whether it was killed while something was still to come. */
async function run(
  order: StormOrder,
  heard: HeardSoFar,
  { newMax, random }: Death,
): Promise<boolean> {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  const died = once(child, 'exit');
  const said = { kept: heard.kept, decided: heard.decided, refused: heard.ended };
  let fresh = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [number = '', what = ''] = line.split(' ');
    const known = said[what as keyof typeof said];
    if (known === undefined) continue;
    const index = Number(number);
    if (!known.has(index)) fresh++;
    known.add(index);
    if (what !== 'kept') heard.ended.add(index);
    if (fresh === newMax) setTimeout(() => child.kill('SIGKILL'), random() * killWithinMs);
  }
  const [code, signal] = (await died) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the storm ended with ${code}`);
  return signal === 'SIGKILL';
}

/** What is there after a storm of requests. */
export interface StormReport {
  readonly kept: number;
  /** What was answered as kept and is not there, or is there and not decided. */
  readonly lost: number;
  /** Kept more than once, or told more than once. */
  readonly doubled: number;
  /** Minor units that were kept beyond what there was. */
  readonly overspent: bigint;
  /** Steps that ask somebody who was never told. */
  readonly untold: number;
  readonly differences: number;
}

/** However slowly a process is heard: whoever had ended before it could be killed is not counted. */
const runsPerKillMax = 3;
/** So many before the first that was not heard to its end are sent again by whoever comes after. */
const sentAgain = 16;

interface Killed {
  /** Each while it did what nobody had done before. */
  readonly killed: number;
  /** Requests whose last step was recorded, and whose process died before it said so. */
  readonly unheard: number;
}

/** Money is there for half of the requests. */
export async function budgetStorm(options: StormOptions): Promise<StormReport & Killed> {
  const { requests, kills, fault, random } = options;
  const database = await testDatabase();
  const { db } = database;
  try {
    await givenBudgetPeople(db, at);
    const to = (BigInt(requests) * minor) / 2n;
    await fund(db, to, at);
    if (fault === 'check then write') await plantCheckThenWrite(db);
    if (fault === 'notice outside') await plantNoticeOutside(db);
    const order = { databaseUrl: database.url, requests, minor: String(minor), at, fault };
    const heard: HeardSoFar = { kept: new Set(), decided: new Set(), ended: new Set() };
    let [killed, unheard] = [0, 0];
    for (let runs = 0; killed < kills && runs < kills * runsPerKillMax; runs++) {
      // Never all that is left, so that each has work of its own to be killed in.
      const share = (2 * (requests - heard.ended.size)) / (kills - killed + 1);
      const from = Math.max(0, firstOpen(heard, requests) - sentAgain);
      const newMax = 1 + Math.floor(random() * share);
      if (!(await run({ ...order, from }, heard, { newMax, random }))) continue;
      killed++;
      unheard += await recordedUnheard(db, heard);
    }
    await run({ ...order, from: 0 }, heard, { newMax: Infinity, random });
    if (fault === 'check then write') await undoCheckThenWrite(db);
    return { ...(await stormReport(db, heard, to)), killed, unheard };
  } finally {
    await database.drop();
  }
}

function firstOpen({ ended }: HeardSoFar, requests: number): number {
  for (let index = 0; index < requests; index++) if (!ended.has(index)) return index;
  return requests;
}

async function recordedUnheard(db: Database, { kept, decided }: Heard): Promise<number> {
  const rows = await db.selectFrom('budget_request').select(['gap_id as gap', 'status']).execute();
  const unheard = rows.filter(({ gap, status }) => {
    const index = indexOf(gap);
    return !kept.has(index) || (status !== 'waiting' && !decided.has(index));
  });
  return new Set(unheard.map(({ gap }) => gap)).size;
}

const indexOf = (gap: string | null): number => Number(gap?.slice('storm-'.length));

/** The line of the year that `at` lies in. */
export async function fund(db: Database, to: bigint, at: number): Promise<void> {
  const { id } = await db
    .selectFrom('budget_line')
    .select('id')
    .where('fiscal_year', '=', new Date(at).getUTCFullYear())
    .executeTakeFirstOrThrow();
  const change = { id: randomUUID(), line: id, to, author: who.director, at };
  const changed = await db
    .transaction()
    .execute((tx) => changeAllocation(tx, { ...change, reason: 'The storm.' }));
  if (!changed.ok) throw new Error(changed.problem.code);
}

/** The fault: what is left is read, and then written; the second of two overwrites the first. */
async function plantCheckThenWrite(db: Database): Promise<void> {
  await sql`ALTER TABLE budget_line RENAME TO budget_line_kept`.execute(db);
  // Else what was written over may go below zero, and Postgres itself ends the storm.
  await sql`ALTER TABLE budget_line_kept DROP CONSTRAINT budget_line_reserved_check`.execute(db);
  await sql`CREATE VIEW budget_line AS SELECT * FROM budget_line_kept`.execute(db);
  await sql`CREATE FUNCTION write_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE budget_line_kept SET allocated = NEW.allocated, reserved = NEW.reserved,
      committed = NEW.committed, closed_at = NEW.closed_at WHERE id = OLD.id;
    RETURN NEW; END $$`.execute(db);
  await sql`CREATE TRIGGER write_line INSTEAD OF UPDATE ON budget_line
    FOR EACH ROW EXECUTE FUNCTION write_line()`.execute(db);
}

/** So that what came of it can be reckoned. */
async function undoCheckThenWrite(db: Database): Promise<void> {
  await sql`DROP VIEW budget_line`.execute(db);
  await sql`ALTER TABLE budget_line_kept RENAME TO budget_line`.execute(db);
}

/** The fault: messages are kept aside, and told once the step has committed. */
async function plantNoticeOutside(db: Database): Promise<void> {
  await sql`CREATE TABLE kept_notice (told notice)`.execute(db);
  await sql`CREATE FUNCTION keep_notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('storm.tells', true) = 'yes' THEN RETURN NEW; END IF;
    INSERT INTO kept_notice VALUES (NEW);
    RETURN NULL; END $$`.execute(db);
  await sql`CREATE TRIGGER keep_notice BEFORE INSERT ON notice
    FOR EACH ROW EXECUTE FUNCTION keep_notice()`.execute(db);
}

/** Each request is known by its gap, `storm-` and its number. */
export async function stormReport(
  db: Database,
  { kept, decided }: Heard,
  to: bigint,
): Promise<StormReport> {
  const rows = await db.selectFrom('budget_request').select(['gap_id', 'status']).execute();
  const times = new Map<number, number>();
  const waiting = new Set<number>();
  for (const { gap_id: gap, status } of rows) {
    const index = indexOf(gap);
    times.set(index, (times.get(index) ?? 0) + 1);
    if (status === 'waiting') waiting.add(index);
  }
  const { rows: counted } = await sql<{ twice: number; untold: number; held: string }>`
    SELECT
      (SELECT count(*) FROM (SELECT FROM notice WHERE loop_id IS NOT NULL
        GROUP BY loop_id, sequence, recipient_id, key, channel HAVING count(*) > 1) d)::int AS twice,
      (SELECT count(*) FROM task t WHERE NOT EXISTS (
        SELECT FROM notice n WHERE n.loop_id = t.loop_id AND n.recipient_id = t.person_id))::int
        AS untold,
      (SELECT coalesce(sum(CASE WHEN e.reservation_id IS NULL THEN r.amount ELSE e.committed END), 0)
        FROM budget_reservation r LEFT JOIN budget_ending e ON e.reservation_id = r.id)::text
        AS held`.execute(db);
  const found = present(counted[0], 'what was counted');
  const over = BigInt(found.held) - to;
  return {
    kept: times.size,
    lost:
      [...kept].filter((index) => !times.has(index)).length +
      [...decided].filter((index) => waiting.has(index)).length,
    doubled: found.twice + [...times.values()].filter((count) => count > 1).length,
    overspent: over > 0n ? over : 0n,
    untold: found.untold,
    differences: (await verifyLedger(db)).differences.length,
  };
}
