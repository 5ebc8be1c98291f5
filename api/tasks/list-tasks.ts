import { createRoute, z } from '@hono/zod-openapi';
import { listTasks as findTasks, type TaskRow } from '../../db/tasks.ts';
import type { Database } from '../../db/client.ts';
import type { Actor } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { decodeCursor, type Page, pageLimitByDefault, pageLimitMax, pageOf } from '../cursor.ts';

const cursorLettersMax = 500;
const tasksQuery = z.object({
  cursor: z.string().max(cursorLettersMax).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
  person: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .default('me')
    .openapi({
      description: '`me`, a person’s id, or `all` whose steps you may see.',
      example: 'me',
    }),
});

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' });
const taskAnswer = z
  .object({
    id: z.uuid(),
    kind: z.string().openapi({ example: 'handoff.read_back' }),
    loop: z.string().openapi({ example: 'handoff' }),
    loopId: z.uuid(),
    person: named,
    inPlaceOf: named.nullable().openapi({
      description: 'Whose step it is, where `person` is asked in their place by a delegation.',
    }),
    account: named.nullable(),
    since: instant,
    dueAt: instant.nullable().openapi({ description: 'Null where no clock runs.' }),
    isHeld: z.boolean(),
  })
  .openapi('Task');
const tasksAnswer = z
  .object({
    items: z.array(taskAnswer),
    next: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  })
  .openapi('Tasks');

export const listTasksRoute = createRoute({
  method: 'get',
  path: '/tasks',
  operationId: 'listTasks',
  tags: ['tasks'],
  summary: 'Open steps: what waits for you, or for others whose steps you may see',
  request: { query: tasksQuery },
  responses: {
    200: {
      description: 'The most urgent first.',
      content: { 'application/json': { schema: tasksAnswer } },
    },
  },
});

interface Asked {
  readonly actor: Actor;
  readonly input: z.output<typeof tasksQuery>;
}

export async function listTasks(
  { db }: { readonly db: Database },
  { actor, input: { cursor, limit, person } }: Asked,
): Promise<Page<z.input<typeof taskAnswer>>> {
  const place = decodeCursor(cursor, ['integer', 'uuid']);
  const wanted = { me: [actor.id], all: undefined };
  const rows = await findTasks(db, actor, {
    after: place && { dueAt: place[0] === never ? null : place[0], id: place[1] },
    limit: limit + 1,
    people: person === 'me' || person === 'all' ? wanted[person] : [person as PersonId],
  });
  return pageOf(rows, limit, {
    item: asAnswer,
    place: ({ dueAt, id }) => [dueAt ?? never, id],
  });
}

/** Stands in a cursor for "no due time"; no instant of ours is before 1970. */
const never = -1;

const iso = (at: Instant): string => new Date(at).toISOString();

const asAnswer = ({ since, dueAt, ...task }: TaskRow): z.input<typeof taskAnswer> => ({
  ...task,
  since: iso(since),
  dueAt: dueAt === null ? null : iso(dueAt),
});
