/** What a holiday review checks and changes in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { isHoliday, projectHolidayReview, replanForCorrection } from '../../db/holiday-reviews.ts';
import type { DB } from '../../db/schema.ts';
import type {
  HolidayReviewCommand,
  HolidayReviewEvent,
  HolidayReviewState,
} from '../../domain/holiday-review/state.ts';
import { problem } from '../../domain/problem.ts';
import { guardActor, guardOperator } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<HolidayReviewState, HolidayReviewCommand, HolidayReviewEvent>;
type Tx = Transaction<DB>;

export const holidayReviewRecord: LoopRecord<
  HolidayReviewState,
  HolidayReviewCommand,
  HolidayReviewEvent
> = {
  changesPlans: true,
  guard,
  async project(tx, { id, at, command, after, isClosed }) {
    const movedTo = command.type === 'correct' ? command.movedTo : null;
    await projectHolidayReview(tx, { id, at, after, movedTo, isClosed });
    if (command.type === 'correct') await replanForCorrection(tx, { ...after, at, by: id });
  },
};

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world, after } = step;
  switch (command.type) {
    case 'ask':
    case 'remind':
    case 'lapse':
    case 'settle':
      return null;
    case 'escalate':
      return world.person(command.to).isActive ? null : { stale: problem('loop.stale_plan') };
    case 'correct': {
      const { movedTo } = command;
      const isTaken = movedTo !== null && (await isHoliday(tx, { ...after, day: movedTo }));
      if (isTaken) return { refused: problem('holiday.day_taken', { day: movedTo }) };
      return guardReviewer(tx, step);
    }
    case 'confirm':
      return guardReviewer(tx, step);
    case 'hold':
    case 'resume':
      return guardOperator(tx, step);
  }
}

/** The rules have compared the party with those asked. */
const guardReviewer = (tx: Tx, step: Step): Promise<GuardAnswer> =>
  guardActor(tx, step, {
    action: 'holiday.review',
    subject: () => ({
      asked: [step.before.reviewer, step.before.alsoAsked ?? step.before.reviewer],
    }),
    isOfTheAsked: true,
    otherwise: 'authority.no_delegation',
  });
