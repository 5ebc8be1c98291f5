/** The pages: for whoever is signed in, and acting through the operations of the API alone. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { decodeCursor, encodeCursor, pageLimitByDefault } from '../api/cursor.ts';
import type { ApiEnvironment } from '../api/environment.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import type { HolidayParts } from '../api/holidays/parts.ts';
import { reviewParams } from '../api/holidays/schema.ts';
import { limitBody } from '../api/middleware/json.ts';
import { fromOurPages } from '../api/sign-in/same-origin.ts';
import type { Sessions } from '../api/sign-in/session.ts';
import { loadActor } from '../db/actors.ts';
import { addressee } from '../db/notices.ts';
import { loopName } from '../db/receipts.ts';
import { listTasks } from '../db/tasks.ts';
import type { Actor } from '../domain/authority.ts';
import { taskPath } from '../locales/links.ts';
import { recipientFor } from '../locales/render.ts';
import { settleReview, showReview } from './holiday-review.ts';
import { type Html, say } from './html.ts';
import { type Inbox, inbox, welcome } from './inbox.ts';
import { layout } from './layout.ts';
import type { Refused } from './refused.ts';
import { settleStep } from './settle-step.ts';
import { showTask } from './show-task.ts';
import { signInAgain } from './sign-in-again.ts';

export interface PagesParts {
  readonly handoffs: HandoffParts;
  readonly holidays: HolidayParts;
  readonly sessions: Sessions;
  readonly publicUrl: string;
  /** Held to by whoever is signed in. */
  readonly limits: readonly MiddlewareHandler<ApiEnvironment>[];
}

/** `taskPath` of any task. */
const taskRoute = '/tasks/:id';

type PageContext = Context<ApiEnvironment>;

export function registerPages(app: OpenAPIHono<ApiEnvironment>, parts: PagesParts): void {
  const { handoffs, publicUrl } = parts;
  const known = bySession(parts);

  app.get('/', known, async (c) => {
    const actor: Actor | undefined = c.var.actor;
    if (actor === undefined) return show(c, say(c.var, 'product'), welcome(c.var));
    const found = await inboxOf(parts, actor, c.req.query('cursor'));
    return show(c, say(c.var, 'inbox'), inbox(c.var, found));
  });

  app.use(taskRoute, known, required(publicUrl), ...parts.limits);
  const task = async (c: PageContext, id: string, refused: Refused | null) => {
    const shown = (await isReview(parts, id))
      ? await showReview(parts.holidays, c.var, { id, refused })
      : await showTask(handoffs, c.var, { id, refused });
    const { name } = shown.account;
    const title = refused === null ? name : `${refused.problem.title}: ${name}`;
    return show(c, title, shown.body, refused?.problem.status);
  };
  app.get(taskRoute, (c) => task(c, c.req.param('id'), null));
  app.post(taskRoute, async (c) => {
    fromOurPages(c, publicUrl);
    const id = c.req.param('id');
    const form = await c.req.parseBody();
    const sent = { id, form };
    const refused = (await isReview(parts, id))
      ? await settleReview({ ...parts, ...c.var }, sent)
      : await settleStep({ ...parts, ...c.var }, sent);
    // What was sent is done: loading the page again does not send it again.
    return refused === null ? c.redirect(taskPath(id), 303) : task(c, id, refused);
  });
}

/** What is no id at all is told by the page of a handoff. */
const isReview = async ({ handoffs: { db } }: PagesParts, id: string): Promise<boolean> =>
  reviewParams.safeParse({ id }).success && (await loopName(db, id)) === 'holidayReview';

const show = (
  c: PageContext,
  title: Html | string,
  body: Html,
  status = 200,
): Response | Promise<Response> =>
  c.html(
    layout({ recipient: c.var.recipient, person: c.var.person ?? null, title, body }),
    status as 200,
  );

const bySession =
  ({ sessions, handoffs: { db, clock } }: PagesParts): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    const id = await sessions.personOf(c);
    if (id !== null) {
      const [actor, person] = await Promise.all([
        loadActor(db, id, clock.now()),
        addressee(db, id),
      ]);
      if (actor && person) {
        c.set('actor', actor);
        c.set('person', { name: person.name });
        c.set('recipient', recipientFor(person));
      }
    }
    await next();
  };

/** A link leads on to where it pointed once one has signed in; a form is never sent again by itself. */
const required =
  (publicUrl: string): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    const actor: Actor | undefined = c.var.actor;
    if (actor !== undefined) return next();
    if (c.req.method !== 'POST') return c.redirect(signInAddress(c.req.path), 302);
    fromOurPages(c, publicUrl);
    await limitBody(c, () => Promise.resolve());
    const { text } = await c.req.parseBody();
    const kept = { text: typeof text === 'string' ? text : '', to: signInAddress(c.req.path) };
    return show(c, say(c.var, 'sign_in'), signInAgain(c.var, kept), 401);
  };

const signInAddress = (to: string): string => `/auth/sign-in?to=${encodeURIComponent(to)}`;

async function inboxOf(
  { handoffs: { db } }: PagesParts,
  actor: Actor,
  cursor: string | undefined,
): Promise<Inbox> {
  const place = decodeCursor(cursor, ['integer', 'uuid']);
  const rows = await listTasks(db, actor, {
    after: place && { dueAt: place[0] === never ? null : place[0], id: place[1] },
    limit: pageLimitByDefault + 1,
    people: [actor.id, ...actor.principals],
  });
  const tasks = rows.slice(0, pageLimitByDefault);
  const last = rows.length > pageLimitByDefault ? tasks.at(-1) : undefined;
  const more = last && `/?cursor=${encodeCursor([last.dueAt ?? never, last.id])}`;
  return { me: actor.id, tasks, more: more ?? null };
}

/** Stands in a cursor for "no due time". */
const never = -1;
