/** What people said of a loop, and the form that adds to it: beneath the task page of every kind. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listLoopComments } from '../api/comments/list-comments.ts';
import { commentBody, commentLengthMax, commentsMax } from '../api/comments/schema.ts';
import { comment, type CommentParts } from '../api/comments/write-comment.ts';
import { derivedId } from '../db/derived-id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import { bodyOf } from './loop-form.ts';
import { type Refused, unlessRefused } from './refused.ts';
import type { SignedIn } from './loop-page.ts';

/** The `choice` by which the form is told from the steps of the loop. */
const choice = 'comment';

export const isComment = (form: Readonly<Record<string, unknown>>): boolean =>
  form['choice'] === choice;

/** For the page of a loop whose timeline does not hold them. */
export async function commentsSaid(
  parts: CommentParts,
  reader: SignedIn,
  id: string,
): Promise<Html | string> {
  const asked = { actor: reader.actor, input: { id, limit: commentsMax } };
  const { items } = await listLoopComments(parts, asked);
  if (items.length === 0) return '';
  return html`<h2>${say(reader, 'comments')}</h2>
    <ol class="timeline">
      ${items.map(
        ({ author, at, text }) =>
          html`<li>
            ${nameOf(author)}<br /><span class="muted">${instant(reader, at)}</span>
            ${text === null ? html`<p class="muted">${say(reader, 'erased')}</p>` : words(text)}
          </li>`,
      )}
    </ol>`;
}

/** `text`: what was written and not taken. */
export const commentForm = (reader: Reader, id: string, text: string): Html =>
  html`<form method="post" action="${taskPath(id)}">
    <input type="hidden" name="key" value="${randomUUID()}" />
    <label for="comment-text">${say(reader, 'your_comment')}</label>
    <textarea
      id="comment-text"
      name="text"
      rows="3"
      required
      maxlength="${commentLengthMax}"
      dir="auto"
    >
${text}</textarea>
    <button name="choice" value="${choice}" class="quiet">${say(reader, 'add_comment')}</button>
  </form>`;

const formSchema = z.object({ key: z.uuid(), text: z.string() });

/** Null when it is said; the same form sent twice is one comment. */
export async function settleComment(
  { comments, publicUrl }: { readonly comments: CommentParts; readonly publicUrl: string },
  reader: SignedIn,
  { id, form }: { readonly id: string; readonly form: unknown },
): Promise<Refused | null> {
  const read = formSchema.safeParse(form);
  if (!read.success) throw new Refusal(problem('request.invalid'));
  const { key, text } = read.data;
  const { actor, recipient } = reader;
  return unlessRefused({ recipient, publicUrl, text }, async () => {
    const commandId = derivedId('form', actor.id, id, key);
    const said = bodyOf(commentBody, { text });
    await comment(comments, { actor, commandId, input: { id, ...said } }, 'page');
  });
}
