/** Somebody would like to take what is offered: the host and their own manager are told, and nothing begins. */
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { opportunitySubject } from '../../db/opportunities.ts';
import {
  countInterests,
  expressInterest as express,
  interestsMax,
  withdrawInterest as withdraw,
} from '../../db/opportunity-interest.ts';
import { may } from '../../domain/authority.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { AssignmentParts, ById } from '../assignments/parts.ts';
import type { Commanded } from '../loop-steps.ts';
import { stepRoute } from './move-opportunity.ts';
import { type Opportunity, presentOpportunity, seenOpportunity } from './present.ts';
import { emptyBody } from './schema.ts';

export const expressInterestRoute = stepRoute(
  'interest',
  'Says that you would like to take it; nothing begins by it',
  emptyBody,
);
export const withdrawInterestRoute = stepRoute(
  'withdraw-interest',
  'Says that you would not like to take it any more',
  emptyBody,
);

export async function expressInterest(
  parts: AssignmentParts,
  { actor, input }: Commanded<ById>,
): Promise<Opportunity> {
  const { db, clock } = parts;
  const row = await seenOpportunity(parts, actor, input.id);
  if (row.status !== 'published') throw new Refusal(problem('opportunity.not_open'));
  if (!may(actor, 'opportunity.take', opportunitySubject(row))) {
    throw new Refusal(problem('opportunity.other_region'));
  }
  const at = clock.now();
  await db.transaction().execute(async (tx) => {
    if (!(await express(tx, { opportunity: row.id, person: actor.id, at }))) return;
    if ((await countInterests(tx, row.id)) > interestsMax) {
      throw new Refusal(problem('opportunity.too_many', { max: interestsMax }));
    }
    const params = {
      person: { person: actor.id },
      region: { region: row.hostRegion.id },
      offer: { opportunity: row.id, title: row.content },
    };
    const told = [...new Set([row.host.id, ...actor.line.slice(0, 1)])];
    const notices = told
      .filter((to) => to !== actor.id)
      .map((to) => plainNotice({ to, key: 'assignment.interested', params, sendAt: at }));
    await insertNotices(tx, { id: null, sequence: null, at, notices });
  });
  return presentOpportunity(parts, actor, row);
}

export async function withdrawInterest(
  parts: AssignmentParts,
  { actor, input }: Commanded<ById>,
): Promise<Opportunity> {
  const row = await seenOpportunity(parts, actor, input.id);
  const at = parts.clock.now();
  await withdraw(parts.db, { opportunity: row.id, person: actor.id, at });
  return presentOpportunity(parts, actor, row);
}
