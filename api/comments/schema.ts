/** What the operations on comments take and answer. */
import { z } from '@hono/zod-openapi';
import { pageQuery } from '../directory/schema.ts';
import { text } from '../handoffs/schema.ts';

/** Letters of one comment. */
export const commentLengthMax = 4_000;
/** Of one loop: it is a talk about one matter, and its pages show it whole. */
export const commentsMax = 200;

export const commentParams = z.object({ id: z.uuid() });
export const commentBody = z.strictObject({ text: text(commentLengthMax) }).openapi('NewComment');
export const commentsQuery = pageQuery;

export const commentAnswer = z
  .object({
    id: z.uuid(),
    author: z.object({ id: z.string(), name: z.string() }),
    at: z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' }),
    source: z.enum(['mail', 'page', 'api']).openapi({ description: 'How it came.' }),
    text: z.string().nullable().openapi({ description: 'As they wrote it; null once erased.' }),
  })
  .openapi('Comment');
export const commentsAnswer = z
  .object({ items: z.array(commentAnswer), next: z.string().nullable() })
  .openapi('Comments');
