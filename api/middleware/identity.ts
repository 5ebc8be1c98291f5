/** Who asks: the bearer of a token, linked to a person who is still there. */
import type { MiddlewareHandler } from 'hono';
import { loadActor } from '../../db/actors.ts';
import { personOf } from '../../db/identities.ts';
import { addressee } from '../../db/notices.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { recipientFor } from '../../locales/render.ts';
import type { ApiEnvironment, ApiParts } from '../environment.ts';

export const identify =
  ({ db, clock, verifyToken, issuer }: ApiParts): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (token === undefined) throw new Refusal(problem('identity.missing'));
    const { subject } = await verifyToken(token);
    const id = await personOf(db, { issuer, subject });
    if (id === null) throw new Refusal(problem('identity.unknown_person'));
    const [actor, person] = await Promise.all([loadActor(db, id, clock.now()), addressee(db, id)]);
    if (!actor || !person) throw new Refusal(problem('identity.unknown_person'));
    if (!actor.isActive) throw new Refusal(problem('identity.left'));
    c.set('actor', actor);
    c.set('recipient', recipientFor(person));
    await next();
  };
