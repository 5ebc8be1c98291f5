/** A world with the API and the pages in front: asked over HTTP, by programs and by browsers. */
import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { openSession } from '../../db/sessions.ts';
import type { PersonId } from '../../domain/id.ts';
import { fieldsOf } from './browser.ts';
import { issuer, testTokens } from './tokens.ts';
import type { World } from './world.ts';

export const publicUrl = 'http://meridian.test';
const sessionMs = 86_400_000;

export interface Told {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

export type ServedWorld = Awaited<ReturnType<typeof served>>;

/** Everyone of the world can sign in; what is logged is told line by line, where somebody listens. */
export async function served(world: World, onLog?: (line: string) => void) {
  const { client, clock, taskQueue, database } = world;
  const { db } = database;
  const people = await db.selectFrom('person').select('id').execute();
  await db
    .insertInto('identity')
    .values(people.map(({ id }) => ({ issuer, subject: id, person_id: id })))
    .execute();
  const tokens = await testTokens(clock);
  const app = createApp({
    db,
    loops: createLoopGateway({ client, db, taskQueue }),
    clock,
    verifyToken: tokens.verifyToken,
    issuer,
    publicUrl,
    log: onLog ? pino({ level: 'trace' }, { write: onLog }) : pino({ level: 'silent' }),
    pages: {
      issuer,
      clientId: 'meridian',
      clientSecret: 'secret',
      secret: 'of the test alone, 32 letters',
    },
  });

  /** A body makes it a POST. */
  async function ask(as: PersonId, path: string, body?: unknown, headers = {}): Promise<Told> {
    const response = await app.request(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${await tokens.of(as)}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.status, json: (await response.json()) as Told['json'] };
  }

  /** As it is answered, such as a file. */
  const read = async (as: PersonId, path: string): Promise<Response> =>
    app.request(path, { headers: { authorization: `Bearer ${await tokens.of(as)}` } });

  /** That this person has signed in with. */
  async function browser(person: PersonId) {
    const token = randomUUID();
    const at = clock.now();
    await openSession(db, {
      tokenHash: createHash('sha256').update(token).digest(),
      person,
      idToken: 'of the test',
      at,
      expiresAt: at + sessionMs,
    });
    const headers = { cookie: `meridian_session=${token}`, origin: publicUrl };
    return {
      see: async (path: string) => (await app.request(path, { headers })).text(),
      send: async (path: string, form: Record<string, string>) =>
        app.request(path, { method: 'POST', headers, body: new URLSearchParams(form) }),
    };
  }

  /** Sends a form of a page as its browser would, with what is hidden in it, maybe in somebody else's. */
  async function sends(
    who: PersonId,
    page: string,
    fields: Record<string, string>,
    formOf = who,
  ): Promise<Response> {
    const hidden = fieldsOf(await (await browser(formOf)).see(page), page);
    return (await browser(who)).send(page, { ...hidden, ...fields });
  }

  return { app, tokens, ask, read, browser, sends };
}
