/** Making and revoking the address of a calendar: four operations of one shape. */
import { createRoute, z } from '@hono/zod-openapi';
import { randomBytes } from 'node:crypto';
import { loadActor, accountSubject, personSubject } from '../../db/actors.ts';
import { type FeedSubject, replaceFeed, revokeFeed } from '../../db/calendar-feeds.ts';
import type { Database } from '../../db/client.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { idParams } from '../directory/schema.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';

const nouns = { people: 'person', accounts: 'account' } as const;
type Noun = keyof typeof nouns;

const feedAnswer = z
  .object({
    url: z.url().openapi({
      description: 'Shown this once. Whoever has it reads the calendar, until it is revoked.',
    }),
  })
  .openapi('CalendarFeed');
const revokedAnswer = z
  .object({ isRevoked: z.boolean().openapi({ description: 'False when there was none.' }) })
  .openapi('CalendarFeedRevoked');

export type FeedParts = DirectoryParts & { readonly publicUrl: string };

const subjectOf = (noun: Noun, id: string): FeedSubject =>
  noun === 'people' ? { person: id as PersonId } : { account: id as AccountId };

const secretBytes = 24;

function makeFeed(noun: Noun) {
  const route = createRoute({
    method: 'put',
    path: `/${noun}/{id}/calendar-feed`,
    operationId: noun === 'people' ? 'makePersonCalendarFeed' : 'makeAccountCalendarFeed',
    tags: ['calendars'],
    summary: `A new address for calendar programs to read the ${nouns[noun]}'s calendar at; your former one ends`,
    request: { params: idParams },
    responses: {
      200: {
        description: 'The address.',
        content: { 'application/json': { schema: feedAnswer } },
      },
    },
  });
  const run = async (
    { db, clock, publicUrl }: FeedParts,
    { actor, input: { id } }: Asked<{ readonly id: string }>,
  ): Promise<z.input<typeof feedAnswer>> => {
    const subject = subjectOf(noun, id);
    await authoriseFeed(db, actor, subject);
    const secret = randomBytes(secretBytes).toString('base64url');
    await replaceFeed(db, { maker: actor.id, subject, secret, at: clock.now() });
    return { url: `${publicUrl}/${noun}/${id}/calendar.ics?key=${secret}` };
  };
  return { route, run };
}

function endFeed(noun: Noun) {
  const route = createRoute({
    method: 'delete',
    path: `/${noun}/{id}/calendar-feed`,
    operationId: noun === 'people' ? 'revokePersonCalendarFeed' : 'revokeAccountCalendarFeed',
    tags: ['calendars'],
    summary: `Ends your address of the ${nouns[noun]}'s calendar`,
    request: { params: idParams },
    responses: {
      200: {
        description: 'It answers nobody any more.',
        content: { 'application/json': { schema: revokedAnswer } },
      },
    },
  });
  const run = async (
    { db }: FeedParts,
    { actor, input: { id } }: Asked<{ readonly id: string }>,
  ): Promise<z.input<typeof revokedAnswer>> => ({
    isRevoked: await revokeFeed(db, actor.id, subjectOf(noun, id)),
  });
  return { route, run };
}

export const feedOperations = {
  makeOfPerson: makeFeed('people'),
  makeOfAccount: makeFeed('accounts'),
  revokeOfPerson: endFeed('people'),
  revokeOfAccount: endFeed('accounts'),
} as const;

/** What one may not see answers as missing; a colleague's steps are seen by their line alone. */
async function authoriseFeed(db: Database, actor: Actor, subject: FeedSubject): Promise<void> {
  const sees = await maySee(db, actor, subject);
  if (sees === 'no') throw new Refusal(problem('request.not_found'));
  if (sees === 'not the steps') throw new Refusal(problem('authority.forbidden'));
}

async function maySee(
  db: Database,
  actor: Actor,
  subject: FeedSubject,
): Promise<'yes' | 'no' | 'not the steps'> {
  if ('account' in subject) {
    const account = await accountSubject(db, subject.account);
    return account && may(actor, 'account.view', account) ? 'yes' : 'no';
  }
  const person = await personSubject(db, subject.person);
  if (!person || !may(actor, 'person.view', person)) return 'no';
  return may(actor, 'task.view', person) ? 'yes' : 'not the steps';
}

/** As whom a feed is read now; null when its maker has left or may not see it any more. */
export async function feedReader(
  db: Database,
  asked: { readonly maker: PersonId; readonly subject: FeedSubject; readonly at: Instant },
): Promise<Actor | null> {
  const actor = await loadActor(db, asked.maker, asked.at);
  return actor && (await maySee(db, actor, asked.subject)) === 'yes' ? actor : null;
}
