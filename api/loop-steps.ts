/** What every command to a loop has in common: it is sent once, and a repeat answers as the first did. */
import type { Database } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';
import type { Command, Instant } from '../domain/loop.ts';
import type { LoopGateway } from './loop-gateway.ts';
import { tellCommitted } from './tell-committed.ts';

/** Where a loop runs, and which update carries each of its commands. */
export interface LoopAddress {
  readonly workflow: string;
  workflowId(id: LoopId): string;
  readonly updates: Readonly<Record<string, { readonly name: string }>>;
}

export interface LoopStepParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly loops: Pick<LoopGateway, 'start' | 'send'>;
}

/** Of the one transition that opens a loop. */
const opening = 'open';

export const openLoop = (
  parts: LoopStepParts,
  { workflow, workflowId }: LoopAddress,
  { id, command }: { readonly id: LoopId; command(): Promise<Command> },
): Promise<void> =>
  tellCommitted(parts, { id, commandId: opening }, async () => {
    const envelope = { commandId: opening, command: await command(), at: parts.clock.now() };
    await parts.loops.start({ workflow, workflowId: workflowId(id), loopId: id, envelope });
  });

interface SentStep {
  readonly id: LoopId;
  readonly commandId: string;
  readonly seen?: number | undefined;
  command(): Promise<Command>;
}

export const sendStep = (
  parts: LoopStepParts,
  { workflowId, updates }: LoopAddress,
  { id, commandId, seen, command: commandOf }: SentStep,
): Promise<void> =>
  tellCommitted(parts, { id, commandId }, async () => {
    const command = await commandOf();
    const at = parts.clock.now();
    await parts.loops.send({
      loopId: id,
      workflowId: workflowId(id),
      update: updates[command.type]?.name ?? '',
      envelope: { commandId, command, at, ...(seen !== undefined && { seen }) },
    });
  });
