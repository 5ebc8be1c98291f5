import { createRoute, type z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findOpportunity } from '../../db/opportunities.ts';
import { visiblePeople } from '../../db/people.ts';
import { regionNow } from '../../db/regions.ts';
import { present } from '../../domain/assert.ts';
import type { Proposal } from '../../domain/assignment/preview.ts';
import type { Terms } from '../../domain/assignment/state.ts';
import type { Actor } from '../../domain/authority.ts';
import type { AccountId, LoopId, PersonId, RegionId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actingAs, authorise } from '../authorise.ts';
import type { Asked } from '../directory/parts.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { assignmentAddress, type AssignmentParts } from './parts.ts';
import { type Assignment, presentAssignment } from './present.ts';
import { assignmentAnswer, proposalBody, type termsShape } from './schema.ts';

export const proposeAssignmentRoute = createRoute({
  method: 'post',
  path: '/assignments',
  operationId: 'proposeAssignment',
  tags: ['assignments'],
  summary: 'Proposes that somebody works with another region for a while; three people sign',
  request: { body: { required: true, content: { 'application/json': { schema: proposalBody } } } },
  responses: {
    201: {
      description: 'Proposed: participant, home manager and host manager are asked to sign.',
      content: { 'application/json': { schema: assignmentAnswer } },
    },
  },
});

export type ProposalInput = z.output<typeof proposalBody>;

export async function proposeAssignment(
  parts: AssignmentParts,
  asked: Commanded<ProposalInput>,
): Promise<Assignment> {
  const id = derivedId('assignment', asked.commandId) as LoopId;
  await openLoop(parts, assignmentAddress, { id, command: () => proposalOf(parts, asked) });
  return presentAssignment(parts, asked.actor, id);
}

export function termsOf(input: z.output<typeof termsShape>): Terms {
  const { homeManager, hostManager, accounts, ...terms } = input;
  return {
    ...terms,
    accounts: accounts as AccountId[],
    home: homeManager as PersonId,
    host: hostManager as PersonId,
  };
}

/** Whom the actor may not see is to them nobody, as everywhere. */
export async function refuseUnseen(
  { db }: Pick<AssignmentParts, 'db'>,
  actor: Actor,
  people: readonly string[],
): Promise<void> {
  const seen = await visiblePeople(db, actor, people as PersonId[]);
  const unknown = people.find((person) => !seen.has(person as PersonId));
  if (unknown !== undefined) throw new Refusal(problem('person.unknown', { person: unknown }));
}

/** By whom it may be proposed at all; the record looks at the rest. */
export async function proposalOf(
  parts: AssignmentParts,
  { actor, input }: Asked<ProposalInput>,
): Promise<Proposal> {
  const { db, clock } = parts;
  const { kind, onBehalfOf, compliance = null, opportunity = null } = input;
  const terms = termsOf(input.terms);
  const named = [input.participant, terms.home, terms.host];
  await refuseUnseen(parts, actor, compliance === null ? named : [...named, compliance]);
  const id = input.participant as PersonId;
  const participant = present((await loadActors(db, [id], clock.now())).get(id), 'who was seen');
  const hostRegion = await regionNow(db, input.hostRegion as RegionId);
  const subject = { participant, home: terms.home, host: terms.host, hostRegion, asked: [] };
  await authorise(parts, {
    actor,
    onBehalfOf,
    action: 'assignment.propose',
    subject,
    otherwise: 'authority.forbidden',
  });
  if (opportunity !== null) await refuseUnpublished(parts, actor, opportunity);
  return {
    type: 'propose',
    ...actingAs(actor, onBehalfOf),
    kind,
    participant: id,
    homeRegion: participant.region,
    hostRegion,
    compliance: compliance as PersonId | null,
    opportunity,
    terms,
  };
}

async function refuseUnpublished(
  { db }: AssignmentParts,
  actor: Actor,
  opportunity: string,
): Promise<void> {
  const found = await findOpportunity(db, actor, opportunity);
  if (found?.status !== 'published') throw new Refusal(problem('opportunity.not_open'));
}
