/** A problem as a page, for whoever came by a link. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ApiEnvironment } from '../api/environment.ts';
import type { ProblemDocument } from '../api/problem.ts';
import { type Html, type Reader, say } from './html.ts';
import { layout } from './layout.ts';

const problemPage = (reader: Reader, { title, detail, status }: ProblemDocument): Html =>
  html`<h1>${title}</h1>
    <p>${detail}</p>
    <p>
      ${
        status === 401
          ? html`<a class="button" href="/auth/sign-in">${say(reader, 'sign_in')}</a>`
          : html`<a href="/">${say(reader, 'all_tasks')}</a>`
      }
    </p>`;

export const shownProblem = (
  c: Context<ApiEnvironment>,
  problem: ProblemDocument,
): Response | Promise<Response> => {
  const { recipient, person } = c.var;
  const body = problemPage({ recipient }, problem);
  const page = layout({ recipient, person: person ?? null, title: problem.title, body });
  return c.html(page, problem.status as 400);
};
