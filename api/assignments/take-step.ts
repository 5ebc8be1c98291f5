/** The steps of an assignment: seen, sent, and shown as it now stands. Whether they may is the record's to say. */
import type { z } from '@hono/zod-openapi';
import type { AssignmentRow } from '../../db/assignment-list.ts';
import { replaceStays } from '../../db/short-stays.ts';
import type { AssignmentCommand } from '../../domain/assignment/state.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { writeEvidence } from '../growth/parts.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { assignmentAddress, type AssignmentParts } from './parts.ts';
import { type Assignment, presentAssignment, seenAssignment } from './present.ts';
import { refuseUnseen, termsOf } from './propose-assignment.ts';
import {
  assignmentAnswer,
  assignmentParams,
  changeBody,
  dutyBody,
  lessonBody,
  plainBody,
  rateBody,
  reasonBody,
  textBody,
} from './schema.ts';

const stepRoute = stepRoutes({
  path: '/assignments',
  noun: 'Assignment',
  tag: 'assignments',
  params: assignmentParams,
  answer: assignmentAnswer,
  description: 'The assignment as it now stands.',
});

type StepCommand = Exclude<AssignmentCommand, { readonly type: 'propose' }>;

const takeStep = stepTaker<StepCommand, AssignmentParts, AssignmentRow, Assignment>({
  address: assignmentAddress,
  seen: seenAssignment,
  show: presentAssignment,
});

const plain =
  (type: 'start' | 'cancel' | 'returnEarly' | 'approve' | 'confirmTraining') =>
  (parts: AssignmentParts, asked: Commanded<StepInput>): Promise<Assignment> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

/** Whoever signs says which revision they read: without it nobody could tell what was signed. */
async function sign(parts: AssignmentParts, asked: Commanded<StepInput>): Promise<Assignment> {
  if (asked.seen === undefined) throw new Refusal(problem('assignment.revision_missing'));
  return takeStep(parts, asked, ({ by }) => ({ type: 'sign', ...by }));
}

type Reasoned = Commanded<StepInput & { readonly text?: string | undefined }>;

const reasoned =
  (type: 'decline' | 'forbid') =>
  (parts: AssignmentParts, asked: Reasoned): Promise<Assignment> =>
    takeStep(parts, asked, async ({ by, write }) => {
      const { text } = asked.input;
      const content = text === undefined ? null : await write(`assignment.${type}`, { text });
      return { type, ...by, content };
    });

type Written = Commanded<StepInput & { readonly text: string }>;

const textual =
  (type: 'answerCheckIn' | 'giveFeedback') =>
  (parts: AssignmentParts, asked: Written): Promise<Assignment> =>
    takeStep(parts, asked, async ({ by, write }) => {
      const content = await write(`assignment.${type}`, { text: asked.input.text });
      return { type, ...by, content };
    });

function change(
  parts: AssignmentParts,
  asked: Commanded<StepInput & z.output<typeof changeBody>>,
): Promise<Assignment> {
  const terms = termsOf(asked.input.terms);
  return takeStep(parts, asked, async ({ by }) => {
    await refuseUnseen(parts, asked.actor, [terms.home, terms.host]);
    return { type: 'change', ...by, terms };
  });
}

/** Stays are kept apart from the loop, for the participant alone. */
const finishDuty = (
  parts: AssignmentParts,
  asked: Commanded<StepInput & z.output<typeof dutyBody>>,
): Promise<Assignment> =>
  takeStep(parts, asked, async ({ by }) => {
    const { duty, stays } = asked.input;
    if (duty === 'mobility' && stays !== undefined) {
      await parts.db.transaction().execute((tx) => replaceStays(tx, asked.actor.id, stays));
    }
    return { type: 'finishDuty', ...by, duty };
  });

const giveLesson = (
  parts: AssignmentParts,
  asked: Commanded<StepInput & z.output<typeof lessonBody>>,
): Promise<Assignment> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { kind, text } = asked.input;
    const content = await write('assignment.lesson', { text });
    return { type: 'giveLesson', ...by, lesson: kind, content };
  });

const rate = (
  parts: AssignmentParts,
  asked: Commanded<StepInput & z.output<typeof rateBody>>,
): Promise<Assignment> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { ratings, text, acknowledgedFlags: acknowledged } = asked.input;
    const evidence = { texts: [{ place: 'text', text }], acknowledged };
    const content = await writeEvidence(parts, asked.actor, evidence, () =>
      write('assignment.evidence', { text }),
    );
    return { type: 'rate', ...by, ratings, content };
  });

/** By what the page's forms call them. */
export const assignmentSteps = {
  sign: {
    route: stepRoute('sign', 'Signs the revision that If-Match names', plainBody),
    run: sign,
  },
  decline: {
    route: stepRoute('decline', 'Declines what is to be signed, with a reason', reasonBody),
    run: reasoned('decline'),
  },
  change: {
    route: stepRoute('change', 'Proposes other terms; all three sign again', changeBody),
    run: change,
  },
  approve: {
    route: stepRoute('approve', 'Says that regulations allow the shadowing', plainBody),
    run: plain('approve'),
  },
  forbid: {
    route: stepRoute('forbid', 'Says that regulations do not allow the shadowing', reasonBody),
    run: reasoned('forbid'),
  },
  finishDuty: {
    route: stepRoute('duty', 'Says that something has been looked into', dutyBody),
    run: finishDuty,
  },
  start: {
    route: stepRoute('start', 'Begins what waited for a training', plainBody),
    run: plain('start'),
  },
  cancel: {
    route: stepRoute('cancel', 'Cancels it before it begins', plainBody),
    run: plain('cancel'),
  },
  returnEarly: {
    route: stepRoute('return', 'Ends it now: access ends, and accounts go back', plainBody),
    run: plain('returnEarly'),
  },
  answerCheckIn: {
    route: stepRoute('answer', 'Says how it goes, when asked', textBody),
    run: textual('answerCheckIn'),
  },
  confirmTraining: {
    route: stepRoute('training', 'Says that a training which lapsed is recorded again', plainBody),
    run: plain('confirmTraining'),
  },
  giveLesson: {
    route: stepRoute('lesson', 'Gives the lesson, won or lost, for the exchange', lessonBody),
    run: giveLesson,
  },
  giveFeedback: {
    route: stepRoute('feedback', 'Gives feedback to the other side', textBody),
    run: textual('giveFeedback'),
  },
  rate: {
    route: stepRoute('rate', 'Rates the goals anew, with the evidence', rateBody),
    run: rate,
  },
} as const;
