/** What every request gets, whoever asks: an id, a language, a line in the log, a limit of time. */
import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ApiEnvironment, ApiParts } from '../environment.ts';
import { strangerOf } from '../language.ts';
import type { Metrics } from '../metrics.ts';
import type { Operations } from '../operations.ts';

/** The log names operations, never addresses: those hold ids, and queries hold what people look for. */
export const introduce =
  (
    { log, clock, metrics }: Pick<ApiParts, 'log' | 'clock'> & { readonly metrics: Metrics },
    operations: Operations,
  ): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    const requestId = randomUUID();
    c.set('requestId', requestId);
    c.set('recipient', strangerOf(c.req.header('accept-language')));
    const startedAt = clock.now();
    await next();
    c.header('request-id', requestId);
    const { method } = c.req;
    const operation = operations.find(method, c.req.path);
    const { status } = c.res;
    const durationMs = clock.now() - startedAt;
    metrics.observe({ operation, method, status, seconds: durationMs / 1_000 });
    log.info({ requestId, method, operation, status, durationMs }, 'answered');
  };

/** No address of ours holds one, and Postgres keeps no text that does. */
const control = /\p{Cc}/u;

export const refuseControls: MiddlewareHandler = (c, next) => {
  if (control.test(c.req.path)) throw new Refusal(problem('request.not_found'));
  return next();
};

/** Longer than a loop is given to answer; what goes on behind it still settles and is kept. */
const handlerTimeoutMs = 20_000;

export const limitTime =
  (timeoutMs: number = handlerTimeoutMs): MiddlewareHandler<ApiEnvironment> =>
  async (_c, next) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Refusal(problem('request.timeout'))), timeoutMs);
    try {
      await Promise.race([next(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
