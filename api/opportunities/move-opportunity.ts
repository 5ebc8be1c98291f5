/** The two steps of an opportunity: the host manager publishes it, and closes it when it is over. */
import { moveOpportunity, opportunitySubject } from '../../db/opportunities.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { AssignmentParts, ById } from '../assignments/parts.ts';
import { authorise } from '../authorise.ts';
import { type Commanded, stepRoutes } from '../loop-steps.ts';
import {
  type Opportunity,
  presentOpportunity,
  regionsApart,
  seenOpportunity,
  sharedHours,
} from './present.ts';
import { emptyBody, opportunityAnswer, opportunityParams } from './schema.ts';

export const stepRoute = stepRoutes({
  path: '/opportunities',
  noun: 'Opportunity',
  tag: 'assignments',
  params: opportunityParams,
  answer: opportunityAnswer,
  description: 'The opportunity as it now stands.',
});

export const publishOpportunityRoute = stepRoute(
  'publish',
  'Publishes it; refused where a region has no working minute in common with the host',
  emptyBody,
);
export const closeOpportunityRoute = stepRoute(
  'close',
  'Closes it: nothing new comes of it',
  emptyBody,
);

const move =
  (to: 'published' | 'closed') =>
  async (parts: AssignmentParts, asked: Commanded<ById>): Promise<Opportunity> => {
    const { db, clock } = parts;
    const { actor, input, seen } = asked;
    const row = await seenOpportunity(parts, actor, input.id);
    await authorise(parts, {
      actor,
      onBehalfOf: undefined,
      action: 'opportunity.publish',
      subject: opportunitySubject(row),
      otherwise: 'authority.forbidden',
    });
    if (row.status === to) return presentOpportunity(parts, actor, row);
    if (seen !== undefined && seen !== row.revision) {
      throw new Refusal(problem('request.revision_stale', { seen, revision: row.revision }));
    }
    const isDraft = row.status === 'draft';
    if (to === 'published' && isDraft) {
      const apart = regionsApart(row, await sharedHours(parts, row));
      if (apart.length > 0) throw new Refusal(problem('assignment.no_common_minute'));
    }
    const from = to === 'published' ? 'draft' : row.status;
    const moved = await moveOpportunity(db, { id: row.id, from, to, at: clock.now() });
    if (!moved) throw new Refusal(problem('opportunity.not_open'));
    return presentOpportunity(parts, actor, await seenOpportunity(parts, actor, row.id));
  };

export const publishOpportunity = move('published');
export const closeOpportunity = move('closed');
