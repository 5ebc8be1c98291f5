import { createRoute, type z } from '@hono/zod-openapi';
import { foreseenFacts, placeZone } from '../../db/assignment-facts.ts';
import { createWorldLoader } from '../../db/planning-world.ts';
import { timelineSentence } from '../../domain/assignment/explain.ts';
import { spanOf } from '../../domain/assignment/place.ts';
import { previewAssignment as previewOf, type Proposal } from '../../domain/assignment/preview.ts';
import type { PersonId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import type { AssignmentParts } from './parts.ts';
import { type ProposalInput, proposalOf } from './propose-assignment.ts';
import { previewAnswer, proposalBody } from './schema.ts';

export const previewAssignmentRoute = createRoute({
  method: 'post',
  path: '/assignments/preview',
  operationId: 'previewAssignment',
  tags: ['assignments'],
  summary:
    'What would happen when, if all three signed at once and nobody did anything; nothing is kept',
  request: { body: { required: true, content: { 'application/json': { schema: proposalBody } } } },
  responses: {
    200: {
      description: 'From when until when it would last, and its course.',
      content: { 'application/json': { schema: previewAnswer } },
    },
  },
});

const loadWorld = createWorldLoader();

function peopleOf({ participant, compliance, terms }: Proposal): readonly PersonId[] {
  const { home, host } = terms;
  return compliance === null ? [participant, home, host] : [participant, home, host, compliance];
}

export async function previewAssignment(
  parts: AssignmentParts,
  asked: Asked<ProposalInput>,
): Promise<z.input<typeof previewAnswer>> {
  const { db, clock, tell } = parts;
  const proposal = await proposalOf(parts, asked);
  const people = peopleOf(proposal);
  const { span, steps } = await db.transaction().execute(async (tx) => {
    const world = await loadWorld(tx, { people, at: clock.now(), pauses: [] });
    const factsOf = await foreseenFacts(tx, proposal, people);
    const zone = await placeZone(tx, proposal);
    return { span: spanOf(proposal.terms, zone), steps: previewOf(proposal, world, factsOf) };
  });
  if ('code' in steps) throw new Refusal(steps);
  const told = await tell(
    asked.actor.id,
    steps.map(({ event }) => timelineSentence(event)),
  );
  return {
    from: new Date(span.from).toISOString(),
    until: new Date(span.until).toISOString(),
    course: steps.map(({ at }, index) => ({
      at: new Date(at).toISOString(),
      sentence: told[index] ?? '',
    })),
  };
}
