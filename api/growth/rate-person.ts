import { createRoute, type z } from '@hono/zod-openapi';
import { currentMap } from '../../db/competency-map.ts';
import { keepSheet, sheetKind } from '../../db/competency-ratings.ts';
import { may } from '../../domain/authority.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { idParams } from '../directory/schema.ts';
import type { Commanded } from '../loop-steps.ts';
import { writeContent } from '../write-content.ts';
import { type GrowthParts, seenGrowth, writeSheet } from './parts.ts';
import { type Growth, growthResponses, readGrowth } from './read-growth.ts';
import { ratingsBody } from './schema.ts';

export const ratePersonRoute = createRoute({
  method: 'post',
  path: '/people/{id}/ratings',
  operationId: 'rateCompetencies',
  tags: ['growth'],
  summary: 'Rates what somebody can do, each with its evidence',
  request: {
    params: idParams,
    body: { required: true, content: { 'application/json': { schema: ratingsBody } } },
  },
  responses: growthResponses,
});

type Input = z.output<typeof ratingsBody> & { readonly id: string };

/** Outside an audit: by whoever leads somebody, or the learning of their region. */
export async function ratePerson(parts: GrowthParts, asked: Commanded<Input>): Promise<Growth> {
  const { db, clock } = parts;
  const { actor, input, commandId } = asked;
  const subject = await seenGrowth(parts, actor, input.id);
  if (actor.id === subject.person.id) throw new Refusal(problem('growth.own_rating'));
  if (!may(actor, 'competency.rate', subject)) throw new Refusal(problem('authority.forbidden'));
  const at = clock.now();
  const { ratings, acknowledgedFlags: acknowledged } = input;
  const sheet = await writeSheet(parts, actor, { ratings, acknowledged }, (body) =>
    writeContent(parts, { actor, commandId }, { kind: sheetKind, body }),
  );
  await db.transaction().execute(async (tx) => {
    const mapVersion = await currentMap(tx, new Date(at).toISOString().slice(0, 10));
    const given = { sheet, person: subject.person.id, by: actor.id, at, mapVersion, loop: null };
    await keepSheet(tx, given);
  });
  return readGrowth(parts, { actor, input });
}
