/** Commands settle strictly one at a time, in the order they came. */
import { condition } from '@temporalio/workflow';
import { present } from '../domain/assert.ts';
import type { Command, Envelope, Receipt } from '../domain/loop.ts';
import type { Problem } from '../domain/problem.ts';
import { toFailure } from './failure.ts';

export interface QueuedCommand<C extends Command> extends Envelope<C> {
  settled?: Problem | Receipt;
}

export interface CommandQueue<C extends Command> {
  readonly length: number;
  submit(envelope: Envelope<C>): QueuedCommand<C>;
  /** Waits until the command has settled; a refusal is thrown as the update's answer. */
  settle(command: QueuedCommand<C>): Promise<Receipt>;
  shift(): QueuedCommand<C> | undefined;
  refuseAll(problem: Problem): void;
}

export const isProblem = (settled: Problem | Receipt): settled is Problem => 'code' in settled;

export function createCommandQueue<C extends Command>(): CommandQueue<C> {
  const waiting: QueuedCommand<C>[] = [];
  return {
    get length() {
      return waiting.length;
    },
    submit(envelope) {
      const command: QueuedCommand<C> = { ...envelope };
      waiting.push(command);
      return command;
    },
    async settle(command) {
      await condition(() => command.settled !== undefined);
      const settled = present(command.settled, 'what the command settled as');
      if (isProblem(settled)) throw toFailure(settled);
      return settled;
    },
    shift: () => waiting.shift(),
    refuseAll(problem) {
      for (const command of waiting.splice(0)) command.settled = problem;
    },
  };
}
