/** An outage as Temporal's retry policy understands it. */
import { ApplicationFailure } from '@temporalio/common';
import { codeOf, isOutage } from '../db/outage.ts';

/** Retried while Postgres is away; any other error is a bug and reaches the workflow at once. */
export async function retryOutage<T>(act: () => Promise<T>, onOutage: () => void): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (isOutage(error)) {
      onOutage();
      throw ApplicationFailure.create({
        type: 'outage',
        message: codeOf(error) || 'outage',
        nonRetryable: false,
      });
    }
    const message = error instanceof Error ? error.message : String(error);
    throw ApplicationFailure.create({ type: 'bug', message, nonRetryable: true });
  }
}
