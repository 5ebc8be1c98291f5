/** Words that every translation keeps: names of devices, approved indications, units. */
import { createRoute, type z } from '@hono/zod-openapi';
import { lockedTerms, replaceTerms } from '../../db/glossary.ts';
import { may } from '../../domain/authority.ts';
import { organisation } from '../../domain/subjects.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import type { PracticeParts } from './parts.ts';
import { glossaryAnswer, glossaryBody } from './schema.ts';

const answers = (description: string) => ({
  200: { description, content: { 'application/json': { schema: glossaryAnswer } } },
});

export const readGlossaryRoute = createRoute({
  method: 'get',
  path: '/glossary',
  operationId: 'readGlossary',
  tags: ['practices'],
  summary: 'Words that every translation keeps',
  responses: answers('By id.'),
});

export const writeGlossaryRoute = createRoute({
  method: 'put',
  path: '/glossary',
  operationId: 'writeGlossary',
  tags: ['practices'],
  summary: 'Replaces the words that every translation keeps',
  request: { body: { required: true, content: { 'application/json': { schema: glossaryBody } } } },
  responses: answers('As they now are.'),
});

type Answer = z.input<typeof glossaryAnswer>;

export async function readGlossary({ db }: PracticeParts): Promise<Answer> {
  return { items: (await lockedTerms(db)).map(({ id, kind, forms }) => ({ id, kind, forms })) };
}

export async function writeGlossary(
  parts: PracticeParts,
  { actor, input }: Asked<z.output<typeof glossaryBody>>,
): Promise<Answer> {
  if (!may(actor, 'glossary.change', organisation)) {
    throw new Refusal(problem('authority.forbidden'));
  }
  const empty = input.items.find(({ forms }) => Object.keys(forms).length === 0);
  if (empty) throw new Refusal(problem('practice.glossary_form_missing', { term: empty.id }));
  const [by, at] = [actor.id, parts.clock.now()];
  const byId = new Map(input.items.map((term) => [term.id, { ...term, by, at }]));
  await parts.db.transaction().execute((tx) => replaceTerms(tx, [...byId.values()]));
  return readGlossary(parts);
}
