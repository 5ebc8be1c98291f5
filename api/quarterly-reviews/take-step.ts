/** The steps of a review. Whether somebody may take one is the record's to say. */
import type { z } from '@hono/zod-openapi';
import { findPerson } from '../../db/people.ts';
import { fairSlot, type ReviewRow } from '../../db/quarterly-reviews.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import {
  meetingMinutes,
  type ReviewCommand,
  type Slot,
} from '../../domain/quarterly-review/state.ts';
import { dayNumber } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { dayMs, minuteMs } from '../../domain/time/zone.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { reviewAddress, type ReviewParts } from './parts.ts';
import { presentReview, type Review, seenReview } from './present.ts';
import {
  actionBody,
  finishBody,
  moveBody,
  plainBody,
  reviewAnswer,
  reviewParams,
} from './schema.ts';

const stepRoute = stepRoutes({
  path: '/quarterly-reviews',
  noun: 'QuarterlyReview',
  tag: 'growth',
  params: reviewParams,
  answer: reviewAnswer,
  description: 'The review as it now stands.',
});

type StepCommand = Exclude<ReviewCommand, { readonly type: 'open' }>;

const takeStep = stepTaker<StepCommand, ReviewParts, ReviewRow, Review>({
  address: reviewAddress,
  seen: seenReview,
  show: presentReview,
});

/** Of what was agreed, and of what was done about it. */
const actionKind = 'quarter.action';

const plain =
  (type: 'confirm' | 'conclude' | 'cancel') =>
  (parts: ReviewParts, asked: Commanded<StepInput>): Promise<Review> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

type Move = StepInput & z.output<typeof moveBody>;

const moveReview = (parts: ReviewParts, asked: Commanded<Move>): Promise<Review> =>
  takeStep(parts, asked, async ({ by, row }) => ({
    type: 'move',
    ...by,
    slot: await movedTo(parts, row, asked.input),
  }));

async function movedTo(
  parts: ReviewParts,
  { state }: ReviewRow,
  { from: wished }: Move,
): Promise<Slot> {
  if (wished !== undefined) {
    const from = Date.parse(wished);
    return { from, until: from + meetingMinutes * minuteMs };
  }
  const at = parts.clock.now();
  const from = Math.max(at, state.slot.from) + dayMs;
  const slot = await fairSlot(parts.db, state.participants, { from, at });
  if (!slot) throw new Refusal(problem('quarter.no_slot'));
  return slot;
}

type NewAction = StepInput & z.output<typeof actionBody>;

const addAction = (parts: ReviewParts, asked: Commanded<NewAction>): Promise<Review> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { actor, input } = asked;
    const { day, text } = input;
    const owner = input.owner as PersonId;
    const person = await findPerson(parts.db, actor, owner);
    if (!person) throw new Refusal(problem('person.unknown', { person: owner }));
    const dueAt = endOf(day, person.zone);
    const content = await write(actionKind, { text });
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

type Finish = StepInput & z.output<typeof finishBody>;

const finishAction = (parts: ReviewParts, asked: Commanded<Finish>): Promise<Review> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { number, text } = asked.input;
    const content = text === undefined ? null : await write(actionKind, { text });
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
