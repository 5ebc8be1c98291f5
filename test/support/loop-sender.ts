/** Straight to the workflow of a loop: what the API, or the engine, would send. */
import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Command, HoldCommand, Instant, Receipt } from '../../domain/loop.ts';

interface SenderParts {
  readonly client: Client;
  readonly clock: { now(): Instant };
}

/** The update of each command that a person may give, by its type. */
type Updates = Readonly<Record<string, { readonly name: string }>>;

export type Send<C extends Command> = (
  command: C | HoldCommand,
  commandId?: string,
) => Promise<Receipt>;

export const sender =
  <C extends Command>(
    { client, clock }: SenderParts,
    workflowId: string,
    updates: Updates,
  ): Send<C> =>
  async (command, commandId = randomUUID()) => {
    const update = updates[command.type];
    if (!update) throw new Error(`nobody gives the command ${command.type}`);
    return client.workflow.getHandle(workflowId).executeUpdate<Receipt, [object]>(update.name, {
      updateId: commandId,
      args: [{ commandId, command, at: clock.now() }],
    });
  };
