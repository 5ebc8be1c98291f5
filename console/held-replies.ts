/** Replies by mail that became no comment: what `/me/held-replies` does, as a page. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import {
  dropHeldReply,
  listHeldReplies,
  releaseHeldReply,
} from '../api/replies/reply-operations.ts';
import type { CommentParts } from '../api/comments/write-comment.ts';
import { taskPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, instant, type Reader } from './html.ts';
import { readForm } from './loop-form.ts';
import { choiceButtons, facts, type SignedIn } from './loop-page.ts';
import { alarm, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';

export const heldRepliesPath = '/held-replies';

const tell = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`message.${key}`, {}, recipient));
const say = (reader: Reader, key: string): Html => tell(reader, `held.${key}`);

const formSchema = z.object({ id: z.uuid(), choice: z.enum(['add', 'drop']) });

export const heldRepliesPage: SitePage = {
  route: heldRepliesPath,
  async show({ handoffs }, reader, { refused }) {
    const { items } = await listHeldReplies(handoffs, { actor: reader.actor, input: {} });
    const title = say(reader, 'title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem) : ''}
        <p>${say(reader, items.length === 0 ? 'none' : 'hint')}</p>
        ${items.map((item) => shown(reader, item))}`,
    };
  },
  async send({ handoffs, publicUrl }, reader, { form }) {
    const { id, choice } = readForm(formSchema, form);
    const asked = { actor: reader.actor, input: { id } };
    const settle = choice === 'add' ? releaseHeldReply : dropHeldReply;
    const refused = await unlessRefused({ ...reader, publicUrl, text: '' }, async () => {
      await settle(handoffs, asked);
    });
    return refused ?? heldRepliesPath;
  },
};

/** On the page of a loop: whether something that answers it waits to be looked at. */
export async function heldHint(
  parts: CommentParts,
  reader: SignedIn,
  loop: string,
): Promise<Html | string> {
  const { items } = await listHeldReplies(parts, { actor: reader.actor, input: {} });
  if (!items.some((item) => item.loop === loop)) return '';
  return html`<p><a href="${heldRepliesPath}">${say(reader, 'title')}</a></p>`;
}

type Held = Awaited<ReturnType<typeof listHeldReplies>>['items'][number];

function shown(reader: Reader, { id, loop, at, reason, sender, words, isUsable }: Held): Html {
  return html`<section class="step">
    <h2>${instant(reader, at)}</h2>
    ${facts([
      [
        say(reader, 'sender'),
        sender === null ? say(reader, 'no_sender') : html`<bdi>${sender}</bdi>`,
      ],
      [say(reader, 'reason'), tell(reader, `reply_reason.${reason}`)],
    ])}
    ${words === null ? '' : html`<blockquote dir="auto">${words}</blockquote>`}
    ${isUsable ? '' : html`<p class="muted">${say(reader, 'no_words')}</p>`}
    <p><a href="${taskPath(loop)}">${say(reader, 'task')}</a></p>
    <form method="post" action="${heldRepliesPath}">
      <input type="hidden" name="id" value="${id}" />
      ${choiceButtons([
        ...(isUsable ? [{ choice: 'add', label: say(reader, 'add') }] : []),
        { choice: 'drop', label: say(reader, 'drop'), isQuiet: true },
      ])}
    </form>
  </section>`;
}
