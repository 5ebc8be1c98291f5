/** The only place that talks to Temporal: sends commands to loops and tells what became of them. */
import {
  type Client,
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { findReceipt, loopStanding, recordedSequence } from '../db/receipts.ts';
import type { Database } from '../db/client.ts';
import type { LoopId } from '../domain/id.ts';
import type { Command, Envelope, Receipt } from '../domain/loop.ts';
import { type Problem, problem, problems, type ProblemCode, Refusal } from '../domain/problem.ts';
import { openLoopUpdate } from '../workflows/messages.ts';

export interface Opening {
  /** The name of the workflow that runs the loop. */
  readonly workflow: string;
  readonly workflowId: string;
  readonly loopId: LoopId;
  readonly envelope: Envelope<Command>;
}

export interface Step {
  readonly workflowId: string;
  readonly loopId: LoopId;
  /** The name of the update that carries the command. */
  readonly update: string;
  readonly envelope: Envelope<Command>;
}

export interface LoopGateway {
  /** A command that was sent before answers as it did then. Throws a `Refusal` for every other end. */
  start(opening: Opening): Promise<Receipt>;
  send(step: Step): Promise<Receipt>;
  /** Whether Temporal answers at all. */
  isReachable(): Promise<boolean>;
}

export interface LoopGatewayParts {
  readonly client: Client;
  readonly db: Database;
  readonly taskQueue: string;
  /** How long a loop is given to answer. */
  readonly answerTimeoutMs?: number;
}

/** An answer within a second is usual; a worker that restarts takes some five. */
const usualAnswerTimeoutMs = 15_000;
const reachTimeoutMs = 2_000;

export function createLoopGateway({
  client,
  db,
  taskQueue,
  answerTimeoutMs = usualAnswerTimeoutMs,
}: LoopGatewayParts): LoopGateway {
  /** The client goes on trying a server that is away, whatever it is told: so it is left to itself. */
  async function within<Answer>(ms: number, ask: () => Promise<Answer>): Promise<Answer> {
    const signal = AbortSignal.timeout(ms);
    const { promise: late, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(new Refusal(problem('request.timeout'))));
    return Promise.race([client.connection.withAbortSignal(signal, ask), late]);
  }

  const isReachable = (): Promise<boolean> =>
    within(reachTimeoutMs, () => client.connection.workflowService.getSystemInfo({})).then(
      () => true,
      () => false,
    );

  /** Whatever went wrong on the way: what committed is told as committed. */
  async function settle(
    { loopId, envelope }: Opening | Step,
    ask: () => Promise<Receipt>,
  ): Promise<Receipt> {
    try {
      return await within(answerTimeoutMs, ask);
    } catch (error) {
      const receipt = await findReceipt(db, loopId, envelope.commandId);
      if (receipt) return receipt;
      const refused = isGone(error)
        ? problem(ended[await loopStanding(db, loopId)])
        : await named(problemOf(error));
      throw refused ? new Refusal(refused) : error;
    }
  }

  /** A loop that is slow is told from a Temporal that is away. */
  async function named(refused: Problem | null): Promise<Problem | null> {
    const isLate = refused?.code === 'request.timeout';
    return isLate && !(await isReachable()) ? problem('request.unavailable') : refused;
  }

  return {
    start: (opening) =>
      settle(opening, () =>
        client.workflow.executeUpdateWithStart(openLoopUpdate, {
          updateId: opening.envelope.commandId,
          startWorkflowOperation: new WithStartWorkflowOperation(opening.workflow, {
            workflowId: opening.workflowId,
            taskQueue,
            args: [{ id: opening.loopId, open: opening.envelope }],
            workflowIdConflictPolicy: 'USE_EXISTING',
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowTaskTimeout: '5s',
          }),
        }),
      ),
    send: (step) =>
      settle(step, async () => {
        const known = await recordedSequence(db, step.loopId);
        return client.workflow
          .getHandle(step.workflowId)
          .executeUpdate<Receipt, [Envelope<Command>]>(step.update, {
            updateId: step.envelope.commandId,
            args: [{ ...step.envelope, known }],
          });
      }),
    isReachable,
  };
}

/** The workflow is not there. An open loop without one is started again by the maintenance. */
const ended = {
  unknown: 'request.not_found',
  open: 'request.unavailable',
  closed: 'loop.closed',
} as const satisfies Record<string, ProblemCode>;

/** Temporal's own word for an update that its workflow did not live to answer. */
const unanswered = 'AcceptedUpdateCompletedWorkflow';

const isGone = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError ||
  error instanceof WorkflowExecutionAlreadyStartedError ||
  (refusedBy(error)?.type ?? '') === unanswered;

const refusedBy = (error: unknown): ApplicationFailure | null =>
  error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure
    ? error.cause
    : null;

const isKnown = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

/** Null for what nobody expected. */
function problemOf(error: unknown): Problem | null {
  if (error instanceof Refusal) return error.problem;
  const refused = refusedBy(error);
  if (refused) {
    const code = refused.type ?? '';
    const [params] = (refused.details ?? []) as Problem['params'][];
    return isKnown(code) ? problem(code, params) : null;
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return problem('request.timeout');
  const cause = error instanceof ServiceError ? error.cause : error;
  if (isGrpcDeadlineError(cause) || isGrpcCancelledError(cause)) return problem('request.timeout');
  const isPassing = isGrpcServiceError(cause) && passing.includes(cause.code);
  return isPassing ? problem('request.unavailable') : null;
}

/**
 * gRPC: RESOURCE_EXHAUSTED, FAILED_PRECONDITION (the task that had the update failed and is done
 * again without it), ABORTED, INTERNAL (a broken stream), UNAVAILABLE.
 */
const passing: readonly number[] = [8, 9, 10, 13, 14];
