/** The pages: for whoever is signed in, and acting through the operations of the API alone. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { attachmentResponse } from '../api/budget-requests/serve-attachments.ts';
import { decodeCursor, encodeCursor, pageLimitByDefault } from '../api/cursor.ts';
import type { ApiEnvironment } from '../api/environment.ts';
import { limitBody } from '../api/middleware/json.ts';
import { fromOurPages } from '../api/sign-in/same-origin.ts';
import type { Sessions } from '../api/sign-in/session.ts';
import { unstorablePlace } from '../api/storable.ts';
import { loadActor } from '../db/actors.ts';
import { isMailOff } from '../db/channel-off.ts';
import { addressee } from '../db/notices.ts';
import { listTasks } from '../db/tasks.ts';
import type { Actor } from '../domain/authority.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { recipientFor } from '../locales/render.ts';
import { attachToBudget } from './budget-attach.ts';
import { commentForm, isComment, settleComment } from './comments.ts';
import { downloads } from './downloads.ts';
import { draftsWaiting } from './drafts-waiting.ts';
import { heldHint } from './held-replies.ts';
import { type Html, say } from './html.ts';
import { type Inbox, inbox, welcome } from './inbox.ts';
import { layout } from './layout.ts';
import { mailOffHint } from './mail-off.ts';
import { messagesTold } from './messages-told.ts';
import type { Refused } from './refused.ts';
import { signInAgain } from './sign-in-again.ts';
import type { SitePage } from './site-page.ts';
import { sitePages } from './site-pages.ts';
import { unreachedHint } from './unreached.ts';
import { type TaskPageParts, taskPagesOf } from './task-pages.ts';

export interface PagesParts extends TaskPageParts {
  readonly sessions: Sessions;
  /** Held to by whoever is signed in. */
  readonly limits: readonly MiddlewareHandler<ApiEnvironment>[];
}

/** `taskPath` of any task. */
const taskRoute = '/tasks/:id';
const attachmentsRoute = `${taskRoute}/attachments`;
const attachmentRoute = `${attachmentsRoute}/:attachment`;

type PageContext = Context<ApiEnvironment>;

/** Answers how the pages know who reads them. */
export function registerPages(
  app: OpenAPIHono<ApiEnvironment>,
  parts: PagesParts,
): MiddlewareHandler<ApiEnvironment> {
  const { publicUrl } = parts;
  const known = bySession(parts);

  app.get('/', known, async (c) => {
    const actor: Actor | undefined = c.var.actor;
    if (actor === undefined) return show(c, say(c.var, 'product'), welcome(c.var));
    const found = await inboxOf(parts, actor, c.req.query('cursor'));
    const first = html`${await unreachedHint(parts.practices, c.var)}
    ${await mailOffHint(parts.handoffs, c.var)} ${inbox(c.var, found)}
    ${await draftsWaiting(parts.assignments, c.var)}`;
    return show(c, say(c.var, 'inbox'), first);
  });

  for (const page of sitePages) {
    app.use(page.route, known, required(publicUrl), ...parts.limits);
    registerSitePage(app, parts, page);
  }

  app.use(taskRoute, known, required(publicUrl), ...parts.limits);
  const task = async (c: PageContext, id: string, refused: Refused | null, said = '') => {
    const pages = await taskPagesOf(parts, id);
    const shown = await pages.show(parts, c.var, { id, refused });
    const { subject, body, isOnlyRead = false } = shown;
    const form = isOnlyRead
      ? ''
      : html`${await heldHint(parts.handoffs, c.var, id)} ${commentForm(c.var, id, said)}`;
    const title = refused === null ? subject : `${refused.problem.title}: ${subject}`;
    const told = isOnlyRead ? '' : await messagesTold(parts.handoffs, c.var, id);
    const back = html`<p><a href="/">${say(c.var, 'all_tasks')}</a></p>`;
    return show(c, title, html`${body} ${form} ${told} ${back}`, refused?.problem.status);
  };
  app.get(taskRoute, (c) => task(c, c.req.param('id'), null));
  app.post(taskRoute, async (c) => {
    fromOurPages(c, publicUrl);
    const id = c.req.param('id');
    const pages = await taskPagesOf(parts, id);
    const form = await c.req.parseBody();
    if (isComment(form)) {
      const comments = { publicUrl, comments: parts.handoffs };
      const unsaid = await settleComment(comments, c.var, { id, form });
      if (unsaid !== null) return task(c, id, { ...unsaid, text: '' }, unsaid.text);
      return c.redirect(taskPath(id), 303);
    }
    const refused = await pages.settle(parts, c.var, { id, form });
    // What was sent is done: loading the page again does not send it again.
    return refused === null ? c.redirect(taskPath(id), 303) : task(c, id, refused);
  });

  for (const { path, answer } of downloads) {
    app.use(path, known, required(publicUrl), ...parts.limits);
    app.get(path, (c) => answer(c, parts));
  }
  registerAttachments(app, parts, { known, task });
  return known;
}

interface TaskPage {
  readonly known: MiddlewareHandler<ApiEnvironment>;
  readonly task: (
    c: PageContext,
    id: string,
    refused: Refused | null,
  ) => Response | Promise<Response>;
}

/** Files beside a request for money: read by whoever sees it, added by a form of its page. */
function registerAttachments(
  app: OpenAPIHono<ApiEnvironment>,
  { budgets, limits, publicUrl }: PagesParts,
  { known, task }: TaskPage,
): void {
  app.use(attachmentRoute, known, required(publicUrl), ...limits);
  app.get(attachmentRoute, (c) => attachmentResponse(c, budgets));
  app.use(attachmentsRoute, known, required(publicUrl), ...limits);
  // Where somebody is led who had to sign in again.
  app.get(attachmentsRoute, (c) => c.redirect(taskPath(c.req.param('id')), 303));
  app.post(attachmentsRoute, async (c) => {
    fromOurPages(c, publicUrl);
    const id = c.req.param('id');
    const sent = { id, form: await c.req.parseBody() };
    const refused = await attachToBudget({ ...c.var, budgets, publicUrl }, sent);
    return refused === null ? c.redirect(taskPath(id), 303) : task(c, id, refused);
  });
}

function registerSitePage(
  app: OpenAPIHono<ApiEnvironment>,
  parts: PagesParts,
  page: SitePage,
): void {
  const shown = async (c: PageContext, refused: Refused | null) => {
    const asked = { params: c.req.param(), query: c.req.query(), refused };
    if (unstorablePlace(asked.query) !== null) throw new Refusal(problem('request.invalid'));
    const { title, body } = await page.show(parts, c.var, asked);
    return show(c, title, body, refused?.problem.status);
  };
  app.get(page.route, (c) => shown(c, null));
  const { send } = page;
  if (send === undefined) return;
  app.post(page.route, async (c) => {
    fromOurPages(c, parts.publicUrl);
    const sent = { params: c.req.param(), form: await c.req.parseBody() };
    const became = await send(parts, c.var, sent);
    if (typeof became === 'string') return c.redirect(became, 303);
    return 'body' in became ? show(c, became.title, became.body) : shown(c, became);
  });
}

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
      const [actor, person, isOff] = await Promise.all([
        loadActor(db, id, clock.now()),
        addressee(db, id),
        isMailOff(db, id),
      ]);
      if (actor && person) {
        c.set('actor', actor);
        c.set('person', { name: person.name, actor, isMailOff: isOff });
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
    if (c.req.method !== 'POST') return c.redirect(signInAddress(c.req.url), 302);
    fromOurPages(c, publicUrl);
    const kept = { text: await wordsSent(c), to: signInAddress(c.req.url) };
    return show(c, say(c.var, 'sign_in'), signInAgain(c.var, kept), 401);
  };

/** What a form carries beside what was written in it. */
const carried: readonly string[] = ['key', 'revision', 'since', 'choice', 'onBehalfOf', 'severity'];

/** A file stays where it is: it is not even read of somebody unknown. */
async function wordsSent(c: PageContext): Promise<string> {
  if (/^multipart\//i.test(c.req.header('content-type') ?? '')) return '';
  await limitBody(c, () => Promise.resolve());
  return wordsIn(await c.req.parseBody());
}

/** Whatever was written in the fields of any form. */
const wordsIn = (form: Readonly<Record<string, unknown>>): string =>
  Object.entries(form)
    .filter(([name, words]) => !carried.includes(name) && typeof words === 'string')
    .map(([, words]) => String(words))
    .filter((words) => words.trim() !== '')
    .join('\n');

/** With what was asked of the page, such as the quarter of a scorecard. */
function signInAddress(url: string): string {
  const { pathname, search } = new URL(url);
  return `/auth/sign-in?to=${encodeURIComponent(`${pathname}${search}`)}`;
}

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
