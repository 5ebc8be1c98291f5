/** The whole product under requests for money, beside a plain state machine and DBOS on its Postgres. */
import { connectPostgres } from '../db/client.ts';
import type { PersonId } from '../domain/id.ts';
import { patience } from '../test/support/patience.ts';
import { fund } from '../test/support/budget-storm.ts';
import { submits } from '../test/support/budget-story.ts';
import { type ProductStage, startProduct } from '../test/support/product-storm.ts';
import { type StormAsker, stormAsker } from '../test/support/product-storm-asker.ts';
import { type DbosPeer, startDbosPeer } from './budget-peers.ts';
import {
  type Act,
  at,
  rate,
  recordedFlow,
  recordOf,
  requesterOf,
  submission,
  today,
} from './budget-flow.ts';
import { plainFlow, preparePlain } from './budget-plain.ts';

const names = ['record', 'posts', 'recorded', 'temporal', 'http', 'plain', 'dbos'] as const;
export type ProductKind = (typeof names)[number];

export interface ProductRates {
  /** A second, round by round. */
  readonly of: Readonly<Record<ProductKind, number[]>>;
  readonly versions: string;
  /** Requests over HTTP that had to be sent again. */
  readonly repeats: number;
  readonly perRound: number;
}

const perRound = 24;
const amount = '1.00';

/** Submitted, approved and closed by updates straight to the workflow. */
async function temporalFlow({ client, db, taskQueue }: ProductStage, nth: number): Promise<void> {
  const clock = { now: Date.now, moveTo: () => undefined };
  const story = { client, clock, taskQueue, database: { db } };
  const requester = requesterOf(nth);
  const request = await submits(story, { requester, instalments: [{ due: today, minor: '100' }] });
  const asked = await db
    .selectFrom('task')
    .select('person_id')
    .where('loop_id', '=', request.id)
    .where('closed_at', 'is', null)
    .execute();
  for (const { person_id: person } of asked) await request.approves(person as PersonId);
  await request.closes('100');
}

type Acts = Readonly<Record<Exclude<ProductKind, 'record'>, Act>>;

interface Parts {
  readonly stage: ProductStage;
  readonly record: ReturnType<typeof recordOf>;
  readonly asker: StormAsker;
  readonly raw: ReturnType<typeof connectPostgres>;
  readonly dbos: DbosPeer;
}

function actsOf({ stage, record, asker, raw, dbos }: Parts): Acts {
  let count = 0;
  const walk = () => {
    const nth = count++;
    // Of the storm's ways the one that approves and closes, and none is sent twice.
    return { index: nth * 20 + 4, requester: requesterOf(nth), amount };
  };
  return {
    posts: async () => {
      const { id } = await asker.submits(walk());
      if (id === null) throw new Error('there was no money');
    },
    recorded: () => recordedFlow(stage.db, record, count++),
    temporal: () => temporalFlow(stage, count++),
    http: async () => {
      const one = walk();
      const { id } = await asker.submits(one);
      await asker.decides(id ?? '', one);
    },
    plain: () => plainFlow(raw),
    dbos: () => dbos.flow(),
  };
}

/** Whatever fails, no server of it is left running. */
export async function measureProduct(rounds: number): Promise<ProductRates> {
  const stage = await startProduct();
  try {
    return await measuredOn(stage, rounds);
  } finally {
    await stage.stop();
  }
}

/** In turn, since whoever comes first in a round finds the servers quieter. */
async function measuredOn(stage: ProductStage, rounds: number): Promise<ProductRates> {
  const { db, databaseUrl } = stage;
  await fund(db, 10n ** 12n, at);
  const record = recordOf(db);
  const raw = connectPostgres({ url: databaseUrl, ...patience });
  await preparePlain(raw);
  const dbos = await startDbosPeer(databaseUrl);
  const asker = stormAsker(stage);
  const acts = actsOf({ stage, record, asker, raw, dbos });
  const run = async (name: ProductKind): Promise<number> => {
    if (name !== 'record') return rate(Array.from({ length: perRound }, () => acts[name]));
    const all = Array.from({ length: perRound }, (_, nth) => submission(db, nth));
    const prepared = await Promise.all(all);
    return rate(prepared.map((one) => () => record(one)));
  };
  const of: Record<ProductKind, number[]> = {
    record: [],
    posts: [],
    recorded: [],
    temporal: [],
    http: [],
    plain: [],
    dbos: [],
  };
  for (let round = -1; round < rounds; round++) {
    for (const [index] of names.entries()) {
      const name = names[(index + Math.max(0, round)) % names.length] ?? 'record';
      const found = await run(name);
      if (round >= 0) of[name].push(found);
    }
    process.stderr.write(`product, round ${round + 1} of ${rounds}\n`);
  }
  const repeats = asker.repeats();
  await Promise.all([dbos.stop(), raw.end()]);
  return { of, versions: stage.versions, repeats, perRound };
}
