/** Tells "Postgres is away, try again" from a bug, for Temporal's retry policy. */
import { ApplicationFailure } from '@temporalio/common';

/** Codes of the driver, of Node's sockets, and SQLSTATE classes of a server that is busy or going. */
const passing = [
  /^CONNECT(ION)?_/,
  /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$/,
  /^08/, // connection exception
  /^53/, // insufficient resources
  /^57(014|P0)/, // cancelled by a time-out; administrator shutdown, crash, cannot connect now
  /^25P0[34]$/, // idle or transaction time-out
  /^40(001|P01)$/, // serialization failure, deadlock
  /^55P03$/, // lock not available
  /^58/, // system error
];

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

export function isOutage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isOutage);
  const code = codeOf(error);
  return code !== '' && passing.some((pattern) => pattern.test(code));
}

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
