/** The last statement of a step: the transition with its hash, and the loop as it now stands. */
import type { Transaction } from 'kysely';
import { transitionHash } from '../db/audit-chain.ts';
import { contentHashes, insertTransition, type LoopHead } from '../db/loops.ts';
import type { LoadedWorld } from '../db/planning-world.ts';
import type { DB } from '../db/schema.ts';
import type { DueDelivery } from '../db/webhook-deliveries.ts';
import { type Holdable, isHoldCommand } from '../domain/hold.ts';
import type { ContentId } from '../domain/id.ts';
import type { Command, Instant, Moment, Proposal } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type { LoopDefinition } from './loop-record.ts';

type Event = { readonly type: string };

type Tx = Transaction<DB>;

export interface KeptTransition {
  readonly at: Instant;
  readonly after: Holdable<unknown>;
  readonly world: LoadedWorld;
  readonly isClosed: boolean;
  /** When it is stored, and the zone data it was planned with. */
  readonly recordedAt: Instant;
  readonly zoneData: string;
  readonly definition: LoopDefinition<unknown, Command, Event>;
  readonly proposal: Proposal<Command, Event>;
  readonly head: LoopHead;
  readonly moments: readonly Moment<Command>[];
}

export async function storeTransition(
  tx: Tx,
  kept: KeptTransition,
): Promise<readonly DueDelivery[]> {
  const { definition, proposal, head, at, after, moments, world, isClosed, recordedAt } = kept;
  const { plan, rules } = definition;
  const { id, sequence, commandId, command, events } = proposal;
  const own = events.filter((event) => event.type !== 'held' && event.type !== 'resumed');
  const contents = own.flatMap((event) => plan.contents(event));
  const isMaterial =
    command !== null && (isHoldCommand(command) || own.some((event) => plan.isMaterial(event)));
  const chained = {
    loopId: id,
    sequence,
    commandId,
    commandType: command?.type ?? 'replan',
    actorId: command?.actor ?? null,
    onBehalfOf: command?.onBehalfOf ?? null,
    at,
    recordedAt,
    revision: head.revision + (isMaterial ? 1 : 0),
    version: rules.version,
    events,
    contentHashes: await hashesOf(tx, contents),
    state: after,
    moments,
    computedWith: { zoneData: kept.zoneData, calendarRevisions: world.calendarRevisions },
  };
  const told = await insertTransition(tx, {
    ...chained,
    id,
    actor: chained.actorId,
    onBehalfOf: chained.onBehalfOf,
    contents,
    previousHash: head.lastHash,
    hash: transitionHash(head.lastHash, chained),
    parties: plan.parties(after.state),
    account: plan.account(after.state),
    heldAt: after.heldSince,
    isClosed,
  });
  return told.map((delivery) => ({ id: delivery, attempts: 0, nextTryAt: recordedAt }));
}

/** In the order of `contents`; an unknown one refuses the step. */
async function hashesOf(tx: Tx, contents: readonly ContentId[]): Promise<readonly string[]> {
  if (contents.length === 0) return [];
  const found = new Map((await contentHashes(tx, contents)).map((row) => [row.id, row.hash]));
  return contents.map((id) => {
    const hash = found.get(id);
    if (!hash) throw new Refusal(problem('content.unknown'));
    return Buffer.from(hash).toString('hex');
  });
}
