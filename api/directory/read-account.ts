import { createRoute, type z } from '@hono/zod-openapi';
import { type Account, findAccount } from '../../db/accounts.ts';
import type { AccountId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked, DirectoryParts } from './parts.ts';
import { accountAnswer, atQuery, idParams } from './schema.ts';

export const readAccountRoute = createRoute({
  method: 'get',
  path: '/accounts/{id}',
  operationId: 'readAccount',
  tags: ['accounts'],
  summary: 'An account and who owns it, now or at an instant',
  request: { params: idParams, query: atQuery },
  responses: {
    200: {
      description: 'The account.',
      content: { 'application/json': { schema: accountAnswer } },
    },
  },
});

export async function readAccount(
  { db, clock }: DirectoryParts,
  { actor, input }: Asked<{ readonly id: string } & z.output<typeof atQuery>>,
): Promise<z.input<typeof accountAnswer>> {
  const at = input.at === undefined ? clock.now() : Date.parse(input.at);
  const account = await findAccount(db, { actor, id: input.id as AccountId, at });
  if (!account) throw new Refusal(problem('request.not_found'));
  return asAnswer(account);
}

export const asAnswer = ({ owner, products, countries, sites, closedAt, ...account }: Account) => ({
  ...account,
  products: [...products],
  countries: [...countries],
  sites: [...sites],
  custodian: owner,
  closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
});
