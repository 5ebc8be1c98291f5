/** What a round of feedback checks and keeps in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { loadActors } from '../../db/actors.ts';
import {
  asksOf,
  formerRounds,
  keepAsk,
  projectRound,
  roundFacts,
  takeAnswers,
} from '../../db/feedback.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { formerRoundsMax, isReckonable, sameViewDays } from '../../domain/feedback-round/apart.ts';
import { raterOf, refusedFor } from '../../domain/feedback-round/decide.ts';
import { nextAsk } from '../../domain/feedback-round/stagger.ts';
import type {
  Nominee,
  RoundCommand,
  RoundEvent,
  RoundFacts,
  RoundState,
} from '../../domain/feedback-round/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<RoundState, RoundCommand, RoundEvent, RoundFacts>;
type Tx = Transaction<DB>;

export const roundRecord: LoopRecord<RoundState, RoundCommand, RoundEvent, RoundFacts> = {
  facts: roundFacts,
  guard,
  async project(tx, step) {
    await projectRound(tx, step);
    for (const event of step.events) {
      if (event.type === 'asked') {
        await keepAsk(tx, { round: step.id, person: event.by, at: step.at });
      }
    }
    if (step.command.type === 'answer') await takeStaged(tx, step, step.command.ticket);
  },
};

const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'start':
      return (await guardNamed(tx, step, [command.subject])) ?? guardStart(tx, step);
    case 'nominate':
      return (await guardNamed(tx, step, peopleOf(command))) ?? guardSelf(tx, step);
    case 'release':
      return (
        (await guardNamed(tx, step, peopleOf(command))) ??
        (await guardSelf(tx, step)) ??
        guardApart(tx, step)
      );
    case 'answer':
    case 'decline':
      return guardSelf(tx, step);
    case 'ask':
      return guardAsk(tx, step, command.person);
    case 'passOn':
      return world.person(command.to).isActive ? null : stale;
    case 'cancel':
    case 'hold':
    case 'resume':
      return guardRound(tx, step);
    case 'remind':
    case 'lapse':
    case 'remindRater':
    case 'close':
    case 'drop':
      return null;
  }
}

const peopleOf = ({ nominees }: { readonly nominees: readonly Nominee[] }): readonly PersonId[] =>
  nominees.map(({ person }) => person);

/** Rounds about one person that follow each other tell no more together than each does alone. */
async function guardApart(tx: Tx, { at, after }: Step): Promise<GuardAnswer> {
  const since = at - sameViewDays * dayMs;
  const former = await formerRounds(tx, { subject: after.subject, since });
  const isTooMuch = former.length > formerRoundsMax || isReckonable([after, ...former]);
  return isTooMuch ? { refused: problem('feedback.too_alike', { days: sameViewDays }) } : null;
}

const dayMs = 86_400_000;

/** Everyone named is with us. */
async function guardNamed(tx: Tx, { at }: Step, people: readonly PersonId[]): Promise<GuardAnswer> {
  const known = await loadActors(tx, people, at);
  for (const person of people) {
    const found = known.get(person);
    if (!found) return { refused: problem('person.unknown', { person }) };
    if (!found.isActive) return { refused: problem('person.left', { person }) };
  }
  return null;
}

const guardStart = (tx: Tx, step: Step): Promise<GuardAnswer> =>
  guardActor(tx, step, {
    action: 'feedback.start',
    others: [step.after.subject],
    subject: (known) => known(step.after.subject),
    otherwise: 'authority.forbidden',
  });

async function guardRound(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { subject, starter } = step.after;
  const refused = refusedFor(step.after, step.command);
  if (refused?.ok === false) return { refused: refused.problem };
  return guardActor(tx, step, {
    action: 'feedback.steer',
    others: [subject],
    subject: (known) => ({ subject: known(subject), starter }),
    otherwise: 'authority.forbidden',
  });
}

/** The rules have compared who acts with whom they ask. */
const guardSelf = (tx: Tx, step: Step): Promise<GuardAnswer> => {
  const { subject, starter } = step.after;
  return guardActor(tx, step, {
    action: 'feedback.steer',
    others: [subject],
    subject: (known) => ({ subject: known(subject), starter }),
    isOfTheAsked: true,
    otherwise: 'authority.forbidden',
  });
};

/** Somebody may have been asked for another round since this was planned. */
async function guardAsk(tx: Tx, { at }: Step, person: PersonId): Promise<GuardAnswer> {
  return nextAsk(await asksOf(tx, person), at) > at ? stale : null;
}

async function takeStaged(tx: Tx, { id, before, actor }: Step, ticket: string): Promise<void> {
  const rater = present(raterOf(before, present(actor, 'who answers')), 'a rater');
  const isTaken = await takeAnswers(tx, { ticket, round: id, shownAs: rater.shownAs });
  if (!isTaken) throw new Refusal(problem('content.unknown'));
}
