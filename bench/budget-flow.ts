/** Requests for money as the benches tell them: through the record alone, as the workflow calls it. */
import { randomUUID } from 'node:crypto';
import { loops } from '../activities/loops.ts';
import { createRecord } from '../activities/record.ts';
import { prepareBudget } from '../db/budget-submissions.ts';
import { insertContent } from '../db/contents.ts';
import type { Database } from '../db/client.ts';
import { present } from '../domain/assert.ts';
import { budgetRules } from '../domain/budget/decide.ts';
import { type BudgetCommand, type BudgetEvent, openSeats } from '../domain/budget/state.ts';
import { holdable } from '../domain/hold.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Proposal } from '../domain/loop.ts';
import { who } from '../test/support/budget-organisation.ts';
import { askedFor } from '../test/support/budget-story.ts';

export const inParallel = 8;
export const at = Date.now();
export const today = new Date(at).toISOString().slice(0, 10);

export type Act = () => Promise<unknown>;

/** Acts a second, so many at once; `acts` is emptied. */
export async function rate(acts: Act[]): Promise<number> {
  const count = acts.length;
  const startedAt = performance.now();
  const runner = async (): Promise<void> => {
    for (let act = acts.pop(); act; act = acts.pop()) await act();
  };
  await Promise.all(Array.from({ length: inParallel }, runner));
  return (count / (performance.now() - startedAt)) * 1_000;
}

const rules = holdable(budgetRules);
const startDeliveries = () => undefined;
export const recordOf = (db: Database) =>
  createRecord({ db, clock: { now: Date.now }, loops, startDeliveries });

export type Submission = Proposal<BudgetCommand, BudgetEvent>;

/** What one person asks for is reckoned together, one after another: so several ask. */
export const requesters = [
  who.requester,
  who.report,
  who.stranger,
  who.learning,
  who.officer,
  who.lead,
];
export const requesterOf = (nth: number): PersonId =>
  requesters[nth % requesters.length] ?? who.requester;

/** Prepared before it is measured, as the API does before the step is taken. */
export async function submission(db: Database, nth: number): Promise<Submission> {
  const requester = requesterOf(nth);
  const asked = askedFor(at, { requester, instalments: [{ due: today, minor: '100' }] });
  const prepared = await db.transaction().execute((tx) => prepareBudget(tx, asked, at));
  if (!prepared.ok) throw new Error(prepared.problem.code);
  const request = randomUUID() as ContentId;
  const body = { text: 'A course.' };
  await insertContent(db, { id: request, author: requester, kind: 'budget.request', body, at });
  const command: BudgetCommand = {
    type: 'submit',
    actor: requester,
    ...prepared.submission,
    request,
  };
  const decision = rules.decide(rules.initial, command, at);
  if (!decision.ok) throw new Error(decision.problem.code);
  return {
    loop: 'budgetRequest',
    id: randomUUID() as LoopId,
    commandId: 'open',
    sequence: 0,
    at,
    command,
    events: decision.events as readonly BudgetEvent[],
  };
}

/** Submitted, approved and closed out, through the record as the workflow calls it. */
export async function recordedFlow(db: Database, record: ReturnType<typeof recordOf>, nth: number) {
  const first = await submission(db, nth);
  const actor = present(first.command?.actor, 'who asks');
  let [held, sequence] = [rules.initial, 0];
  const step = async (commandId: string, command: BudgetCommand): Promise<void> => {
    const decision = rules.decide(held, command, at);
    if (!decision.ok) throw new Error(decision.problem.code);
    const proposal = { loop: 'budgetRequest', id: first.id, commandId, sequence, at, command };
    const answer = await record({ ...proposal, events: decision.events });
    if (!('transitions' in answer)) throw new Error(JSON.stringify(answer));
    for (const stored of answer.transitions) {
      held = stored.state as typeof held;
      sequence = stored.sequence + 1;
    }
  };
  const words = async (kind: string): Promise<ContentId> => {
    const id = randomUUID() as ContentId;
    const body = { text: kind };
    await insertContent(db, { id, author: actor, kind, body, at });
    return id;
  };
  await step('open', present(first.command, 'what is asked'));
  for (let [seat] = openSeats(held.state); seat; [seat] = openSeats(held.state)) {
    await step(`approve-${seat.person}`, { type: 'approve', actor: seat.person });
  }
  const proof = { instalment: 0, minor: '100', content: await words('budget.prove') };
  const content = await words('budget.outcome');
  await step('close', { type: 'closeOut', actor, content, lesson: null, proof });
}
