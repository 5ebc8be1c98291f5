/** Rounds of feedback that concern the reader, and a form that begins one. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listPeople } from '../api/directory/list-people.ts';
import { listRounds } from '../api/feedback/list-rounds.ts';
import { startBody } from '../api/feedback/schema.ts';
import { startRound } from '../api/feedback/start-round.ts';
import { derivedId } from '../db/derived-id.ts';
import { taskPath } from '../locales/links.ts';
import { sayRound as say } from './feedback.ts';
import { type Html, instant, nameOf, type Reader } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { roundsPath } from './navigation.ts';
import { peopleSuggested, peopleSuggestions } from './people-suggested.ts';
import type { Kept } from './read-back.ts';
import { alarm, labelsOf, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';

const formShape = z.object({ key: z.uuid(), subject: z.string(), closesOn: z.string() });
const labels = { subject: 'page.whom', closesOn: 'page.closes_on' } as const;

export const feedbackRoundsPage: SitePage = {
  route: roundsPath,
  async show({ feedback }, reader, { refused, query }) {
    const { actor } = reader;
    const { items } = await listRounds(feedback, { actor, input: {} });
    const people = await listPeople(feedback, { actor, input: { limit: peopleSuggested } });
    const kept = refused?.fields ?? { subject: query['subject'] ?? '' };
    const title = say(reader, 'page.rounds');
    const labelOf = labelsOf((key) => say(reader, key), labels);
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem, labelOf) : ''}
        ${
          items.length === 0
            ? html`<p class="muted">${say(reader, 'page.none')}</p>`
            : html`<ul class="list">
                ${items.map(
                  ({ id, subject, status, closesAt }) =>
                    html`<li>
                      <a href="${taskPath(id)}">${say(reader, 'page.about')} ${nameOf(subject)}</a>
                      <br /><span class="muted"
                        >${say(reader, `page.status_of.${status}`)} ·
                        ${say(reader, 'page.closes_at')} ${instant(reader, closesAt)}</span
                      >
                    </li>`,
                )}
              </ul>`
        }
        ${peopleSuggestions(people.items)} ${startForm(reader, kept)}`,
    };
  },
  async send({ feedback, publicUrl }, reader, { form: sent }) {
    const { key, ...fields } = readForm(formShape, sent);
    const { actor } = reader;
    let begun = '';
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const subject = fields.subject.trim();
      const input = bodyOf(startBody, { ...fields, subject });
      const commandId = derivedId('form', actor.id, roundsPath, key);
      begun = (await startRound(feedback, { actor, commandId, input })).id;
    });
    return refused ?? taskPath(begun);
  },
};

const startForm = (reader: Reader, kept: Kept): Html =>
  html`<form method="post" action="${roundsPath}" class="step">
    <h2>${say(reader, 'page.begin')}</h2>
    <p class="muted">${say(reader, 'page.promise')}</p>
    <input type="hidden" name="key" value="${randomUUID()}" />
    <label for="subject">${say(reader, 'page.whom')}</label>
    <input
      id="subject"
      name="subject"
      list="people"
      autocomplete="off"
      value="${kept['subject'] ?? ''}"
      required
    />
    <label for="closesOn">${say(reader, 'page.closes_on')}</label>
    <input id="closesOn" name="closesOn" type="date" value="${kept['closesOn'] ?? ''}" required />
    <div class="choices"><button>${say(reader, 'page.begin')}</button></div>
  </form>`;
