/**
 * Two attempts at one step, the first of them stopped just before its COMMIT: with money, with
 * custody as a small loop has it, and with custody itself.
 */
import { sql } from 'kysely';
import assert from 'node:assert/strict';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnyLoopDefinition } from '../../activities/loop-record.ts';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { verifyAudit } from '../../db/audit.ts';
import { commitGate, type CommitGate } from '../support/commit-gate.ts';
import { berlin, handoffWorld, offers, tokyo } from '../support/handoff-story.ts';
import { errandDefinition } from '../support/toy/errand-definition.ts';
import { ask, commandsOf, errandWorld } from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import type { World, WorldOptions } from '../support/world.ts';

type RecordTransition = ReturnType<typeof createRecord>;
type Attempts = PromiseSettledResult<unknown>[];

interface Stage {
  readonly world: World;
  readonly gate: CommitGate;
  /** Does the next step twice, and then what `ends` says of the first; how both attempts ended. */
  twice(act: () => Promise<unknown>, ends: (gate: CommitGate) => Promise<void>): Promise<Attempts>;
  stop(): Promise<void>;
}

async function stage(
  createWorld: (options: Partial<WorldOptions>) => Promise<World>,
  definitions: Readonly<Record<string, AnyLoopDefinition>>,
): Promise<Stage> {
  let record: RecordTransition;
  const world = await createWorld({
    activities: (activities) => ({
      ...activities,
      recordTransition: (proposal: Parameters<RecordTransition>[0]) => record(proposal),
    }),
  });
  const { db, url } = world.database;
  const gate = commitGate(url);
  const parts = { clock: world.clock, loops: definitions, startDeliveries: () => undefined };
  const first = createRecord({ ...parts, db: gate.db });
  const second = createRecord({ ...parts, db });
  record = first;
  return {
    world,
    gate,
    async twice(act, ends) {
      const attempts = Promise.withResolvers<Attempts>();
      record = async (proposal) => {
        record = first;
        const held = gate.holdNext();
        const attempt = first(proposal);
        await held.reached;
        const again = second(proposal);
        attempts.resolve(Promise.allSettled([attempt, again]));
        await until('the second attempt waits for the first', async () => {
          const { rows } = await sql`SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db);
          return rows.length > 0;
        });
        await ends(gate);
        held.commit();
        return again;
      };
      await act();
      return attempts.promise;
    },
    async stop() {
      await gate.db.destroy();
      await world.stop();
    },
  };
}

let errands: Stage;
let handoffs: Stage;
beforeAll(async () => {
  errands = await stage(errandWorld, { errand: errandDefinition() });
  handoffs = await stage(handoffWorld, loops);
});
afterAll(() => Promise.all([errands.stop(), handoffs.stop()]));

/** What becomes of the first attempt, and how both then end. */
const endings = [
  { name: 'commits after all', ends: () => Promise.resolve(), both: ['fulfilled', 'fulfilled'] },
  {
    name: 'is lost with its connection',
    ends: async ({ db }: CommitGate) => {
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'`.execute(db);
    },
    both: ['rejected', 'fulfilled'],
  },
] as const;

/** Whichever attempts were answered, were answered the same. */
function howTheyEnded(attempts: Attempts): readonly string[] {
  const answers = attempts.flatMap((attempt) => ('value' in attempt ? [attempt.value] : []));
  const [answer] = answers;
  for (const other of answers) assert.deepEqual(other, answer);
  return attempts.map(({ status }) => status);
}

test.for(endings)('money moves once when a first attempt $name', async ({ ends, both }) => {
  const { world, twice } = errands;
  const { db } = world.database;
  const purse = async () =>
    (
      await sql<{ balance: number; posted: number }>`SELECT balance,
        (SELECT coalesce(sum(amount), 0)::int FROM purse_posting) AS posted FROM purse`.execute(db)
    ).rows[0];
  const errand = await ask(world);
  const before = await purse();
  expect(howTheyEnded(await twice(() => errand.work(3), ends))).toEqual(both);
  const after = await purse();
  expect((before?.balance ?? 0) - (after?.balance ?? 0)).toBe(3);
  expect((after?.posted ?? 0) - (before?.posted ?? 0)).toBe(3);
  expect(await commandsOf(world, errand.id)).toEqual(['ask', 'work']);
});

test.for(endings)(
  'what was held changes hands once when a first attempt $name',
  async ({ ends, both }) => {
    const { world, twice } = errands;
    const errand = await ask(world);
    expect(howTheyEnded(await twice(() => errand.finish(), ends))).toEqual(both);
    const { rows } = await sql`SELECT person_id FROM holder
      WHERE loop_id = ${errand.id}`.execute(world.database.db);
    expect(rows).toEqual([{ person_id: 'asker' }, { person_id: 'doer' }]);
    expect(await commandsOf(world, errand.id)).toEqual(['ask', 'finish']);
  },
);

/** Read back at once; what is told of it then, and who has owned the account. */
async function readBackHandoff({ world }: Stage, giver = berlin.lead, to = tokyo.lead) {
  const handoff = await offers(world, { giver, to });
  await handoff.readsBack(to);
  const { db } = world.database;
  const transferred = () =>
    db
      .selectFrom('notice')
      .select('recipient_id')
      .where('loop_id', '=', handoff.id)
      .where('key', '=', 'handoff.transferred')
      .orderBy('recipient_id')
      .execute();
  const owners = async () =>
    (await db.selectFrom('custody').select('owner_id').orderBy('period').execute()).map(
      ({ owner_id }) => owner_id,
    );
  return { handoff, transferred, owners };
}

test.for(endings)('custody moves once when a first attempt $name', async ({ ends, both }) => {
  const { world, twice } = handoffs;
  const isBack = endings[1].ends === ends; // the account goes there and back again
  const [giver, to] = isBack ? [tokyo.lead, berlin.lead] : [berlin.lead, tokyo.lead];
  const { handoff, transferred, owners } = await readBackHandoff(handoffs, giver, to);
  const before = await owners();
  expect(howTheyEnded(await twice(() => handoff.confirms(giver), ends))).toEqual(both);
  expect(await owners()).toEqual([...before, to]);
  expect((await transferred()).map((row) => row.recipient_id)).toEqual([giver, to].toSorted());
  expect(await commandsOf(world, handoff.id)).toEqual(['offer', 'readBack', 'confirm']);
});

test('an attempt that hangs is ended by Postgres before Temporal tries again, and comes too late', async () => {
  const { gate, world } = handoffs;
  const { handoff, owners } = await readBackHandoff(handoffs);
  const before = await owners();
  const held = gate.holdNext();
  const confirmed = handoff.confirms(berlin.lead);
  await held.reached;
  await confirmed; // by the second attempt
  held.commit();
  expect(await owners()).toEqual([...before, tokyo.lead]);
  expect(await commandsOf(world, handoff.id)).toEqual(['offer', 'readBack', 'confirm']);
});

test('the chains of all of them are whole', async () => {
  for (const { world } of [errands, handoffs]) {
    expect((await verifyAudit(world.database.db)).firstBreak).toBeNull();
  }
});
