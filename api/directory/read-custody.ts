import { createRoute, type z } from '@hono/zod-openapi';
import { type Custody, custodyHistory, findAccount } from '../../db/accounts.ts';
import type { AccountId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from './parts.ts';
import { custodyAnswer, idParams, pageQuery } from './schema.ts';

export const readCustodyRoute = createRoute({
  method: 'get',
  path: '/accounts/{id}/custody',
  operationId: 'readCustody',
  tags: ['accounts'],
  summary: 'Who owned an account, the newest first',
  request: { params: idParams, query: pageQuery },
  responses: {
    200: {
      description: 'Periods that follow each other without a gap.',
      content: { 'application/json': { schema: custodyAnswer } },
    },
  },
});

type Entry = z.input<typeof custodyAnswer>['items'][number];

export async function readCustody(
  { db, clock }: DirectoryParts,
  { actor, input }: Asked<{ readonly id: string } & z.output<typeof pageQuery>>,
): Promise<Page<Entry>> {
  const account = input.id as AccountId;
  const before = decodeCursor(input.cursor, ['integer'])?.[0];
  if (!(await findAccount(db, { actor, id: account, at: clock.now() }))) {
    throw new Refusal(problem('request.not_found'));
  }
  const rows = await custodyHistory(db, { account, before, limit: input.limit + 1 });
  return pageOf(rows, input.limit, { item: entryOf, place: ({ from }) => [from] });
}

const iso = (at: Instant): string => new Date(at).toISOString();

const entryOf = ({ owner, from, until, by }: Custody): Entry => ({
  custodian: owner,
  from: iso(from),
  until: until === null ? null : iso(until),
  by,
});
