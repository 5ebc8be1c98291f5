/** Who was told what of a loop, and why a message waits or was not sent: beneath its task page. */
import { html } from 'hono/html';
import type { WorkingTimeParts } from '../api/working-time/parts.ts';
import { listLoopNotices } from '../api/notices/list-notices.ts';
import { type Html, nameOf, say } from './html.ts';
import type { SignedIn } from './loop-page.ts';

/** The latest; the API has them all. */
const shownMax = 20;

export async function messagesTold(
  parts: WorkingTimeParts,
  reader: SignedIn,
  id: string,
): Promise<Html | string> {
  const { items } = await listLoopNotices(parts, {
    actor: reader.actor,
    input: { id, limit: shownMax },
  });
  if (items.length === 0) return '';
  return html`<h2>${say(reader, 'messages_told')}</h2>
    <ul class="timeline">
      ${items.map(
        ({ to, why, written }) =>
          html`<li>
            ${nameOf(to)}<br /><span class="muted">${why}</span>
            ${
              written && written.from !== 'person'
                ? html`<br /><span class="muted">${written.why}</span>`
                : ''
            }
          </li>`,
      )}
    </ul>`;
}
