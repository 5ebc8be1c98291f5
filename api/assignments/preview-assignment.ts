/** What would happen when, of an assignment that is proposed, or of other terms of one. */
import { randomUUID } from 'node:crypto';
import { createRoute, type z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { assignmentGates, foreseenFacts, placeZone } from '../../db/assignment-facts.ts';
import { hoursTogether, termsProblem } from '../../db/assignment-terms.ts';
import { createWorldLoader } from '../../db/planning-world.ts';
import { regionNow } from '../../db/regions.ts';
import { present } from '../../domain/assert.ts';
import { timelineSentence } from '../../domain/assignment/explain.ts';
import { spanOf } from '../../domain/assignment/place.ts';
import {
  type Change,
  previewAssignment as previewOf,
  type Proposal,
  proposedState,
} from '../../domain/assignment/preview.ts';
import { askedToSign, termsOf as termsIn } from '../../domain/assignment/signers.ts';
import {
  type AssignmentState,
  initialAssignment,
  isAtHost,
  type Terms,
} from '../../domain/assignment/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { type Problem, Refusal } from '../../domain/problem.ts';
import { actingAs, authorise } from '../authorise.ts';
import type { Asked } from '../directory/parts.ts';
import type { StepInput } from '../loop-steps.ts';
import type { AssignmentParts } from './parts.ts';
import { seenAssignment } from './present.ts';
import { type ProposalInput, proposalOf, refuseUnseen, termsOf } from './propose-assignment.ts';
import { assignmentParams, changeBody, previewAnswer, proposalBody } from './schema.ts';

const responses = {
  200: {
    description: 'From when until when it would last, what has yet to be done, and its course.',
    content: { 'application/json': { schema: previewAnswer } },
  },
};

export const previewAssignmentRoute = createRoute({
  method: 'post',
  path: '/assignments/preview',
  operationId: 'previewAssignment',
  tags: ['assignments'],
  summary:
    'What would happen when, if all three signed at once and nobody did anything; nothing is kept',
  request: { body: { required: true, content: { 'application/json': { schema: proposalBody } } } },
  responses,
});

export const previewChangeRoute = createRoute({
  method: 'post',
  path: '/assignments/{id}/preview',
  operationId: 'previewAssignmentChange',
  tags: ['assignments'],
  summary: 'What other terms would come to, if all three signed them at once; nothing is kept',
  request: {
    params: assignmentParams,
    body: { required: true, content: { 'application/json': { schema: changeBody } } },
  },
  responses,
});

type Preview = z.input<typeof previewAnswer>;

export async function previewAssignment(
  parts: AssignmentParts,
  asked: Asked<ProposalInput>,
): Promise<Preview> {
  const command = await proposalOf(parts, asked);
  return foreseen(parts, asked.actor.id, { before: initialAssignment, command });
}

export type ChangeInput = StepInput & z.output<typeof changeBody>;

/** For whoever may propose them: of others nobody is told what it would come to. */
export async function previewChange(
  parts: AssignmentParts,
  { actor, input }: Asked<ChangeInput>,
): Promise<Preview> {
  const { db, clock } = parts;
  const { id, state: before } = await seenAssignment(parts, actor, input.id as LoopId);
  const { participant } = before;
  const { home, host } = present(termsIn(before), 'the terms');
  const people = await loadActors(db, [participant], clock.now());
  await authorise(parts, {
    actor,
    onBehalfOf: input.onBehalfOf,
    action: 'assignment.steer',
    subject: {
      participant: present(people.get(participant), 'the participant'),
      home,
      host,
      hostRegion: await regionNow(db, before.hostRegion),
      asked: [],
    },
    otherwise: 'authority.forbidden',
  });
  const terms = termsOf(input.terms);
  await refuseUnseen(parts, actor, [terms.home, terms.host]);
  const by = actingAs(actor, input.onBehalfOf);
  return foreseen(parts, actor.id, { id, before, command: { type: 'change', ...by, terms } });
}

interface Proposed {
  /** Absent while there is none yet. */
  readonly id?: LoopId;
  readonly before: AssignmentState;
  readonly command: Proposal | Change;
}

const isProblem = (found: unknown): found is Problem =>
  typeof found === 'object' && found !== null && 'code' in found;

function orRefuse<T>(found: T | Problem): T {
  if (isProblem(found)) throw new Refusal(found);
  return found;
}

const loadWorld = createWorldLoader();

/** Refused as the record would refuse it; what is read is read in one transaction, which writes nothing. */
async function foreseen(
  parts: AssignmentParts,
  reader: PersonId,
  { id, before, command }: Proposed,
): Promise<Preview> {
  const { db, clock } = parts;
  const { terms } = command;
  const at = clock.now();
  const after = orRefuse(proposedState(before, command, at));
  const { span, steps, sentences } = await db.transaction().execute(async (tx) => {
    const step = { id: id ?? (randomUUID() as LoopId), at, before, after };
    orRefuse(await termsProblem(tx, step, terms));
    const { compliance } = after;
    const signers = askedToSign(after);
    const people = compliance === null ? signers : [...signers, compliance];
    const world = await loadWorld(tx, { people, at, pauses: [] });
    const factsOf = await foreseenFacts(tx, after, people, id);
    return {
      span: spanOf(terms, await placeZone(tx, after)),
      steps: orRefuse(previewOf(command, { before, after }, world, factsOf)),
      sentences: [
        await togetherSentence(tx, after, terms),
        ...(await assignmentGates(tx, after, signers)),
      ],
    };
  });
  const course = steps.map(({ event }) => timelineSentence(event));
  const told = await parts.tell(reader, [...sentences, ...course]);
  const [together = '', ...gates] = told.slice(0, sentences.length);
  const iso = (instant: number): string => new Date(instant).toISOString();
  return {
    from: iso(span.from),
    until: iso(span.until),
    together,
    gates,
    course: steps.map((step, index) => ({
      at: iso(step.at),
      sentence: told[sentences.length + index] ?? '',
    })),
  };
}

type Tx = Parameters<typeof hoursTogether>[0];

/** Where the days are spent at the host, all hours are: only for the others it is a question. */
async function togetherSentence(tx: Tx, state: AssignmentState, terms: Terms): Promise<Sentence> {
  const { overlapHours } = terms;
  if (isAtHost(state.kind)) return { key: 'assignment.together_there', params: {} };
  const hours = Math.round(orRefuse(await hoursTogether(tx, state, terms)) * 10) / 10;
  const key = hours < overlapHours ? 'assignment.together_less' : 'assignment.together';
  return { key, params: { hours, overlap: overlapHours } };
}
