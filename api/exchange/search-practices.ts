import { createRoute, type z } from '@hono/zod-openapi';
import { loadReaders } from '../../db/practice-gate.ts';
import { type FoundPractice, searchPractices } from '../../db/practice-search.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { foundAnswer, searchQuery } from './schema.ts';

export const searchPracticesRoute = createRoute({
  method: 'get',
  path: '/practices',
  operationId: 'searchPractices',
  tags: ['exchange'],
  summary: 'Practices that you may read, by their words',
  description:
    'Those with all of the words in their title first, then the newest. A list shows titles; reading one on its page is what counts as receiving it.',
  request: { query: searchQuery },
  responses: {
    200: {
      description: 'A page of them.',
      content: { 'application/json': { schema: foundAnswer } },
    },
  },
});

type Input = z.output<typeof searchQuery>;
export type FoundShown = z.input<typeof foundAnswer>;

export async function findPractices(
  { db }: Pick<DirectoryParts, 'db'>,
  { actor, input }: Asked<Input>,
): Promise<FoundShown> {
  const { q, cursor, limit, ...filters } = input;
  const reader = (await loadReaders(db, [actor.id])).get(actor.id);
  if (!reader) return { items: [], next: null };
  const place = decodeCursor(cursor, ['integer', 'integer', 'uuid']);
  const found = await searchPractices(db, {
    ...filters,
    reader,
    words: q === '' ? undefined : q,
    after: place && { inTitle: place[0], publishedAt: place[1], id: place[2] },
    limit: limit + 1,
  });
  const item = ({ publishedAt, competency, products, ...one }: FoundPractice) => ({
    id: one.id,
    title: one.title,
    locale: one.locale,
    isFallback: one.locale !== reader.locale,
    kind: one.kind,
    competency: competency as FoundShown['items'][number]['competency'],
    products: [...products],
    publishedAt: new Date(publishedAt).toISOString(),
  });
  const page = pageOf(found, limit, {
    item,
    place: ({ inTitle, publishedAt, id }) => [inTitle, publishedAt, id],
  });
  return { ...page, items: [...page.items] };
}
