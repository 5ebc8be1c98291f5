import { createRoute, type z } from '@hono/zod-openapi';
import { listAccounts as findAccounts } from '../../db/accounts.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from './parts.ts';
import { asAnswer } from './read-account.ts';
import { type accountAnswer, accountsAnswer, pageQuery } from './schema.ts';

export const listAccountsRoute = createRoute({
  method: 'get',
  path: '/accounts',
  operationId: 'listAccounts',
  tags: ['accounts'],
  summary: 'The accounts you may see, with who owns each now',
  request: { query: pageQuery },
  responses: {
    200: { description: 'By id.', content: { 'application/json': { schema: accountsAnswer } } },
  },
});

export async function listAccounts(
  { db, clock }: DirectoryParts,
  { actor, input: { cursor, limit } }: Asked<z.output<typeof pageQuery>>,
): Promise<Page<z.input<typeof accountAnswer>>> {
  const after = decodeCursor(cursor, ['text'])?.[0];
  const rows = await findAccounts(db, { actor, at: clock.now(), after, limit: limit + 1 });
  return pageOf(rows, limit, { item: asAnswer, place: ({ id }) => [id] });
}
