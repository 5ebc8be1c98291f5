/** `GET …/calendar.ics?key=…`: calendar programs cannot sign in, so the address is what they know. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { type FeedSubject, feedMaker } from '../../db/calendar-feeds.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ApiEnvironment } from '../environment.ts';
import { accountCalendar, personCalendar } from './calendar-file.ts';
import { type FeedParts, feedReader } from './feed-operations.ts';

const keyShape = /^[\w-]{32}$/;
const idShape = /^[a-z0-9-]{1,63}$/;

async function read(
  parts: FeedParts,
  subject: FeedSubject,
  key: string | undefined,
): Promise<string> {
  const id = 'person' in subject ? subject.person : subject.account;
  const isShaped = key !== undefined && keyShape.test(key) && idShape.test(id);
  const maker = isShaped ? await feedMaker(parts.db, subject, key) : null;
  const actor = maker && (await feedReader(parts.db, { maker, subject, at: parts.clock.now() }));
  // An address that is wrong, revoked or no longer allowed cannot be told from one that never was.
  if (!actor) throw new Refusal(problem('request.not_found'));
  return 'person' in subject
    ? personCalendar(parts, actor, subject.person)
    : accountCalendar(parts, actor, subject.account);
}

export function serveFeeds(app: OpenAPIHono<ApiEnvironment>, parts: FeedParts): void {
  const headers = { 'content-type': 'text/calendar; charset=utf-8' };
  app.get('/people/:id/calendar.ics', async (c) => {
    const subject = { person: c.req.param('id') as PersonId };
    return c.body(await read(parts, subject, c.req.query('key')), 200, headers);
  });
  app.get('/accounts/:id/calendar.ics', async (c) => {
    const subject = { account: c.req.param('id') as AccountId };
    return c.body(await read(parts, subject, c.req.query('key')), 200, headers);
  });
}
