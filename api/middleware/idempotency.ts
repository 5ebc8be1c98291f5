/** Every POST carries a key of its sender's; the same key gets the same answer, whatever crashed. */
import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { claimRequest, keepAnswer, releaseRequest } from '../../db/idempotency.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ApiEnvironment, ApiParts } from '../environment.ts';

/** How long a request under way is believed alive. */
const leaseMs = 30_000;
const keyPattern = /^[\w-]{8,200}$/;

export function idempotencyKey(header: string | undefined): string {
  if (header === undefined) throw new Refusal(problem('request.idempotency_key_missing'));
  if (!keyPattern.test(header)) throw new Refusal(problem('request.idempotency_key_invalid'));
  return header;
}

export const idempotent =
  ({ db, clock }: ApiParts): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const key = idempotencyKey(c.req.header('idempotency-key'));
    const body = Buffer.from(await c.req.arrayBuffer());
    const bodyHash = createHash('sha256').update(body).digest();
    const request = { actor: c.var.actor.id, route: c.req.path, key };
    const claim = await claimRequest(db, { ...request, bodyHash, now: clock.now(), leaseMs });
    if (claim === 'in flight') throw new Refusal(problem('request.in_flight'));
    if (claim === 'reused') throw new Refusal(problem('request.idempotency_key_reused'));
    if (claim !== 'fresh') return c.body(claim.answer, claim.status as 200, { ...claim.headers });
    await next();
    const { res } = c;
    if (res.status >= 500) return releaseRequest(db, request);
    const answer = await res.clone().text();
    const headers = Object.fromEntries(
      ['content-type', 'content-language', 'etag'].flatMap((name) => {
        const value = res.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    return keepAnswer(db, request, { status: res.status, headers, answer });
  };
