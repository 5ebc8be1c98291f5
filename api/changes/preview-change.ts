import { createRoute, type z } from '@hono/zod-openapi';
import { previewed } from '../../db/changes.ts';
import type { Asked } from '../directory/parts.ts';
import { askedChange, authoriseChange, type ChangeParts, iso, shownPlan } from './present.ts';
import { changeBody, previewAnswer } from './schema.ts';

export const previewChangeRoute = createRoute({
  method: 'post',
  path: '/changes/preview',
  operationId: 'previewChange',
  tags: ['changes'],
  summary: 'What a change of the organisation would move, and who would be told; nothing is done',
  request: { body: { required: true, content: { 'application/json': { schema: changeBody } } } },
  responses: {
    200: {
      description: 'As things are now. The same planner makes the change on its day.',
      content: { 'application/json': { schema: previewAnswer } },
    },
  },
});

export async function previewChange(
  parts: ChangeParts,
  { actor, input }: Asked<z.output<typeof changeBody>>,
): Promise<z.input<typeof previewAnswer>> {
  authoriseChange(actor);
  const asked = await askedChange(parts, input);
  const planned = await previewed(parts.db, { id: null, ...asked });
  return { at: iso(asked.at), ...(await shownPlan(parts, actor, planned)) };
}
