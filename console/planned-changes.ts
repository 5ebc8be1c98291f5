/** Changes of the organisation as pages: what `GET /changes`, one of them and its cancellation do. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { cancelChange } from '../api/changes/cancel-change.ts';
import { listChanges } from '../api/changes/list-changes.ts';
import { authoriseReading, type ChangeParts, type ShownChange } from '../api/changes/present.ts';
import { readChange } from '../api/changes/read-change.ts';
import { changeParams } from '../api/changes/schema.ts';
import { pageLimitByDefault } from '../api/cursor.ts';
import { personNames } from '../db/people.ts';
import { present } from '../domain/assert.ts';
import { may } from '../domain/authority.ts';
import { type Change, changeKinds } from '../domain/change/change.ts';
import { changeSentence } from '../domain/change/notices.ts';
import type { PersonId } from '../domain/id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { organisation } from '../domain/subjects.ts';
import { movesOf, refusalsOf, sayChange as say } from './change-moves.ts';
import { type Html, instant, say as pageSay } from './html.ts';
import { readForm } from './loop-form.ts';
import { facts, type SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { alarm, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';

export const changePath = (id: string): string => `${wayTo('changes')}/${id}`;
export const planPath = (kind: string): string => `${wayTo('changes')}/plan/${kind}`;

type Listed = Pick<ShownChange, 'id' | 'change' | 'from' | 'at' | 'status' | 'scheduledBy'>;

/** What each changes, in a sentence. */
const told = (
  { tell }: ChangeParts,
  { actor }: SignedIn,
  changes: readonly Pick<Listed, 'change'>[],
): Promise<readonly string[]> =>
  tell(
    actor.id,
    changes.map(({ change }) => changeSentence(change as unknown as Change)),
  );

export const plannedChangesPage: SitePage = {
  route: wayTo('changes'),
  async show({ handoffs: parts }, reader, { query }) {
    const { actor } = reader;
    const input = { cursor: query['cursor'], limit: pageLimitByDefault };
    const { items, next } = await listChanges(parts, { actor, input });
    const sentences = await told(parts, reader, items);
    const title = say(reader, 'page.title');
    return {
      title,
      body: html`<h1>${title}</h1>
        <p>${say(reader, 'page.hint')}</p>
        ${may(actor, 'directory.change', organisation) ? ways(reader) : ''}
        ${items.length === 0 ? html`<p class="muted">${say(reader, 'page.none')}</p>` : ''}
        <ol class="list">
          ${items.map((item, index) => listed(reader, item, sentences[index] ?? ''))}
        </ol>
        ${next === null ? '' : html`<p><a href="?cursor=${next}">${pageSay(reader, 'more')}</a></p>`}`,
    };
  },
};

const ways = (reader: SignedIn): Html =>
  html`<ul>
    ${changeKinds.map(
      (kind) => html`<li><a href="${planPath(kind)}">${say(reader, `plan.${kind}`)}</a></li>`,
    )}
  </ul>`;

const listed = (reader: SignedIn, { id, from, status }: Listed, sentence: string): Html =>
  html`<li>
    <a href="${changePath(id)}">${sentence}</a><br />
    <span class="muted">${day(reader, from)} · ${say(reader, `status.${status}`)}</span>
  </li>`;

const day = (reader: SignedIn, from: string): Html =>
  html`<time datetime="${from}">${say(reader, 'page.day', { day: { day: from } })}</time>`;

export const plannedChangePage: SitePage = {
  route: changePath(':id'),
  async show({ handoffs: parts }, reader, { params, refused }) {
    const { actor } = reader;
    const found = await readChange(parts, { actor, input: idOf(reader, params) });
    const [sentence = ''] = await told(parts, reader, [found]);
    const names = await personNames(
      parts.db,
      [found.scheduledBy, found.cancelledBy].filter((id) => id !== null) as PersonId[],
    );
    const nameOf = (id: string | null): Html | null =>
      id === null ? null : html`<bdi>${names.get(id as PersonId) ?? id}</bdi>`;
    const isOpen = found.status === 'scheduled';
    const mayCancel = isOpen && may(actor, 'directory.change', organisation);
    return {
      title: html`${sentence}`,
      body: html`<h1>${sentence}</h1>
        ${refused ? alarm(refused.problem) : ''}
        ${facts([
          [pageSay(reader, 'status'), say(reader, `status.${found.status}`)],
          [
            say(reader, 'field.from'),
            html`${day(reader, found.from)} (${instant(reader, found.at)})`,
          ],
          [say(reader, 'page.planned_by'), nameOf(found.scheduledBy)],
          [say(reader, 'page.cancelled_by'), nameOf(found.cancelledBy)],
          [
            say(reader, 'page.settled'),
            found.settledAt === null ? null : instant(reader, found.settledAt),
          ],
        ])}
        ${mayCancel ? cancelForm(reader, found.id) : ''} ${refusalsOf(reader, found)}
        ${found.plan === null ? '' : await movesOf(parts.db, reader, { plan: found.plan, isOpen })}
        <p><a href="${wayTo('changes')}">${say(reader, 'page.title')}</a></p>`,
    };
  },
  async send({ handoffs: parts, publicUrl }, reader, { params, form }) {
    const { actor } = reader;
    const input = idOf(reader, params);
    readForm(formShape, form);
    const refused = await unlessRefused({ ...reader, publicUrl, text: '' }, async () => {
      await cancelChange(parts, { actor, input });
    });
    return refused ?? changePath(input.id);
  },
};

/** For whoever may not see changes there is none, whatever they ask for. */
function idOf({ actor }: SignedIn, params: Readonly<Record<string, string>>) {
  authoriseReading(actor);
  const asked = changeParams.safeParse(params);
  if (!asked.success) throw new Refusal(problem('request.not_found'));
  return present(asked.data, 'the change');
}

const formShape = z.object({ key: z.uuid() });

const cancelForm = (reader: SignedIn, id: string): Html =>
  html`<form method="post" action="${changePath(id)}" class="step">
    <h2>${say(reader, 'page.cancel')}</h2>
    <p>${say(reader, 'page.cancel_hint')}</p>
    <input type="hidden" name="key" value="${randomUUID()}" />
    <div class="choices"><button>${say(reader, 'page.cancel')}</button></div>
  </form>`;
