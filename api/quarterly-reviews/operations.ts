/** Convenes quarterly reviews, shows them, and takes their steps. Whether somebody may is the record's to say. */
import { createRoute, type z } from '@hono/zod-openapi';
import { insertContent } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findPerson } from '../../db/people.ts';
import {
  convene,
  fairSlot,
  listReviews as rowsOf,
  type ReviewOf,
  reviewId,
} from '../../db/quarterly-reviews.ts';
import { findScorecardGroup } from '../../db/scorecard.ts';
import type { Actor } from '../../domain/authority.ts';
import type { ContentId, LoopId, PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import {
  meetingMinutes,
  type ReviewCommand,
  type Slot,
} from '../../domain/quarterly-review/state.ts';
import { dayNumber } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { dayMs, minuteMs } from '../../domain/time/zone.ts';
import { actingAs, authorise } from '../authorise.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { openLoop, sendStep } from '../loop-steps.ts';
import { type ById, type Commanded, reviewAddress, type ReviewParts } from './parts.ts';
import { presentReview, type Review, seenReview, summaryOf } from './present.ts';
import {
  actionBody,
  finishBody,
  moveBody,
  openBody,
  plainBody,
  reviewAnswer,
  reviewParams,
  reviewsAnswer,
  reviewsQuery,
} from './schema.ts';

const listRoute = createRoute({
  method: 'get',
  path: '/quarterly-reviews',
  operationId: 'listQuarterlyReviews',
  tags: ['growth'],
  summary: 'The quarterly reviews that you take part in or look after',
  request: { query: reviewsQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: reviewsAnswer } },
    },
  },
});

export type Reviews = z.input<typeof reviewsAnswer>;

export async function listReviews(
  parts: ReviewParts,
  { actor, input }: Asked<z.output<typeof reviewsQuery>>,
): Promise<Reviews> {
  const { limit } = input;
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const after = place && { at: place[0], id: place[1] };
  const rows = await rowsOf(parts.db, actor, { after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(summaryOf),
    next: last === undefined ? null : encodeCursor([last.openedAt, last.id]),
  };
}

const openRoute = createRoute({
  method: 'post',
  path: '/quarterly-reviews',
  operationId: 'openQuarterlyReview',
  tags: ['growth'],
  summary: 'Convenes the review of a quarter that is over, at a fair time; once',
  request: { body: { required: true, content: { 'application/json': { schema: openBody } } } },
  responses: {
    201: {
      description: 'Convened: those who take part are asked to confirm or to move it.',
      content: { 'application/json': { schema: reviewAnswer } },
    },
  },
});

type Opening = z.output<typeof openBody>;

export async function openReview(parts: ReviewParts, asked: Commanded<Opening>): Promise<Review> {
  const { region, team = null, quarter } = asked.input;
  const of = { region: region as RegionId, team: team as TeamId | null, quarter };
  const id = reviewId(of);
  await openLoop(parts, reviewAddress, { id, command: () => openCommand(parts, asked, of) });
  return presentReview(parts, asked.actor, id);
}

async function openCommand(
  parts: ReviewParts,
  { actor, input }: Commanded<Opening>,
  of: ReviewOf,
): Promise<ReviewCommand> {
  const { db, clock } = parts;
  const { region, team } = of;
  const group = await findScorecardGroup(db, team === null ? 'region' : 'team', team ?? region);
  if (group?.region !== region) throw new Refusal(problem('assignment.region_unknown'));
  const { onBehalfOf } = input;
  const subject = { region, chair: actor.id, participants: [] };
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'quarter.open', subject, otherwise });
  const convened = await convene(db, of, clock.now());
  if (!convened) throw new Refusal(problem('quarter.no_slot'));
  return { type: 'open', ...actingAs(actor, onBehalfOf), ...convened };
}

const readRoute = createRoute({
  method: 'get',
  path: '/quarterly-reviews/{id}',
  operationId: 'readQuarterlyReview',
  tags: ['growth'],
  summary: 'A quarterly review: its agenda with figures of every loop, who comes, what was agreed',
  request: { params: reviewParams },
  responses: {
    200: {
      description: 'The review, with its ETag.',
      content: { 'application/json': { schema: reviewAnswer } },
    },
  },
});

export const readReview = (parts: ReviewParts, { actor, input }: Asked<ById>): Promise<Review> =>
  presentReview(parts, actor, input.id as LoopId);

const stepRoute = <Verb extends string, Body extends z.ZodType>(
  verb: Verb,
  summary: string,
  body: Body,
) =>
  createRoute({
    method: 'post',
    path: `/quarterly-reviews/{id}/${verb}`,
    operationId: `${verb}QuarterlyReview`,
    tags: ['growth'],
    summary,
    request: {
      params: reviewParams,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: {
        description: 'The review as it now stands.',
        content: { 'application/json': { schema: reviewAnswer } },
      },
    },
  });

type By = ReturnType<typeof actingAs>;
type StepCommand = Exclude<ReviewCommand, { readonly type: 'open' }>;

async function takeStep(
  parts: ReviewParts,
  { actor, input, commandId, seen }: Commanded<ById>,
  command: (by: By) => Promise<StepCommand> | StepCommand,
): Promise<Review> {
  const id = input.id as LoopId;
  await seenReview(parts, actor, id);
  const by = actingAs(actor, input.onBehalfOf);
  await sendStep(parts, reviewAddress, { id, commandId, seen, command: async () => command(by) });
  return presentReview(parts, actor, id);
}

const plain =
  (type: 'confirm' | 'conclude' | 'cancel') =>
  (parts: ReviewParts, asked: Commanded<ById>): Promise<Review> =>
    takeStep(parts, asked, (by) => ({ type, ...by }));

type Move = ById & z.output<typeof moveBody>;

const moveReview = (parts: ReviewParts, asked: Commanded<Move>): Promise<Review> =>
  takeStep(parts, asked, async (by) => ({
    type: 'move',
    ...by,
    slot: await movedTo(parts, asked),
  }));

async function movedTo(parts: ReviewParts, { actor, input }: Commanded<Move>): Promise<Slot> {
  if (input.from !== undefined) {
    const from = Date.parse(input.from);
    return { from, until: from + meetingMinutes * minuteMs };
  }
  const { state } = await seenReview(parts, actor, input.id as LoopId);
  const at = parts.clock.now();
  const from = Math.max(at, state.slot.from) + dayMs;
  const slot = await fairSlot(parts.db, state.participants, { from, at });
  if (!slot) throw new Refusal(problem('quarter.no_slot'));
  return slot;
}

interface Written {
  readonly actor: Actor;
  readonly commandId: string;
  readonly text: string;
}

async function write(
  { db, clock }: ReviewParts,
  { actor, commandId, text }: Written,
): Promise<ContentId> {
  const kind = 'quarter.action';
  const id = derivedId('content', commandId, kind) as ContentId;
  await insertContent(db, { id, author: actor.id, kind, body: { text }, at: clock.now() });
  return id;
}

type NewAction = ById & z.output<typeof actionBody>;

const addAction = (parts: ReviewParts, asked: Commanded<NewAction>): Promise<Review> =>
  takeStep(parts, asked, async (by) => {
    const { actor, input } = asked;
    const { day, text } = input;
    const owner = input.owner as PersonId;
    const person = await findPerson(parts.db, actor, owner);
    if (!person) throw new Refusal(problem('person.unknown', { person: owner }));
    const dueAt = endOf(day, person.zone);
    const content = await write(parts, { ...asked, text });
    return { type: 'addAction', ...by, owner, day, dueAt, content };
  });

/** Where its next day begins. */
function endOf(day: string, zone: string): number {
  const number = dayNumber(day);
  if (number === null) throw new Refusal(problem('request.invalid'));
  const end = atWall(zone, { day: number + 1, minute: 0 });
  if ('reason' in end) throw new Refusal(problem('time.horizon'));
  return end.at;
}

type Finish = ById & z.output<typeof finishBody>;

const finishAction = (parts: ReviewParts, asked: Commanded<Finish>): Promise<Review> =>
  takeStep(parts, asked, async (by) => {
    const { number, text } = asked.input;
    const content = text === undefined ? null : await write(parts, { ...asked, text });
    return { type: 'finishAction', ...by, number, content };
  });

/** By the verb of the address. */
export const reviewSteps = {
  confirm: {
    route: stepRoute('confirm', 'Says that you come at the time proposed', plainBody),
    run: plain('confirm'),
  },
  move: {
    route: stepRoute('move', 'Proposes another time; everybody else confirms anew', moveBody),
    run: moveReview,
  },
  addAction: {
    route: stepRoute('agree', 'Writes down what was agreed, with owner and day', actionBody),
    run: addAction,
  },
  finishAction: {
    route: stepRoute('finish', 'Says that what was agreed is done', finishBody),
    run: finishAction,
  },
  conclude: {
    route: stepRoute('conclude', 'Says that all that was agreed is written down', plainBody),
    run: plain('conclude'),
  },
  cancel: {
    route: stepRoute('cancel', 'Ends it before it meets', plainBody),
    run: plain('cancel'),
  },
} as const;

export const reviewOperations = {
  list: { route: listRoute, run: listReviews },
  open: { route: openRoute, run: openReview },
  read: { route: readRoute, run: readReview },
  ...reviewSteps,
} as const;
