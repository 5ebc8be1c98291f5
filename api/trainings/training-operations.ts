/** Cultural-competency trainings of somebody: recorded by whoever looks after learning, read by them. */
import { createRoute, z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { derivedId } from '../../db/derived-id.ts';
import { regionsKnown } from '../../db/regions.ts';
import { countTrainings, insertTraining, listTrainings, trainingsMax } from '../../db/trainings.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { AssignmentParts } from '../assignments/parts.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { dayIn } from '../instants.ts';
import { daysReversed } from '../mistakes.ts';
import type { Commanded } from '../loop-steps.ts';

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);

export const trainingBody = z
  .strictObject({
    regions: z.tuple([nounId, nounId]),
    completedOn: dayIn,
    expiresOn: dayIn.openapi({ description: 'The last day on which it counts.' }),
  })
  .refine(({ completedOn, expiresOn }) => completedOn <= expiresOn, daysReversed)
  .openapi('TrainingEntry');

const trainingsAnswer = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        regions: z.array(z.string()),
        completedOn: z.iso.date(),
        expiresOn: z.iso.date(),
      }),
    ),
  })
  .openapi('Trainings');

const responses = {
  200: {
    description: 'The one that lasts longest first.',
    content: { 'application/json': { schema: trainingsAnswer } },
  },
} as const;

const readRoute = createRoute({
  method: 'get',
  path: '/people/{id}/trainings',
  operationId: 'listTrainings',
  tags: ['assignments'],
  summary: 'Cultural-competency trainings of somebody, and until when each counts',
  request: { params: idParams },
  responses,
});

const recordRoute = createRoute({
  method: 'post',
  path: '/people/{id}/trainings',
  operationId: 'recordTraining',
  tags: ['assignments'],
  summary: 'Records a training between two regions',
  request: {
    params: idParams,
    body: { required: true, content: { 'application/json': { schema: trainingBody } } },
  },
  responses,
});

interface ById {
  readonly id: string;
}
type Trainings = z.input<typeof trainingsAnswer>;

/** Whom they may not ask about does not exist for them. */
async function seen({ db, clock }: AssignmentParts, actor: Actor, id: string): Promise<Actor> {
  const person = (await loadActors(db, [id as PersonId], clock.now())).get(id as PersonId);
  if (!person || !may(actor, 'training.view', person)) {
    throw new Refusal(problem('request.not_found'));
  }
  return person;
}

async function list(parts: AssignmentParts, { actor, input }: Asked<ById>): Promise<Trainings> {
  const { id } = await seen(parts, actor, input.id);
  const items = await listTrainings(parts.db, id);
  return { items: items.map((training) => ({ ...training, regions: [...training.regions] })) };
}

async function record(
  parts: AssignmentParts,
  asked: Commanded<ById & z.output<typeof trainingBody>>,
): Promise<Trainings> {
  const { db, clock } = parts;
  const { actor, input, commandId } = asked;
  const person = await seen(parts, actor, input.id);
  if (!may(actor, 'training.record', person)) throw new Refusal(problem('authority.forbidden'));
  const regions = input.regions as [RegionId, RegionId];
  if (regions[0] === regions[1]) throw new Refusal(problem('assignment.host_is_home'));
  const known = await regionsKnown(db, regions);
  const region = regions.find((one) => !known.has(one));
  if (region !== undefined) throw new Refusal(problem('assignment.region_unknown', { region }));
  if ((await countTrainings(db, person.id)) >= trainingsMax) {
    throw new Refusal(problem('training.too_many', { max: trainingsMax }));
  }
  const { completedOn, expiresOn } = input;
  const entry = { regions, completedOn, expiresOn, person: person.id, by: actor.id };
  const training = { ...entry, id: derivedId('training', commandId), at: clock.now() };
  await db.transaction().execute(async (tx) => {
    await insertTraining(tx, training);
    // What they have agreed to is planned with it: an assignment that waits for it, or that runs without.
    const change = { reason: 'directory', people: [person.id], at: training.at } as const;
    await recordCalendarChange(tx, change);
  });
  return list(parts, asked);
}

export const trainingOperations = {
  list: { route: readRoute, run: list },
  record: { route: recordRoute, run: record },
} as const;
