/** Quarterly reviews that one takes part in, and the form of whoever may convene one before its day. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listReviews } from '../api/quarterly-reviews/list-reviews.ts';
import { openReview } from '../api/quarterly-reviews/open-review.ts';
import { previewReview, type Preview } from '../api/quarterly-reviews/preview-review.ts';
import { openBody } from '../api/quarterly-reviews/schema.ts';
import { derivedId } from '../db/derived-id.ts';
import { partnerTeams } from '../db/quarterly-reviews.ts';
import { regionNames } from '../db/regions.ts';
import { may } from '../domain/authority.ts';
import { quarterAfter, quarterAt } from '../domain/scorecard/quarter.ts';
import { taskPath } from '../locales/links.ts';
import { courseTold } from './course-told.ts';
import { type Html, instant, nameOf, type Reader, say as sayPage } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { choiceButtons, facts, type SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { sayReview as say, titleOf } from './quarterly-review.ts';
import type { Kept } from './read-back.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { ShownPage, SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

const shownMax = 50;

const formShape = z.object({
  key: z.uuid(),
  choice: z.enum(['preview', 'open']),
  region: z.string(),
  team: z.string(),
  quarter: z.string(),
});

export const reviewsPage: SitePage = {
  route: wayTo('reviews'),
  show: (parts, reader, { refused }) =>
    shown(parts, reader, { kept: refused?.fields ?? {}, refused, preview: null }),
  async send(parts, reader, { form: sent }) {
    const { reviews, publicUrl } = parts;
    const { actor } = reader;
    const { key, choice, ...fields } = readForm(formShape, sent);
    const { team, ...rest } = fields;
    const commandId = derivedId('form', actor.id, wayTo('reviews'), key);
    let preview: Preview | null = null;
    let opened = '';
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const input = bodyOf(openBody, { ...rest, ...(team !== '' && { team }) });
      if (choice === 'preview') preview = await previewReview(reviews, { actor, input });
      else opened = (await openReview(reviews, { actor, commandId, input })).id;
    });
    if (refused !== null) return refused;
    if (choice === 'open') return taskPath(opened);
    return shown(parts, reader, { kept: fields, refused: null, preview });
  },
};

interface Filled {
  readonly kept: Kept;
  readonly refused: Refused | null;
  /** What would become of it, once it was asked. */
  readonly preview: Preview | null;
}

async function shown(
  { reviews }: TaskPageParts,
  reader: SignedIn,
  { kept, refused, preview }: Filled,
): Promise<ShownPage> {
  const { actor } = reader;
  const input = { limit: shownMax, cursor: undefined };
  const { items } = await listReviews(reviews, { actor, input });
  const regions = (await regionNames(reviews.db, actor)).filter(({ id }) =>
    may(actor, 'quarter.open', { region: id, chair: actor.id, participants: [] }),
  );
  const teams = await partnerTeams(
    reviews.db,
    regions.map(({ id }) => id),
  );
  const last = quarterAfter(quarterAt(reviews.clock.now(), reader.recipient.zone), -1);
  const title = say(reader, 'reviews');
  return {
    title,
    body: html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem) : ''} ${preview ? foreseen(reader, preview) : ''}
      ${
        items.length === 0
          ? html`<p class="muted">${say(reader, 'none')}</p>`
          : html`<ul class="list">
              ${items.map(
                (one) =>
                  html`<li>
                    <a href="${taskPath(one.id)}">${titleOf(reader, one)}</a><br />
                    <span class="muted"
                      >${say(reader, `status_of.${one.status}`)} ·
                      ${instant(reader, one.from)}</span
                    >
                  </li>`,
              )}
            </ul>`
      }
      ${
        regions.length === 0
          ? ''
          : openForm(
              reader,
              { quarter: last, ...kept },
              { regions, teams, isPreviewed: preview !== null },
            )
      }`,
  };
}

const foreseen = (reader: Reader, { from, chair, participants, course }: Preview): Html =>
  courseTold(
    reader,
    html`${facts([
      [say(reader, 'meets'), instant(reader, from)],
      [say(reader, 'chair'), nameOf(chair)],
      [say(reader, 'participants'), html`${participants.map((one) => html`${nameOf(one)}<br />`)}`],
    ])}`,
    { hint: say(reader, 'course_hint'), course },
  );

type Named = { readonly id: string; readonly name: string };

interface Choices {
  readonly regions: readonly Named[];
  readonly teams: readonly Named[];
  readonly isPreviewed: boolean;
}

const options = (all: readonly Named[], chosen: string | undefined): Html =>
  html`${all.map(
    ({ id, name }) =>
      html`<option class="name" value="${id}" ${chosen === id ? html`selected` : ''}>
        ${name}
      </option>`,
  )}`;

const openForm = (reader: Reader, kept: Kept, { regions, teams, isPreviewed }: Choices): Html =>
  html`<form method="post" action="${wayTo('reviews')}" class="step">
    <h2>${say(reader, 'convene')}</h2>
    <p class="muted">${say(reader, 'convene_hint')}</p>
    <input type="hidden" name="key" value="${randomUUID()}" />
    <label for="region">${say(reader, 'region')}</label>
    <select id="region" name="region">
      ${options(regions, kept['region'])}
    </select>
    <label for="team">${say(reader, 'team')}</label>
    <select id="team" name="team">
      <option value="">${say(reader, 'no_team')}</option>
      ${options(teams, kept['team'])}
    </select>
    <label for="quarter">${say(reader, 'quarter')}</label>
    <input
      id="quarter"
      name="quarter"
      value="${kept['quarter'] ?? ''}"
      dir="ltr"
      maxlength="7"
      autocomplete="off"
      required
    />
    ${choiceButtons([
      { choice: 'preview', label: sayPage(reader, 'placement.preview'), isQuiet: isPreviewed },
      { choice: 'open', label: say(reader, 'convene'), isQuiet: !isPreviewed },
    ])}
  </form>`;
