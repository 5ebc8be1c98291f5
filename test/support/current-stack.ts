import { inject } from 'vitest';
import type { Stack } from './stack.ts';

let given: Stack | undefined;

/** For a tool, which no test run gives its servers. */
export function useStack(stack: Stack): void {
  given = stack;
}

/** The servers that stories are told on. */
export const currentStack = (): Stack => given ?? inject('stack');
