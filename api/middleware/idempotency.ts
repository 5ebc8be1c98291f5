/** Every POST carries a key of its sender's; the same key gets the same answer, whatever crashed. */
import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { claimRequest, keepAnswer, releaseRequest } from '../../db/idempotency.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ApiEnvironment, ApiParts } from '../environment.ts';

/** Longer than any request is let run, so that a claim is taken over only from the dead. */
const leaseMs = 30_000;
const keyPattern = /^[\w-]{8,200}$/;
const keptHeaders = ['content-type', 'etag', 'location'] as const;

export function idempotencyKey(header: string | undefined): string {
  if (header === undefined) throw new Refusal(problem('request.idempotency_key_missing'));
  if (!keyPattern.test(header)) throw new Refusal(problem('request.idempotency_key_invalid'));
  return header;
}

export const idempotent =
  ({ db, clock }: Pick<ApiParts, 'db' | 'clock'>): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const key = idempotencyKey(c.req.header('idempotency-key'));
    const request = { actor: c.var.actor.id, route: c.req.path, key };
    const bodyHash = createHash('sha256')
      .update(JSON.stringify([c.req.header('if-match') ?? null, await c.req.text()]))
      .digest();
    const claim = await claimRequest(db, { ...request, bodyHash, now: clock.now(), leaseMs });
    if (claim === 'in flight') throw new Refusal(problem('request.in_flight'));
    if (claim === 'reused') throw new Refusal(problem('request.idempotency_key_reused'));
    if (claim !== 'claimed') {
      return c.body(claim.answer, claim.status as 200, {
        ...claim.headers,
        'idempotency-replayed': 'true',
      });
    }
    await next();
    const { res } = c;
    if (res.status >= 500) return releaseRequest(db, request, clock.now());
    const headers = Object.fromEntries(
      keptHeaders.flatMap((name) => {
        const value = res.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const answer = await res.clone().text();
    await keepAnswer(db, request, { status: res.status, headers, answer, now: clock.now() });
  };
