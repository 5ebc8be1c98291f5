import { createRoute, z } from '@hono/zod-openapi';
import { mailOffFor } from '../../db/channel-off.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';

/** Whoever stands over more than these turns some on before the others are shown. */
const shownMax = 200;

const mailOffAnswer = z
  .object({
    items: z.array(
      z.object({
        id: z.string().openapi({ example: 'tokyo-lead' }),
        name: z.string(),
        since: z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' }),
        revision: z.int().openapi({ description: 'For `If-Match` of turning mail on.' }),
      }),
    ),
  })
  .openapi('MailOff');

export const listMailOffRoute = createRoute({
  method: 'get',
  path: '/me/mail-off',
  operationId: 'listMailOff',
  tags: ['messages'],
  summary: 'Whose mail is off and may be turned on by you: others than yourself',
  responses: {
    200: {
      description: `Those whom no mail reaches the longest come first; ${shownMax} at most.`,
      content: { 'application/json': { schema: mailOffAnswer } },
    },
  },
});

export async function listMailOff(
  { db }: Pick<DirectoryParts, 'db'>,
  { actor }: Pick<Asked<unknown>, 'actor'>,
): Promise<z.input<typeof mailOffAnswer>> {
  const rows = await mailOffFor(db, actor, shownMax);
  return { items: rows.map((row) => ({ ...row, since: new Date(row.since).toISOString() })) };
}
