import { createRoute, type z } from '@hono/zod-openapi';
import { insertContent } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findPerson } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import type { ContentId, LoopId } from '../../domain/id.ts';
import { acceptedDaysMax } from '../../domain/outlook/state.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { dayNumber } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { actingAs } from '../authorise.ts';
import type { Asked } from '../directory/parts.ts';
import { sendStep } from '../loop-steps.ts';
import { outlookAddress, type OutlookParts } from './parts.ts';
import { type FindingAnswer, presentFinding } from './read-finding.ts';
import { acknowledgeBody, findingAnswer, findingParams } from './schema.ts';

export const acknowledgeFindingRoute = createRoute({
  method: 'post',
  path: '/findings/{id}/acknowledge',
  operationId: 'acknowledgeFinding',
  tags: ['accounts'],
  summary:
    'Accepts it until a day, with a reason; if it is there then still, it is asked about again',
  request: {
    params: findingParams,
    body: { required: true, content: { 'application/json': { schema: acknowledgeBody } } },
  },
  responses: {
    200: {
      description: 'The finding as it now stands.',
      content: { 'application/json': { schema: findingAnswer } },
    },
  },
});

type Input = z.output<typeof acknowledgeBody> & { readonly id: string };

interface Acknowledged extends Asked<Input> {
  readonly commandId: string;
  readonly seen?: number | undefined;
}

export async function acknowledgeFinding(
  parts: OutlookParts,
  { actor, input, commandId, seen }: Acknowledged,
): Promise<FindingAnswer> {
  const { db, clock } = parts;
  const id = input.id as LoopId;
  await presentFinding(parts, actor, id);
  const { zone } = present(await findPerson(db, actor, actor.id), 'who acts');
  const ends = atWall(zone, { day: present(dayNumber(input.until), 'the day') + 1, minute: 0 });
  if ('reason' in ends) {
    throw new Refusal(problem('outlook.accepted_until', { days: acceptedDaysMax }));
  }
  const kind = 'outlook.reason';
  const reason = derivedId('content', commandId, kind) as ContentId;
  await sendStep(parts, outlookAddress, {
    id,
    commandId,
    seen,
    command: async () => {
      const body = { text: input.reason };
      await insertContent(db, { id: reason, author: actor.id, kind, body, at: clock.now() });
      return { type: 'acknowledge', ...actingAs(actor, input.onBehalfOf), until: ends.at, reason };
    },
  });
  return presentFinding(parts, actor, id);
}
