/** Opening a budget line, as a page: what `POST /budget-lines` does, for the regions that one keeps. */
import { html } from 'hono/html';
import { z } from 'zod';
import { randomUUID } from 'node:crypto';
import { budgetLineOperations } from '../api/budget-lines/operations.ts';
import { lineBody } from '../api/budget-lines/schema.ts';
import { managedRegions } from '../db/budget-views.ts';
import { derivedId } from '../db/derived-id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { budgetLinePath } from '../locales/links.ts';
import { sayLine as say } from './budget-line-words.ts';
import { readForm } from './loop-form.ts';
import { bodyOf } from './loop-form.ts';
import { wayTo } from './navigation.ts';
import { alarm, type LabelOf, labelsOf, unlessRefused } from './refused.ts';
import type { Html, Reader } from './html.ts';
import type { SitePage } from './site-page.ts';

export const openPath = `${wayTo('budgets')}/new`;

/** As it is named everywhere, however somebody writes it. */
export const purposeIn = (written: string): string =>
  written.trim().toLowerCase().replaceAll(/\s+/g, '-');

const formShape = z.object({
  key: z.uuid(),
  region: z.string(),
  year: z.string(),
  purpose: z.string(),
  isRingFenced: z.enum(['no', 'yes']),
  currency: z.string(),
});

export const budgetOpenPage: SitePage = {
  route: openPath,
  async show({ handoffs: { db, clock } }, reader, { refused }) {
    const regions = await managedRegions(db, reader.actor);
    if (regions.length === 0) throw new Refusal(problem('request.not_found'));
    const kept = refused?.fields ?? { year: String(new Date(clock.now()).getUTCFullYear()) };
    const title = say(reader, 'open.title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem, labels(reader)) : ''}
        <p>${say(reader, 'open.hint')}</p>
        ${form(reader, regions, kept)}`,
    };
  },
  async send({ handoffs: parts, publicUrl }, reader, { form: sent }) {
    const { key, year, isRingFenced, ...rest } = readForm(formShape, sent);
    const { actor } = reader;
    let opened = '';
    const fields = { ...rest, year, isRingFenced };
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const input = bodyOf(lineBody, {
        region: rest.region,
        purpose: purposeIn(rest.purpose),
        currency: rest.currency.trim().toUpperCase(),
        year: Number(year),
        isRingFenced: isRingFenced === 'yes',
      });
      const commandId = derivedId('form', actor.id, openPath, key);
      ({ id: opened } = await budgetLineOperations.open.run(parts, { actor, input, commandId }));
    });
    return refused ?? budgetLinePath(opened);
  },
};

const labels = (reader: Reader): LabelOf =>
  labelsOf((key) => say(reader, key), {
    region: 'open.region',
    year: 'open.year',
    purpose: 'open.purpose',
    currency: 'open.currency',
  });

interface Named {
  readonly id: string;
  readonly name: string;
}

function form(
  reader: Reader,
  regions: readonly Named[],
  kept: Readonly<Record<string, string>>,
): Html {
  const option = (value: string, label: Html | string, name: string): Html =>
    html`<option value="${value}" ${kept[name] === value ? 'selected' : ''}>${label}</option>`;
  const input = (name: string, type: string, more: Html): Html =>
    html`<label for="${name}">${say(reader, `open.${name}`)}</label>
      <input
        id="${name}"
        name="${name}"
        type="${type}"
        required
        value="${kept[name] ?? ''}"
        ${more}
      />`;
  return html`<form method="post" action="${openPath}" class="step">
    <input type="hidden" name="key" value="${randomUUID()}" />
    <label for="region">${say(reader, 'open.region')}</label>
    <select id="region" name="region">
      ${regions.map(({ id, name }) => option(id, html`<bdi>${name}</bdi>`, 'region'))}
    </select>
    ${input('year', 'number', html`min="2000" max="2100"`)}
    ${input('purpose', 'text', html`maxlength="64" dir="ltr" aria-describedby="purpose-hint"`)}
    <p id="purpose-hint" class="muted">${say(reader, 'open.purpose_hint')}</p>
    <label for="isRingFenced">${say(reader, 'ring_fenced')}</label>
    <select id="isRingFenced" name="isRingFenced">
      ${option('no', say(reader, 'open.fenced_no'), 'isRingFenced')}
      ${option('yes', say(reader, 'ring_fenced_yes'), 'isRingFenced')}
    </select>
    ${input('currency', 'text', html`maxlength="3" dir="ltr" size="4"`)}
    <div class="choices"><button>${say(reader, 'open.send')}</button></div>
  </form>`;
}
