/** `PUT /directory`: the one operation that takes a file, as JSON or as a form of CSV files. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { problem, Refusal } from '../domain/problem.ts';
import type { DirectorySource } from './directory/import-directory.ts';
import {
  authoriseReplacement,
  replaceDirectory,
  replaceDirectoryRoute,
} from './directory/replace-directory.ts';
import type { ApiEnvironment, ApiParts } from './environment.ts';
import { actorOf } from './bind.ts';
import { checkDepth, isJson } from './middleware/json.ts';

export function registerDirectoryFile(app: OpenAPIHono<ApiEnvironment>, parts: ApiParts): void {
  app.openAPIRegistry.registerPath(replaceDirectoryRoute);
  app.put(replaceDirectoryRoute.path, async (c) => {
    const actor = actorOf(c);
    authoriseReplacement(actor);
    return c.json(await replaceDirectory(parts, { actor, input: await sourceOf(c) }));
  });
}

async function sourceOf(c: Context): Promise<DirectorySource> {
  const type = c.req.header('content-type') ?? '';
  if (isJson(type)) {
    const json = await c.req.text();
    checkDepth(json);
    return { json };
  }
  if (!/^multipart\/form-data\b/i.test(type)) {
    const types = 'application/json / multipart/form-data';
    throw new Refusal(problem('request.media_type', { types }));
  }
  const form = await c.req.formData().catch(() => {
    throw new Refusal(problem('directory.malformed'));
  });
  const files = [...form].map(async ([name, part]) =>
    typeof part === 'string'
      ? { name, text: part }
      : { name: part.name === '' ? name : part.name, text: await part.text() },
  );
  return { csv: await Promise.all(files) };
}
