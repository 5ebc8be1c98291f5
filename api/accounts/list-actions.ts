import { createRoute, type z } from '@hono/zod-openapi';
import { listActionItems } from '../../db/action-items.ts';
import { actionsSubject } from '../../db/actors.ts';
import { present } from '../../domain/assert.ts';
import { may } from '../../domain/authority.ts';
import { decodeCursor, pageOf, type Page } from '../cursor.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { type Action, seenAccount, shownAction, siteZoneOf } from './present.ts';
import { actionsAnswer, actionsQuery } from './schema.ts';

export const listActionsRoute = createRoute({
  method: 'get',
  path: '/accounts/{id}/actions',
  operationId: 'listActions',
  tags: ['accounts'],
  summary: 'What is to be done for an account, and what was',
  description:
    'Whoever owns the account, their managers, its team and the parties of an open handoff see everything; others what is ' +
    'theirs to do.',
  request: { params: idParams, query: actionsQuery },
  responses: {
    200: {
      description: 'The soonest due first.',
      content: { 'application/json': { schema: actionsAnswer } },
    },
  },
});

type Input = z.output<typeof actionsQuery> & { readonly id: string };

export async function listActions(
  parts: Pick<DirectoryParts, 'db' | 'clock'>,
  { actor, input }: Asked<Input>,
): Promise<Page<Action>> {
  const account = await seenAccount(parts, actor, input.id);
  const subject = present(await actionsSubject(parts.db, account.id), 'the account that was seen');
  const isAllSeen = may(actor, 'actions.view', subject);
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const rows = await listActionItems(parts.db, {
    account: account.id,
    isOpen: input.open,
    ...(!isAllSeen && { owners: [actor.id, ...actor.principals] }),
    after: place && { dueAt: place[0], id: place[1] },
    limit: input.limit + 1,
  });
  return pageOf(rows, input.limit, {
    item: (row) => shownAction(row, siteZoneOf(account)),
    place: ({ dueAt, id }) => [dueAt, id],
  });
}
