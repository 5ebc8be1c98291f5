/** Begins or tells the loops that steps of other loops asked for; what a crash left the sweep finds. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { Database } from '../db/client.ts';
import { insertNotices } from '../db/loops.ts';
import {
  isLoopOver,
  type NewOpening,
  settleOpening,
  type WaitingOpening,
  waitingOpenings,
} from '../db/openings.ts';
import { recordedSequence } from '../db/receipts.ts';
import { present } from '../domain/assert.ts';
import type { LoopId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { type Problem, problem, type ProblemCode, problems, Refusal } from '../domain/problem.ts';
import { createOpenLoop, type OpenLoopParts } from './open-loop.ts';
import { tellRefused } from './tell-refused.ts';

/** In one sweep; more wait for the next one. */
const openingsPerSweepMax = 500;

export interface StartOpeningsParts extends OpenLoopParts {
  readonly db: Database;
}

/** Of `ids` alone where they are given. A refusal is kept with the opening, and not tried again. */
export const createStartOpenings = (parts: StartOpeningsParts) => {
  const { db, clock } = parts;
  const open = createOpenLoop(parts);
  return async (ids?: readonly LoopId[]): Promise<{ readonly opened: number }> => {
    const waiting = await waitingOpenings(db, { ids, limit: openingsPerSweepMax });
    const failures: unknown[] = [];
    let opened = 0;
    for (const opening of waiting) {
      try {
        const begin = opening.target ? tell(parts, opening, opening.target) : open(opening);
        const refused = await begin.then(() => null, refusalOf);
        await settle(db, opening, { at: clock.now(), refused });
        if (refused === null) opened++;
      } catch (error) {
        failures.push(error); // the others are begun all the same
      }
    }
    if (failures.length > 0) throw failures[0];
    return { opened };
  };
};

/** Whoever waits for a loop that was refused is told with it, once. */
function settle(
  db: Database,
  opening: WaitingOpening,
  { at, refused }: { readonly at: Instant; readonly refused: Problem | null },
): Promise<void> {
  const { id, by } = opening;
  return db.transaction().execute(async (tx) => {
    const isNew = await settleOpening(tx, { id, at, refused: refused?.code ?? null });
    if (!isNew || refused === null) return;
    const notices = await tellRefused(tx, { opening, refused, at });
    await insertNotices(tx, { id: by, sequence: null, at, notices });
  });
}

/** By an update, as a person's command; one whose run is gone is started again, and told by the next sweep. */
async function tell(
  { db, client, clock, address }: StartOpeningsParts,
  { loop, id, command }: NewOpening,
  target: LoopId,
): Promise<void> {
  const workflow = present(address.workflows[loop], `the workflow of ${loop}`);
  const update = present(workflow.updates?.[command.type], `${loop} is told ${command.type}`);
  const known = await recordedSequence(db, target);
  const envelope = { commandId: id, command, at: clock.now(), known };
  await client.workflow
    .getHandle(workflow.workflowId(target))
    .executeUpdate(update.name, { updateId: id, args: [envelope] })
    .catch(async (error: unknown) => {
      const hasEnded = error instanceof WorkflowNotFoundError && (await isLoopOver(db, target));
      throw hasEnded ? new Refusal(problem('loop.closed')) : error;
    });
}

function refusalOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  const code = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  if (code === unanswered) return problem('loop.closed');
  if (!isKnown(code) || !(cause instanceof ApplicationFailure)) throw error;
  const [params] = (cause.details ?? []) as Problem['params'][];
  return problem(code, params);
}

/** Temporal's own word for an update that its workflow did not live to answer. */
const unanswered = 'AcceptedUpdateCompletedWorkflow';

const isKnown = (code: string): code is ProblemCode => Object.hasOwn(problems, code);
