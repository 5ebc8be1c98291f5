import { createRoute, z } from '@hono/zod-openapi';
import { listFlags as findFlags, type ListedFlag } from '../../db/red-flags.ts';
import type { Database } from '../../db/client.ts';
import { may } from '../../domain/authority.ts';
import type { RegionId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { organisation } from '../../domain/subjects.ts';
import { redFlagCodes } from '../../domain/text/red-flag-terms.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  pageLimitByDefault,
  pageLimitMax,
} from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { sentence } from '../figures.ts';
import type { Tell } from '../tell.ts';

const cursorLettersMax = 500;
const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
export const flagsQuery = z.object({
  region: nounId.optional().openapi({ description: 'Of those who work there now; absent: all.' }),
  cursor: z.string().max(cursorLettersMax).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
});

const named = z.object({ id: z.string(), name: z.string() });
const flagAnswer = z
  .object({
    code: z.enum(redFlagCodes),
    sentence: sentence.openapi({ description: 'What the rules warned of.' }),
    kind: z.string().openapi({ example: 'rating.sheet' }),
    written: sentence.openapi({ description: 'In what it was written.' }),
    place: z.string().openapi({ example: 'ratings[1].text' }),
    at: z.iso.datetime(),
    author: named,
    region: named,
    isAcknowledged: z.boolean().openapi({
      description: 'Said all the same after the warning; false where nobody could be asked before.',
    }),
  })
  .openapi('RedFlag');
const flagsList = z
  .object({
    items: z.array(flagAnswer),
    next: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  })
  .openapi('RedFlags');

export const listFlagsRoute = createRoute({
  method: 'get',
  path: '/red-flags',
  operationId: 'listRedFlags',
  tags: ['compliance'],
  summary: 'What the rules warned of in texts of your regions, for compliance alone',
  description: 'Which rule, where and by whom; never the words, nor whom they are about.',
  request: { query: flagsQuery },
  responses: {
    200: {
      description: 'The latest first.',
      content: { 'application/json': { schema: flagsList } },
    },
  },
});

export interface FlagParts {
  readonly db: Database;
  readonly tell: Tell;
}

export type Flag = z.input<typeof flagAnswer>;

/** For nobody else is there such a list, nor for whoever looks after another region. */
export async function listFlags(
  { db, tell }: FlagParts,
  { actor, input: { region, cursor, limit } }: Asked<z.output<typeof flagsQuery>>,
): Promise<Page<Flag>> {
  const isTheirs =
    region === undefined
      ? may(actor, 'flags.list', organisation)
      : may(actor, 'loop.flags', { parties: [{ region: region as RegionId }] });
  if (!isTheirs) throw new Refusal(problem('request.not_found'));
  const place = decodeCursor(cursor, ['integer', 'uuid', 'text', 'text']);
  const after = place && { at: place[0], content: place[1], place: place[2], code: place[3] };
  const rows = await findFlags(db, { actor, region, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const told = await tell(
    actor.id,
    shown.flatMap(({ code, kind }) => [
      { key: `handoff.red_flag.${code}`, params: {} },
      { key: `page.flags.written_in.${writtenIn(kind)}`, params: {} },
    ]),
  );
  return {
    items: shown.map(({ content: _content, at, ...flag }, index) => ({
      ...flag,
      sentence: told[2 * index] ?? '',
      written: told[2 * index + 1] ?? '',
      at: new Date(at).toISOString(),
    })),
    next: last ? encodeCursor([last.at, last.content, last.place, last.code]) : null,
  };
}

const writings = ['handoff', 'cover', 'comment', 'account', 'rating', 'assignment', 'plan'];

/** By the kind of the text, such as `handoff.packet`. */
function writtenIn(kind: ListedFlag['kind']): string {
  const [of = ''] = kind.split('.');
  return writings.includes(of) ? of : 'other';
}
