/** What every step of a handoff has in common: it is seen, allowed, sent, and shown as it now stands. */
import { handoffSubject } from '../../db/actors.ts';
import { present } from '../../domain/assert.ts';
import type { HandoffCommand } from '../../domain/handoff/state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { ByPerson, HoldCommand } from '../../domain/loop.ts';
import { actingAs, authorise } from '../authorise.ts';
import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import { presentHandoff, seenHandoff, type Handoff } from './present.ts';
import { tellCommitted } from '../tell-committed.ts';

type Command = HandoffCommand | HoldCommand;

interface Step {
  /** Of the giver's side; whom it asks, the rules know best. */
  readonly action?: `handoff.${'answer' | 'confirm' | 'sendBack' | 'revise' | 'withdraw' | 'hold' | 'resume' | 'reassign'}`;
  readonly command: (by: ByPerson) => Promise<Command> | Command;
}

export async function takeStep(
  parts: HandoffParts,
  asked: Commanded<StepInput>,
  step: Step,
): Promise<Handoff> {
  const { actor, input, commandId } = asked;
  const id = input.id as LoopId;
  await seenHandoff(parts, actor, id);
  await tellCommitted(parts, { id, commandId }, () => sendStep(parts, asked, step));
  return presentHandoff(parts, actor, id);
}

async function sendStep(
  parts: HandoffParts,
  { actor, input, commandId, seen }: Commanded<StepInput>,
  { action, command }: Step,
): Promise<void> {
  const id = input.id as LoopId;
  const { onBehalfOf } = input;
  if (action !== undefined) {
    const subject = present(await handoffSubject(parts.db, id), 'the handoff that was seen');
    const otherwise = 'handoff.not_giver';
    await authorise(parts, { actor, onBehalfOf, action, subject, otherwise });
  }
  await parts.handoffs.send(id, {
    commandId,
    command: await command(actingAs(actor, onBehalfOf)),
    at: parts.clock.now(),
    ...(seen !== undefined && { seen }),
  });
}
