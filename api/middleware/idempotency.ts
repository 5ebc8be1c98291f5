/** Every POST carries a key of its sender's; the same key gets the same answer, whatever crashed. */
import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { claimRequest, keepAnswer, releaseRequest, type RequestKey } from '../../db/idempotency.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { boundedCache } from '../../domain/time/bounded-cache.ts';
import type { ApiEnvironment, ApiParts } from '../environment.ts';

/** Longer than any request is let run, so that a claim is taken over only from the dead. */
const leaseMs = 30_000;
const keyPattern = /^[\w-]{8,200}$/;
const keptHeaders = ['content-type', 'etag', 'location'] as const;

/**
 * What somebody answers about somebody else is kept without its author: a hash of it beside the author
 * would tell whose it is. It is taken once whatever its body says.
 */
const isUnnamed = (path: string): boolean =>
  path.startsWith('/feedback-rounds/') && path.endsWith('/answer');

export function idempotencyKey(header: string | undefined): string {
  if (header === undefined) throw new Refusal(problem('request.idempotency_key_missing'));
  if (!keyPattern.test(header)) throw new Refusal(problem('request.idempotency_key_invalid'));
  return header;
}

export function idempotent({
  db,
  clock,
}: Pick<ApiParts, 'db' | 'clock'>): MiddlewareHandler<ApiEnvironment> {
  const losses = createLosses();
  return async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const key = idempotencyKey(c.req.header('idempotency-key'));
    const request = { actor: c.var.actor.id, route: c.req.path, key };
    const body = isUnnamed(c.req.path) ? null : await c.req.text();
    const bodyHash = createHash('sha256')
      .update(JSON.stringify([c.req.header('if-match') ?? null, body]))
      .digest();
    const claim = await losses.unlessLost(request, (isOurs) =>
      claimRequest(db, { ...request, bodyHash, now: clock.now(), leaseMs, isOurs }),
    );
    if (claim === 'in flight') throw new Refusal(problem('request.in_flight'));
    if (claim === 'reused') throw new Refusal(problem('request.idempotency_key_reused'));
    if (claim !== 'claimed') {
      return c.body(claim.answer, claim.status as 200, {
        ...claim.headers,
        'idempotency-replayed': 'true',
      });
    }
    await next();
    await losses.unlessLost(request, async () => {
      if (c.res.status >= 500) return releaseRequest(db, request, clock.now());
      return keepAnswer(db, request, { ...(await answerOf(c.res)), now: clock.now() });
    });
  };
}

async function answerOf(res: Response) {
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = res.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
  return { status: res.status, headers, answer: await res.clone().text() };
}

const lossesMax = 10_000;

/**
 * Requests whose claim Postgres may hold for us while it could not be told that they have ended. A
 * repeat takes such a claim over at once instead of waiting for its lease to run out.
 */
function createLosses() {
  const lost = boundedCache<boolean>(lossesMax);
  return {
    async unlessLost<Answer>(
      { actor, route, key }: RequestKey,
      act: (isOurs: boolean) => Promise<Answer>,
    ): Promise<Answer> {
      const name = JSON.stringify([actor, route, key]);
      const isOurs = lost.get(name) ?? false;
      try {
        const answer = await act(isOurs);
        if (isOurs) lost.set(name, false);
        return answer;
      } catch (error) {
        lost.set(name, true);
        throw error;
      }
    },
  };
}
