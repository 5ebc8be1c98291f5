/** The handoff's workflow as a careless change would leave it: it does something before it begins. */
import { sleep } from '@temporalio/workflow';
import type { Receipt } from '../../../domain/loop.ts';
import { handoff as careful } from '../../../workflows/handoff/workflow.ts';
import type { LoopInput } from '../../../workflows/messages.ts';

export async function handoff(input: LoopInput): Promise<Receipt> {
  await sleep(1_000);
  return careful(input);
}
