/** What the operations on messages take and answer. */
import { z } from '@hono/zod-openapi';
import { pageQuery } from '../directory/schema.ts';

const instant = z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' });

export const noticeParams = z.object({ id: z.uuid() });
export const loopNoticesQuery = pageQuery;

const notice = z.object({
  id: z.uuid(),
  loop: z.uuid().nullable(),
  to: z.object({ id: z.string(), name: z.string() }),
  kind: z.string().openapi({ example: 'handoff.offered' }),
  channel: z.string().openapi({ example: 'email' }),
  status: z.string().openapi({ example: 'planned' }),
  sendAt: instant,
  written: z
    .object({
      locale: z.string().openapi({ example: 'de' }),
      from: z.enum(['person', 'region', 'default']).openapi({ description: 'Whose choice it is.' }),
      why: z.string(),
    })
    .nullable()
    .openapi({ description: 'In which language; null until it is written.' }),
  why: z.string().openapi({ description: 'Where it stands, in your language and on your clock.' }),
});

export const explainedNotice = notice
  .extend({
    events: z.array(
      z.object({ at: instant, localAt: z.string(), what: z.string(), why: z.string() }),
    ),
  })
  .openapi('ExplainedNotice');
export const noticesAnswer = z
  .object({ items: z.array(notice), next: z.string().nullable() })
  .openapi('Notices');
