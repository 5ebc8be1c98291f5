import type { z } from '@hono/zod-openapi';
import { findPerson } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import { acceptedDaysMax, type OutlookCommand } from '../../domain/outlook/state.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { dayNumber } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { outlookAddress, type OutlookParts } from './parts.ts';
import { type FindingAnswer, presentFinding } from './read-finding.ts';
import { acknowledgeBody, findingAnswer, findingParams } from './schema.ts';

export const acknowledgeFindingRoute = stepRoutes({
  path: '/findings',
  noun: 'Finding',
  tag: 'accounts',
  params: findingParams,
  answer: findingAnswer,
  description: 'The finding as it now stands.',
})(
  'acknowledge',
  'Accepts it until a day, with a reason; if it is there then still, it is asked about again',
  acknowledgeBody,
);

const takeStep = stepTaker<OutlookCommand, OutlookParts, FindingAnswer, FindingAnswer>({
  address: outlookAddress,
  seen: presentFinding,
  show: presentFinding,
});

export const acknowledgeFinding = (
  parts: OutlookParts,
  asked: Commanded<z.output<typeof acknowledgeBody> & StepInput>,
): Promise<FindingAnswer> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { until, reason: text } = asked.input;
    const { zone } = present(await findPerson(parts.db, asked.actor, by.actor), 'who acts');
    const ends = atWall(zone, { day: present(dayNumber(until), 'the day') + 1, minute: 0 });
    if ('reason' in ends) {
      throw new Refusal(problem('outlook.accepted_until', { days: acceptedDaysMax }));
    }
    const reason = await write('outlook.reason', { text });
    return { type: 'acknowledge', ...by, until: ends.at, reason };
  });
