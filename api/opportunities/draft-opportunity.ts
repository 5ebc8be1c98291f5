import { createRoute, type z } from '@hono/zod-openapi';
import { insertContent } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { insertOpportunity } from '../../db/opportunities.ts';
import { regionsKnown } from '../../db/regions.ts';
import type { ContentId, PersonId, RegionId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { authorise } from '../authorise.ts';
import type { AssignmentParts } from '../assignments/parts.ts';
import { refuseUnseen } from '../assignments/propose-assignment.ts';
import type { Commanded } from '../loop-steps.ts';
import { type Opportunity, presentOpportunity, seenOpportunity } from './present.ts';
import { opportunityAnswer, opportunityBody } from './schema.ts';

export const draftOpportunityRoute = createRoute({
  method: 'post',
  path: '/opportunities',
  operationId: 'draftOpportunity',
  tags: ['assignments'],
  summary: 'Drafts what a region offers; its host manager publishes it',
  request: {
    body: { required: true, content: { 'application/json': { schema: opportunityBody } } },
  },
  responses: {
    201: {
      description: 'The draft, with what its zones have in common.',
      content: { 'application/json': { schema: opportunityAnswer } },
    },
  },
});

type Input = z.output<typeof opportunityBody>;

export async function draftOpportunity(
  parts: AssignmentParts,
  { actor, input, commandId }: Commanded<Input>,
): Promise<Opportunity> {
  const { db, clock } = parts;
  const { title, description, prerequisites, hostManager, ...offered } = input;
  const hostRegion = input.hostRegion as RegionId;
  const host = hostManager as PersonId;
  const homeRegions = input.homeRegions as RegionId[];
  await refuseBroken(parts, input);
  await refuseUnseen(parts, actor, [host]);
  await authorise(parts, {
    actor,
    onBehalfOf: undefined,
    action: 'opportunity.draft',
    subject: { region: hostRegion, host, drafter: actor.id, isPublished: false, homeRegions },
    otherwise: 'authority.forbidden',
  });
  const id = derivedId('opportunity', commandId);
  const content = derivedId('content', commandId, 'opportunity') as ContentId;
  const body = { title, description, ...(prerequisites !== undefined && { prerequisites }) };
  const at = clock.now();
  await db.transaction().execute(async (tx) => {
    await insertContent(tx, { id: content, author: actor.id, kind: 'opportunity', body, at });
    const draft = { ...offered, id, hostRegion, host, homeRegions, drafter: actor.id, content, at };
    await insertOpportunity(tx, draft);
    if (host === actor.id) return;
    const params = {
      person: { person: actor.id },
      region: { region: hostRegion },
      offer: { opportunity: id, title: content },
    };
    const told = plainNotice({ to: host, key: 'assignment.drafted', params, sendAt: at });
    await insertNotices(tx, { id: null, sequence: null, at, notices: [told] });
  });
  return presentOpportunity(parts, actor, await seenOpportunity(parts, actor, id));
}

async function refuseBroken(
  { db }: AssignmentParts,
  { hostRegion, homeRegions, firstDay, lastDay, weeklyHours, overlapHours }: Input,
): Promise<void> {
  if (homeRegions.includes(hostRegion)) throw new Refusal(problem('assignment.host_is_home'));
  if (lastDay < firstDay) throw new Refusal(problem('assignment.end_before_start'));
  if (overlapHours > weeklyHours) throw new Refusal(problem('assignment.overlap_over_hours'));
  const asked = [hostRegion, ...homeRegions] as RegionId[];
  const known = await regionsKnown(db, asked);
  const unknown = asked.find((region) => !known.has(region));
  if (unknown !== undefined) {
    throw new Refusal(problem('assignment.region_unknown', { region: unknown }));
  }
}
