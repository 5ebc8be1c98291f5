/** Budget requests as a story, straight to the workflow: what the API and the engine would send. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { loops } from '../../activities/loops.ts';
import { prepareRaise } from '../../db/budget-raises.ts';
import { type AskedBudget, prepareBudget } from '../../db/budget-submissions.ts';
import type { BudgetCommand } from '../../domain/budget/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Instant, Receipt } from '../../domain/loop.ts';
import { Refusal } from '../../domain/problem.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { budgetWorkflowId } from '../../workflows/budget/id.ts';
import { budgetUpdates } from '../../workflows/budget/messages.ts';
import { givenBudgetPeople, purpose, who } from './budget-organisation.ts';
import { type HandoffStage, write } from './handoff-story.ts';
import { type Send, sender } from './loop-sender.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export async function budgetWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({ loops, workflows: 'workflows/index.ts', ...options });
  await givenBudgetPeople(world.database.db, world.clock.now());
  return world;
}

export interface Budget {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<BudgetCommand>;
  approves(by: PersonId, amounts?: readonly string[]): Promise<Receipt>;
  grants(by: PersonId, minor: string): Promise<Receipt>;
  raises(minor: string, instalment?: number): Promise<Receipt>;
  says(type: 'reject' | 'ask' | 'answer', by: PersonId): Promise<Receipt>;
  proves(minor: string, instalment?: number): Promise<Receipt>;
  /** With the evidence of what was spent, where it is given. */
  closes(minor?: string): Promise<Receipt>;
}

const dayMs = 86_400_000;
export const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

/** Of 4,800.00 EUR in one instalment, due in a month, unless the story says otherwise. */
export const askedFor = (at: Instant, given: Partial<AskedBudget> = {}): AskedBudget => ({
  requester: who.requester,
  purpose,
  kind: 'course',
  involvesProfessionals: false,
  isException: false,
  gap: null,
  plan: null,
  serviceMonths: 0,
  currency: 'EUR',
  instalments: [{ due: dayOf(at), minor: '480000' }],
  ends: dayOf(at + 30 * dayMs),
  ...given,
});

export async function submitCommand(
  world: Pick<HandoffStage, 'clock' | 'database'>,
  given: Partial<AskedBudget> = {},
): Promise<Extract<BudgetCommand, { type: 'submit' }>> {
  const { clock, database } = world;
  const asked = askedFor(clock.now(), given);
  const prepared = await database.db
    .transaction()
    .execute((tx) => prepareBudget(tx, asked, clock.now()));
  if (!prepared.ok) throw new Refusal(prepared.problem);
  const { requester, submittedBy: actor = requester } = asked;
  const by = actor === requester ? { actor } : { actor, onBehalfOf: requester };
  const request = await write(world as HandoffStage, requester, 'budget.request');
  return { type: 'submit', ...by, ...prepared.submission, request };
}

export async function raiseCommand(
  { clock, database }: Pick<HandoffStage, 'clock' | 'database'>,
  { id, isException = false, ...asked }: RaiseAsked,
): Promise<Raise> {
  const raisedBy = [...new Set([asked.onBehalfOf ?? asked.actor, asked.actor])];
  const prepared = await prepareRaise(
    database.db,
    { ...asked, id, isException, raisedBy },
    clock.now(),
  );
  if (!prepared.ok) throw new Refusal(prepared.problem);
  return { type: 'raise', ...asked, route: prepared.route };
}

type Raise = Extract<BudgetCommand, { type: 'raise' }>;
interface RaiseAsked extends Omit<Raise, 'type' | 'route'> {
  readonly id: LoopId;
  readonly isException?: boolean;
}

export async function submits(
  world: HandoffStage,
  given: Partial<AskedBudget> = {},
): Promise<Budget> {
  const { client, clock, taskQueue } = world;
  const id = randomUUID() as LoopId;
  const command = await submitCommand(world, given);
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'budgetRequest', id, command });
  return budgetOf(world, id, command.requester);
}

export function budgetOf(
  world: HandoffStage,
  id: LoopId,
  requester: PersonId = who.requester,
): Budget {
  const workflowId = budgetWorkflowId(id);
  const send = sender<BudgetCommand>(world, workflowId, budgetUpdates);
  const words = (author: PersonId, kind: string) => write(world, author, kind);
  return {
    id,
    workflowId,
    send,
    approves: (actor, amounts) => send({ type: 'approve', actor, ...(amounts && { amounts }) }),
    grants: async (actor, minor) =>
      send({ type: 'except', actor, minor, content: await words(actor, 'budget.except') }),
    raises: async (minor, instalment = 0) => {
      const content = await words(requester, 'budget.raise');
      const asked = { id, actor: requester, instalment, minor, content };
      return send(await raiseCommand(world, asked));
    },
    says: async (type, actor) =>
      send({ type, actor, content: await words(actor, `budget.${type}`) }),
    proves: async (minor, instalment = 0) =>
      send({
        type: 'prove',
        actor: requester,
        instalment,
        minor,
        content: await words(requester, 'budget.prove'),
      }),
    async closes(minor) {
      const proof = async () => ({
        instalment: 0,
        minor: minor ?? '',
        content: await words(requester, 'budget.prove'),
      });
      return send({
        type: 'closeOut',
        actor: requester,
        content: await words(requester, 'budget.outcome'),
        lesson: await words(requester, 'budget.lesson'),
        ...(minor !== undefined && { proof: await proof() }),
      });
    },
  };
}
