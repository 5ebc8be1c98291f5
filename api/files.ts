/** Answers that are files: read over the API with a token, and from a page with its session. */
import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { z } from 'zod';
import { problem, Refusal } from '../domain/problem.ts';
import type { Actor } from '../domain/authority.ts';
import { actorOf } from './bind.ts';
import type { ApiEnvironment } from './environment.ts';

export interface TextFile {
  readonly name: string;
  /** Such as `text/csv`. */
  readonly type: string;
  readonly text: string;
}

export interface FileOperation<Parts> {
  readonly route: RouteConfig & {
    readonly request: { readonly params: z.ZodType<{ id: string }> };
  };
  run(parts: Parts, asked: { readonly actor: Actor; readonly id: string }): Promise<TextFile>;
}

/** What is no id of ours leads nowhere, as everywhere. */
export async function fileAnswer<Parts>(
  c: Context<ApiEnvironment>,
  { route, run }: FileOperation<Parts>,
  parts: Parts,
): Promise<Response> {
  const params = route.request.params.safeParse({ id: c.req.param('id') });
  if (!params.success) throw new Refusal(problem('request.not_found'));
  const { name, type, text } = await run(parts, { actor: actorOf(c), id: params.data.id });
  return c.body(text, 200, {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${name}"`,
  });
}

export function bindFile<Parts>(
  app: OpenAPIHono<ApiEnvironment>,
  operation: FileOperation<Parts>,
  parts: Parts,
): void {
  const { route } = operation;
  app.openAPIRegistry.registerPath(route);
  app.get(route.path.replace('{id}', ':id'), (c) => fileAnswer(c, operation, parts));
}
