/** Joins an operation to its route: what was asked goes in, the answer with its ETag comes out. */
import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Actor } from '../domain/authority.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { derivedId } from '../db/derived-id.ts';
import type { ApiEnvironment } from './environment.ts';
import { idempotencyKey } from './middleware/idempotency.ts';

type App = OpenAPIHono<ApiEnvironment>;

export interface AskedOf {
  readonly actor: Actor;
  readonly input: never;
  readonly commandId: string;
  readonly seen?: number;
}

/** `"3"`, as the ETag was given. */
function seenRevision(header: string | undefined): { readonly seen?: number } {
  if (header === undefined) return {};
  const revision = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (revision === undefined) throw new Refusal(problem('request.if_match_invalid'));
  return { seen: Number(revision) };
}

/** An operation never runs for nobody, whatever led a request here. */
export function actorOf(c: Context<ApiEnvironment>): Actor {
  const actor: Actor | undefined = c.var.actor;
  if (actor === undefined) throw new Refusal(problem('identity.missing'));
  return actor;
}

function commandIdOf(c: Context<ApiEnvironment>): string {
  if (c.req.method !== 'POST') return '';
  const key = idempotencyKey(c.req.header('idempotency-key'));
  return derivedId('command', c.var.actor.id, c.req.path, key);
}

export function bind(
  app: App,
  route: RouteConfig,
  operation: (asked: AskedOf) => Promise<unknown>,
): void {
  const status = Object.keys(route.responses).includes('201') ? 201 : 200;
  const handler = async (c: Context<ApiEnvironment>): Promise<Response> => {
    const valid = c.req.valid as unknown as (target: string) => object | undefined;
    const input = {
      ...(route.request?.query && valid.call(c.req, 'query')),
      ...(route.request?.body && valid.call(c.req, 'json')),
      ...(route.request?.params && valid.call(c.req, 'param')),
    } as never;
    const answer = await operation({
      actor: actorOf(c),
      input,
      commandId: commandIdOf(c),
      ...seenRevision(c.req.header('if-match')),
    });
    const revision = (answer as { revision?: number }).revision;
    if (revision !== undefined) c.header('etag', `"${revision}"`);
    if (status === 201) c.header('location', `${c.req.path}/${(answer as { id: string }).id}`);
    return c.json(answer as object, status);
  };
  app.openapi(route as never, handler as never);
}
