/**
 * Submits and decides requests for money through the record alone, in a process of its own, to be
 * killed. One JSON argument. Whoever comes after does everything again: what was recorded answers.
 */
import { randomUUID } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { sql } from 'kysely';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { type AskedBudget, prepareBudget } from '../../db/budget-submissions.ts';
import { openDatabase } from '../../db/client.ts';
import { insertContent } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import { present } from '../../domain/assert.ts';
import { budgetRules } from '../../domain/budget/decide.ts';
import { type BudgetCommand, type BudgetState, openSeats } from '../../domain/budget/state.ts';
import { holdable, type Holdable } from '../../domain/hold.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import { purpose, who } from './budget-organisation.ts';
import type { StormOrder } from './budget-storm.ts';
import { patience } from './patience.ts';

// Else it is kept at the end, which nobody reaches who is killed.
flushCompileCache();

const inParallel = 8;
/** Every tenth is sent twice at once. */
const twiceEvery = 10;

/** What one person asks for is reckoned together, one after another: so several ask. */
const requesters = [who.requester, who.report, who.stranger, who.learning, who.officer, who.lead];

const order = JSON.parse(process.argv[2] ?? '{}') as StormOrder;
const { at, fault } = order;
const today = new Date(at).toISOString().slice(0, 10);
const clock = { now: () => at };
const db = openDatabase({ url: order.databaseUrl, ...patience });
const untold: (readonly string[])[] = [];
const record = createRecord({
  db,
  clock,
  loops,
  startDeliveries(notices) {
    if (fault !== 'notice outside') return;
    // Some steps late, so that whoever is killed leaves some untold, whenever that is.
    untold.push(notices);
    if (untold.length > inParallel) void tellAfterwards(untold.shift() ?? []);
  },
});
const rules = holdable(budgetRules);

interface Walk {
  readonly id: LoopId;
  held: Holdable<BudgetState>;
  sequence: number;
}

/** The code of the refusal; null when it is recorded, now or before. */
async function step(walk: Walk, commandId: string, command: BudgetCommand): Promise<string | null> {
  const decision = rules.decide(walk.held, command, at);
  if (!decision.ok) return decision.problem.code;
  const { id, sequence } = walk;
  const { events } = decision;
  const answer = await record({
    loop: 'budgetRequest',
    id,
    commandId,
    sequence,
    at,
    command,
    events,
  });
  if ('refused' in answer) return answer.refused.code;
  if ('stale' in answer) return answer.stale.code;
  for (const stored of answer.transitions) {
    walk.held = stored.state as unknown as Holdable<BudgetState>;
    walk.sequence = stored.sequence + 1;
  }
  return null;
}

/** The fault: what a trigger kept aside is told in a transaction of its own. */
const tellAfterwards = (notices: readonly string[]): Promise<unknown> =>
  db.transaction().execute(async (tx) => {
    await sql`SELECT set_config('storm.tells', 'yes', true)`.execute(tx);
    await sql`INSERT INTO notice SELECT (kept.told).* FROM kept_notice kept
      WHERE (kept.told).id = ANY (${notices}::uuid[]) ON CONFLICT DO NOTHING`.execute(tx);
  });

async function words(author: PersonId, kind: string): Promise<ContentId> {
  const id = randomUUID() as ContentId;
  await insertContent(db, { id, author, kind, body: { text: kind }, at });
  return id;
}

async function submit(index: number): Promise<Walk | string> {
  const id = (
    fault === 'no idempotency' ? randomUUID() : derivedId('storm', String(index))
  ) as LoopId;
  const walk: Walk = { id, held: rules.initial, sequence: 0 };
  const asked: AskedBudget = {
    requester: present(requesters[index % requesters.length], 'a requester'),
    purpose,
    kind: 'course',
    involvesProfessionals: false,
    isException: false,
    gap: `storm-${index}`,
    plan: null,
    serviceMonths: 0,
    currency: 'EUR',
    instalments: [{ due: today, minor: order.minor }],
    ends: today,
  };
  const prepared = await db.transaction().execute((tx) => prepareBudget(tx, asked, at));
  if (!prepared.ok) {
    // What was recorded before the money was gone is answered as it was then.
    const known = await db
      .selectFrom('transition')
      .select('sequence')
      .where('loop_id', '=', id)
      .execute();
    if (known.length === 0) return prepared.problem.code;
  }
  const submission = prepared.ok ? prepared.submission : await recordedSubmission(id);
  const request = await words(asked.requester, 'budget.request');
  const command = {
    type: 'submit',
    actor: asked.requester,
    ...submission,
    request,
  } as BudgetCommand;
  return (await step(walk, 'open', command)) ?? walk;
}

async function recordedSubmission(id: LoopId): Promise<object> {
  const { events } = await db
    .selectFrom('transition')
    .select('events')
    .where('loop_id', '=', id)
    .where('sequence', '=', 0)
    .executeTakeFirstOrThrow();
  const [{ type: _, by: __, request: ___, ...submission }] = events as [Record<string, unknown>];
  return submission;
}

/** Two of four are approved, one is rejected, one withdrawn. */
async function decide(walk: Walk, index: number): Promise<void> {
  for (let nth = 0; ; nth++) {
    const [seat] = openSeats(walk.held.state);
    if (!seat) return;
    const commandId = `decide-${nth}`;
    const actor = seat.person;
    const done = [
      () => step(walk, commandId, { type: 'approve', actor }),
      () => step(walk, commandId, { type: 'approve', actor }),
      async () =>
        step(walk, commandId, {
          type: 'reject',
          actor,
          content: await words(actor, 'budget.reject'),
        }),
      () => step(walk, commandId, { type: 'withdraw', actor: walk.held.state.requester }),
    ][index % 4];
    if ((await done?.()) !== null) return;
  }
}

async function handle(index: number): Promise<void> {
  const attempts = index % twiceEvery === 0 ? [submit(index), submit(index)] : [submit(index)];
  const [walk] = await Promise.all(attempts);
  if (typeof walk === 'string' || walk === undefined) {
    process.stdout.write(`${index} refused ${walk}\n`);
    return;
  }
  process.stdout.write(`${index} kept\n`);
  await decide(walk, index);
  process.stdout.write(`${index} decided\n`);
}

let next = order.from;
await Promise.all(
  Array.from({ length: inParallel }, async () => {
    for (let index = next++; index < order.requests; index = next++) {
      await handle(index).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        process.stdout.write(`${index} refused ${error.problem.code}\n`);
      });
    }
  }),
);
for (const notices of untold) await tellAfterwards(notices);
await db.destroy();
process.stdout.write('all done\n');
