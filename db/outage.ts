/** Tells "Postgres is away, try again" from a bug. */

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

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

export function isOutage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isOutage);
  const code = codeOf(error);
  return code !== '' && passing.some((pattern) => pattern.test(code));
}
