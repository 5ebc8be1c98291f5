/** Who decides for whom, as a page: what `GET` and `POST /people/{id}/delegations` do. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { delegationOperations, type DelegationSummary } from '../api/delegations/operations.ts';
import { delegationBody } from '../api/delegations/schema.ts';
import { ShapeRefusal } from '../api/refusals.ts';
import { mistakesOf } from '../api/shape-mistakes.ts';
import { derivedId } from '../db/derived-id.ts';
import { standInsFor, type StandIns } from '../db/stand-ins.ts';
import { delegationScopes } from '../domain/people/delegation.ts';
import { taskPath } from '../locales/links.ts';
import { say } from './delegation.ts';
import { type Html, instant, passes, type Reader } from './html.ts';
import { readForm } from './loop-form.ts';
import type { SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { alarm, type LabelOf, labelsOf, type Refused, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

const shownMax = 50;

export const delegationsPage: SitePage = {
  route: wayTo('delegations'),
  async show({ delegations: parts }, reader, { refused }) {
    const { actor } = reader;
    const input = { id: actor.id, limit: shownMax, cursor: undefined };
    const { items } = await delegationOperations.list.run(parts, { actor, input });
    const people = await standInsFor(parts.db, actor);
    const title = say(reader, 'title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem, labels(reader)) : ''}
        <p>${say(reader, 'hint')}</p>
        ${
          items.length === 0
            ? html`<p class="muted">${say(reader, 'none')}</p>`
            : html`<ul class="list">
                ${items.map((one) => item(reader, one))}
              </ul>`
        }
        ${form(reader, people)}`,
    };
  },
  send: async (parts, reader, { form: sent }) =>
    (await giveByForm(parts, reader, sent)) ?? wayTo('delegations'),
};

const labels = (reader: Reader): LabelOf =>
  labelsOf((key) => say(reader, key), {
    delegate: 'delegate',
    scope: 'what',
    from: 'from',
    until: 'until',
  });

const item = (reader: Reader, delegation: DelegationSummary): Html =>
  html`<li>
    <a href="${taskPath(delegation.id)}"
      >${passes(reader, delegation.principal, delegation.delegate)}</a
    >
    <br /><span class="muted"
      >${say(reader, `status_of.${delegation.status}`)} ·
      ${say(reader, `scope.${delegation.scope}`)}<br />${instant(reader, delegation.from.at)} –
      ${instant(reader, delegation.until.at)}</span
    >
  </li>`;

const named = ({ id, name }: { readonly id: string; readonly name: string }): Html =>
  html`<option class="name" value="${id}">${name}</option>`;

const option = (value: string, label: Html): Html =>
  html`<option value="${value}">${label}</option>`;

function form(reader: Reader, { away, delegates }: StandIns): Html {
  const select = (name: string, label: string, options: readonly Html[]): Html =>
    html`<label for="${name}">${say(reader, label)}</label>
      <select id="${name}" name="${name}">
        ${options}
      </select>`;
  const time = (name: string): Html =>
    html`<label for="${name}">${say(reader, name)}</label>
      <input id="${name}" name="${name}" type="datetime-local" required />`;
  return html`<form method="post" action="${wayTo('delegations')}" class="step">
    <h2>${say(reader, 'new')}</h2>
    <input type="hidden" name="key" value="${randomUUID()}" />
    ${select('principal', 'for_whom', [option('', say(reader, 'me')), ...away.map(named)])}
    ${select('delegate', 'delegate', delegates.map(named))}
    ${select(
      'scope',
      'what',
      delegationScopes.map((scope) => option(scope, say(reader, `scope.${scope}`))),
    )}
    ${time('from')} ${time('until')}
    <div class="choices"><button>${say(reader, 'give')}</button></div>
  </form>`;
}

const formShape = z.object({
  key: z.uuid(),
  principal: z.string(),
  delegate: z.string(),
  scope: z.string(),
  from: z.string(),
  until: z.string(),
});

/** Null when it was given; else what the page says of it. The same form sent twice gives it once. */
async function giveByForm(
  { delegations, publicUrl }: TaskPageParts,
  reader: SignedIn,
  sent: unknown,
): Promise<Refused | null> {
  const { key, principal, ...rest } = readForm(formShape, sent);
  const { actor } = reader;
  return unlessRefused({ ...reader, publicUrl, text: '' }, async () => {
    const body = delegationBody.safeParse(rest);
    if (!body.success) throw new ShapeRefusal(mistakesOf('form', body.error.issues, rest));
    const commandId = derivedId('form', actor.id, wayTo('delegations'), key);
    const input = { id: principal === '' ? actor.id : principal, ...body.data };
    await delegationOperations.give.run(delegations, { actor, commandId, input });
  });
}
