/** The steps of a round. Whether somebody may take one is the record's to say. */
import type { z } from '@hono/zod-openapi';
import { randomUUID } from 'node:crypto';
import { type Answer, competencyKeys, dropStaged, stageAnswers } from '../../db/feedback.ts';
import type { Rank } from '../../domain/feedback-round/report.ts';
import type { RoundCommand } from '../../domain/feedback-round/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { HoldCommand } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { feedbackAddress, type FeedbackParts } from './parts.ts';
import { presentRound, type Round, type SeenRound, seenRound } from './present.ts';
import {
  answerBody,
  levels,
  nomineesBody,
  ownBody,
  plainBody,
  roundAnswer,
  roundParams,
} from './schema.ts';

const stepRoute = stepRoutes({
  path: '/feedback-rounds',
  noun: 'FeedbackRound',
  tag: 'feedback',
  params: roundParams,
  answer: roundAnswer,
  description: 'The round as it now stands.',
});

type StepCommand = Exclude<RoundCommand, { readonly type: 'start' }> | HoldCommand;

const takeStep = stepTaker<StepCommand, FeedbackParts, SeenRound, Round>({
  address: feedbackAddress,
  seen: seenRound,
  show: presentRound,
});

const plain =
  (type: 'cancel' | 'hold' | 'resume' | 'decline') =>
  (parts: FeedbackParts, asked: Commanded<StepInput>): Promise<Round> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

type Nominees = z.output<typeof nomineesBody> & StepInput;

const naming =
  (type: 'nominate' | 'release') =>
  (parts: FeedbackParts, asked: Commanded<Nominees>): Promise<Round> =>
    takeStep(parts, asked, ({ by }) => ({
      type,
      ...by,
      nominees: asked.input.nominees.map(({ person, group }) => ({
        person: person as PersonId,
        group,
      })),
    }));

type Answers = z.output<typeof answerBody> & StepInput;

/** Written apart from the command, under a ticket that neither its actor nor its id leads to. */
async function answerRound(parts: FeedbackParts, asked: Commanded<Answers>): Promise<Round> {
  const ticket = randomUUID();
  const round = asked.input.id as LoopId;
  const answers = await answersOf(parts, asked.input);
  try {
    return await takeStep(parts, asked, async ({ by }) => {
      await stageAnswers(parts.db, { ticket, round, answers });
      return { type: 'answer', ...by, ticket };
    });
  } catch (error) {
    if (error instanceof Refusal) await dropStaged(parts.db, ticket);
    throw error;
  }
}

async function answersOf({ db }: FeedbackParts, { answers }: Answers): Promise<readonly Answer[]> {
  const known = await competencyKeys(db);
  const keys = answers.map(({ competency }) => competency);
  if (new Set(keys).size < keys.length || !keys.every((key) => known.includes(key))) {
    throw new Refusal(problem('request.invalid'));
  }
  return answers.map(({ competency, level, comment }) => ({
    competency,
    rank: (levels.indexOf(level) + 1) as Rank,
    comment: comment ?? null,
  }));
}

/** By the verb of the address. */
export const feedbackSteps = {
  nominate: {
    route: stepRoute('nominate', 'Names whom to ask about oneself', nomineesBody),
    run: naming('nominate'),
  },
  release: {
    route: stepRoute(
      'release',
      'Settles who is asked; they are asked a few at a time',
      nomineesBody,
    ),
    run: naming('release'),
  },
  answer: {
    route: stepRoute('answer', 'Answers, for oneself alone and once', answerBody),
    run: answerRound,
  },
  decline: { route: stepRoute('decline', 'Leaves it to others', ownBody), run: plain('decline') },
  cancel: {
    route: stepRoute('cancel', 'Ends it; nothing is shown', plainBody),
    run: plain('cancel'),
  },
  hold: {
    route: stepRoute('hold', 'Puts it on hold: nothing is due', plainBody),
    run: plain('hold'),
  },
  resume: { route: stepRoute('resume', 'Resumes it', plainBody), run: plain('resume') },
} as const;
