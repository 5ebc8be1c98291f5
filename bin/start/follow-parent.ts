/**
 * Loaded before a part of `npm start`: lets it get ready while the servers still start, holds it
 * until it may begin, and ends it when whoever started it is gone.
 */
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const graceMs = 10_000;

/** Threads of a part load this file too, and have nobody to wait for. */
export const mayBegin = isMainThread ? followParent() : Promise.resolve();

function followParent(): Promise<void> {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
  });
  return new Promise((resolve) => {
    process.once('message', () => {
      process.channel?.unref();
      resolve();
    });
  });
}
