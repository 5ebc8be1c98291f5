/** The steps of an alert: seen, sent, and shown as it now stands. Whether they may is the record's to say. */
import type { AlertRow } from '../../db/alerts.ts';
import type { LoopId } from '../../domain/id.ts';
import type { ByPerson } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { alertAddress, type AlertParts } from './parts.ts';
import { type Alert, presentAlert, seenAlert } from './present.ts';
import { alertAnswer, alertParams, plainBody } from './schema.ts';

type Verb = 'acknowledge' | 'withdraw' | 'hold' | 'resume';

const stepRoute = stepRoutes({
  path: '/alerts',
  noun: 'Alert',
  tag: 'alerts',
  params: alertParams,
  answer: alertAnswer,
  description: 'The alert as it now stands.',
});

type StepCommand = ByPerson & { readonly type: Verb };

const takeStep = stepTaker<StepCommand, AlertParts, AlertRow, Alert>({
  address: alertAddress,
  seen: seenAlert,
  show: presentAlert,
});

const step =
  (type: Verb) =>
  (parts: AlertParts, asked: Commanded<StepInput>): Promise<Alert> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

const acknowledge = (parts: AlertParts, asked: Commanded<StepInput>): Promise<Alert> =>
  step('acknowledge')(parts, asked).catch((error: unknown) => tellTaker(parts, error, asked));

/** Whoever was slower reads who was quicker. */
async function tellTaker(
  { db }: AlertParts,
  error: unknown,
  { actor, input }: Asked<StepInput>,
): Promise<never> {
  const code = error instanceof Refusal ? error.problem.code : null;
  if (code !== 'loop.closed' && code !== 'alert.acknowledged') throw error;
  const { acknowledgedBy } = await seenAlert({ db }, actor, input.id as LoopId);
  if (acknowledgedBy === null) throw error;
  throw new Refusal(problem('alert.acknowledged', { person: acknowledgedBy.name }));
}

/** By the verb of the address. */
export const alertSteps = {
  acknowledge: {
    route: stepRoute(
      'acknowledge',
      'Takes it: nobody else is called, and it is yours to do',
      plainBody,
    ),
    run: acknowledge,
  },
  withdraw: {
    route: stepRoute('withdraw', 'Withdraws it: nothing is to be done after all', plainBody),
    run: step('withdraw'),
  },
  hold: {
    route: stepRoute('hold', 'Puts it on hold: nobody is called', plainBody),
    run: step('hold'),
  },
  resume: { route: stepRoute('resume', 'Resumes it', plainBody), run: step('resume') },
} as const;
