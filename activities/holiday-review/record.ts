/** What a holiday review checks and changes in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { loadActors } from '../../db/actors.ts';
import { isHoliday, projectHolidayReview, replanForCorrection } from '../../db/holiday-reviews.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { may, mayOnBehalfOf, organisation } from '../../domain/authority.ts';
import type {
  HolidayReviewCommand,
  HolidayReviewEvent,
  HolidayReviewState,
} from '../../domain/holiday-review/state.ts';
import { problem } from '../../domain/problem.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<HolidayReviewState, HolidayReviewCommand, HolidayReviewEvent>;
type Tx = Transaction<DB>;

export const holidayReviewRecord: LoopRecord<
  HolidayReviewState,
  HolidayReviewCommand,
  HolidayReviewEvent
> = {
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
    case 'resume': {
      const actor = present(step.actor, 'who acts');
      const known = (await loadActors(tx, [actor], step.at)).get(actor);
      const mayHold = known !== undefined && may(known, 'loops.operate', organisation);
      return mayHold ? null : { refused: problem('authority.forbidden') };
    }
  }
}

/** The rules have compared the party with those asked; here, that they are there and act for them. */
async function guardReviewer(tx: Tx, step: Step): Promise<GuardAnswer> {
  const actor = present(step.actor, 'who acts');
  const party = step.onBehalfOf ?? actor;
  const people = await loadActors(tx, [actor, party], step.at);
  for (const person of [actor, party]) {
    const known = people.get(person);
    if (!known) return { refused: problem('person.unknown', { person }) };
    if (!known.isActive) return { refused: problem('person.left', { person }) };
  }
  if (actor === party) return null;
  const delegate = present(people.get(actor), 'who acts');
  const principal = present(people.get(party), 'for whom');
  const asked = { asked: [step.before.reviewer, step.before.alsoAsked ?? step.before.reviewer] };
  return mayOnBehalfOf({ actor: delegate, principal }, 'holiday.review', asked)
    ? null
    : { refused: problem('authority.no_delegation') };
}
