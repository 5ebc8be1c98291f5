/** A file as it was attached: always saved, never shown in the place of a page of ours. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { findAttachment } from '../../db/budget-attachments.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actorOf } from '../bind.ts';
import type { ApiEnvironment } from '../environment.ts';
import type { BudgetParts } from './parts.ts';
import { seenBudget } from './present.ts';

const params = z.object({ id: z.uuid(), attachment: z.uuid() });

const route = createRoute({
  method: 'get',
  path: '/budget-requests/{id}/attachments/{attachment}',
  operationId: 'readBudgetAttachment',
  tags: ['budget requests'],
  summary: 'A file that is attached, for saving',
  request: { params },
  responses: {
    200: {
      description: 'Its bytes.',
      content: {
        'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) },
      },
    },
  },
});

type C = Context<ApiEnvironment>;

/** To whoever sees the request; both the API and the pages answer with it. */
export async function attachmentResponse(c: C, parts: Pick<BudgetParts, 'db'>): Promise<Response> {
  const read = params.safeParse(c.req.param());
  if (!read.success) throw new Refusal(problem('request.not_found'));
  const { id, attachment } = read.data;
  const request = id as LoopId;
  await seenBudget(parts, actorOf(c), request);
  const found = await findAttachment(parts.db, { request, id: attachment });
  if (!found) throw new Refusal(problem('request.not_found'));
  return c.body(Buffer.from(found.bytes), 200, {
    'content-type': found.mediaType,
    'content-disposition': disposition(found.name),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
}

/** RFC 6266: letters of every script beside a name of ASCII for whoever cannot read them. */
const disposition = (name: string): string => {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
};

export function registerAttachments(
  app: OpenAPIHono<ApiEnvironment>,
  parts: Pick<BudgetParts, 'db'>,
): void {
  app.openAPIRegistry.registerPath(route);
  app.get('/budget-requests/:id/attachments/:attachment', (c) => attachmentResponse(c, parts));
}
