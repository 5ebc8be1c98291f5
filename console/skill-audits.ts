/** Audits that concern the reader, and a form for whoever opens them. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listAudits } from '../api/skill-audits/list-audits.ts';
import { openAudit } from '../api/skill-audits/open-audit.ts';
import { openBody } from '../api/skill-audits/schema.ts';
import { derivedId } from '../db/derived-id.ts';
import { regionsLed } from '../db/growth-views.ts';
import { taskPath } from '../locales/links.ts';
import { type Html, instant, nameOf, type Reader } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { auditsPath } from './navigation.ts';
import { sayAudit } from './rating-fields.ts';
import type { Kept } from './read-back.ts';
import { alarm, labelsOf, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';
import { auditName } from './skill-audit.ts';

export const skillAuditsPage: SitePage = {
  route: auditsPath,
  async show({ audits: parts }, reader, { refused }) {
    const { actor } = reader;
    const { items } = await listAudits(parts, { actor, input: {} });
    const regions = await regionsLed(parts.db, actor);
    const title = sayAudit(reader, 'page.audits');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${
          refused
            ? alarm(
                refused.problem,
                labelsOf((key) => sayAudit(reader, key), labels),
              )
            : ''
        }
        ${
          items.length === 0
            ? html`<p class="muted">${sayAudit(reader, 'page.no_audits')}</p>`
            : html`<ul class="list">
                ${items.map(
                  ({ id, region, quarter, status, closesAt }) =>
                    html`<li>
                      <a href="${taskPath(id)}">${nameOf(auditName({ region, quarter }))}</a>
                      <br /><span class="muted"
                        >${sayAudit(reader, `page.status_of.${status}`)} ·
                        ${sayAudit(reader, 'page.closes_at')} ${instant(reader, closesAt)}</span
                      >
                    </li>`,
                )}
              </ul>`
        }
        ${regions.length === 0 ? '' : openForm(reader, regions, refused?.fields ?? {})}`,
    };
  },
  async send({ audits: parts, publicUrl }, reader, { form: sent }) {
    const { key, ...fields } = readForm(formShape, sent);
    const { actor } = reader;
    let opened = '';
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const input = bodyOf(openBody, fields);
      const commandId = derivedId('form', actor.id, auditsPath, key);
      opened = (await openAudit(parts, { actor, commandId, input })).id;
    });
    return refused ?? taskPath(opened);
  },
};

const formShape = z.object({ key: z.uuid(), region: z.string(), closesOn: z.string() });
const labels = { region: 'page.region', closesOn: 'page.closes_on' } as const;

const openForm = (
  reader: Reader,
  regions: readonly { readonly id: string; readonly name: string }[],
  kept: Kept,
): Html =>
  html`<form method="post" action="${auditsPath}" class="step">
    <h2>${sayAudit(reader, 'page.open')}</h2>
    <input type="hidden" name="key" value="${randomUUID()}" />
    <label for="region">${sayAudit(reader, 'page.region')}</label>
    <select id="region" name="region">
      ${regions.map(
        ({ id, name }) =>
          html`<option class="name" value="${id}" ${kept['region'] === id ? html`selected` : ''}>
            ${name}
          </option>`,
      )}
    </select>
    <label for="closesOn">${sayAudit(reader, 'page.closes_on')}</label>
    <input id="closesOn" name="closesOn" type="date" value="${kept['closesOn'] ?? ''}" required />
    <div class="choices"><button>${sayAudit(reader, 'page.open')}</button></div>
  </form>`;
