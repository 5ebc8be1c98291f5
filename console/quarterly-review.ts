/** A quarterly review as those in it read it: the agenda with its figures, the time, and what was agreed. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { listPeople } from '../api/directory/list-people.ts';
import { explainReview, readReview } from '../api/quarterly-reviews/read-review.ts';
import { reviewSteps } from '../api/quarterly-reviews/take-step.ts';
import type { ReviewParts } from '../api/quarterly-reviews/parts.ts';
import type { Review, ReviewSummary } from '../api/quarterly-reviews/present.ts';
import {
  actionBody,
  finishBody,
  moveBody,
  textLengthMax,
} from '../api/quarterly-reviews/schema.ts';
import { phrase, phraseHtml, type RenderValues } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader, say as sayPage, words } from './html.ts';
import { downloadPath } from './downloads.ts';
import { wide } from './drawing.ts';
import { drawReview } from './growth-pictures.ts';
import { bodyOf, commandOf, hiddenShape, type ReadersStep, readForm } from './loop-form.ts';
import {
  type Asked,
  choiceButtons,
  facts,
  loopForm,
  loopPage,
  type SentForm,
  type Shown,
  type SignedIn,
  statusFact,
  stepSection,
  writtenTimeline,
} from './loop-page.ts';
import { peopleSuggested, peopleSuggestions } from './people-suggested.ts';
import { type Refused, unlessRefused } from './refused.ts';

export const sayReview = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`quarterlyReview.page.${key}`, values, recipient));

const say = sayReview;

export const titleOf = (reader: Reader, { region, team, quarter }: ReviewSummary): Html =>
  html`${say(reader, 'review')} ${nameOf({ name: quarter })}: ${nameOf(team ?? region)}`;

export async function showReview(
  parts: ReviewParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const { actor } = reader;
  const review = await readReview(parts, { actor, input: { id } });
  const { sentences } = await explainReview(parts, { actor, input: { id } });
  const people =
    review.status === 'following'
      ? (await listPeople(parts, { actor, input: { limit: peopleSuggested } })).items
      : [];
  const isIn = review.participants.some((one) => one.id === actor.id);
  const mayAdd = isIn && review.status === 'following' && !review.isConcluded;
  const mayMove = isIn && (review.status === 'proposed' || review.status === 'confirmed');
  const kept = refused?.fields ?? {};
  return loopPage(parts, reader, refused, {
    loop: review,
    subject: (review.team ?? review.region).name,
    title: titleOf(reader, review),
    told: [
      about(reader, review),
      agenda(reader, review),
      agreed(reader, review, parts.clock.now()),
      why(reader, sentences),
    ],
    form: (step) => stepForm(reader, review, { step, kept }),
    ownForms: [
      ...(mayAdd ? [peopleSuggestions(people), addForm(reader, review, kept)] : []),
      ...(mayMove ? [moveForm(reader, review)] : []),
    ],
    more: [writtenTimeline(reader, review.timeline)],
  });
}

const about = (reader: Reader, review: Review): Html =>
  facts([
    statusFact(reader, review, say(reader, `status_of.${review.status}`)),
    [
      say(reader, 'meets'),
      html`${instant(reader, review.from)}
      ${
        review.status === 'cancelled' || review.status === 'lapsed'
          ? ''
          : html`<br /><a href="${downloadPath(review.id, 'meeting.ics')}" download
                >${say(reader, 'calendar_file')}</a
              >`
      }`,
    ],
    [say(reader, 'chair'), nameOf(review.chair)],
    [
      say(reader, 'participants'),
      html`${review.participants.map(
        (one) =>
          html`${nameOf(one)}
            ${one.hasConfirmed ? html`<span class="muted">${say(reader, 'comes')}</span>` : ''}<br />`,
      )}`,
    ],
  ]);

const agenda = (reader: Reader, review: Review): Html =>
  html`<h2>${say(reader, 'agenda')}</h2>
    <p class="muted">${say(reader, 'agenda_hint')}</p>
    ${review.agenda.map(
      ({ title, figures }) =>
        html`<h3>${title}</h3>
          <ul>
            ${distinct(figures).map((sentence) => html`<li>${sentence}</li>`)}
          </ul>`,
    )}`;

/** What is shown of none of several figures is said once. */
const distinct = (figures: readonly { readonly sentence: string }[]): readonly string[] => [
  ...new Set(figures.map(({ sentence }) => sentence)),
];

const agreed = (reader: Reader, review: Review, now: number): Html | string => {
  const { actions } = review;
  return actions.length === 0
    ? ''
    : html`<h2>${say(reader, 'actions')}</h2>
        <ul>
          ${actions.map(
            ({ owner, day, text, isDone, isOverdue }) =>
              html`<li>
                ${words(text ?? '')} ${nameOf(owner)} · ${say(reader, 'by_day', { day: { day } })}
                ${isDone ? html`· ${sayPage(reader, 'action_done')}` : ''}
                ${isOverdue && !isDone ? html`<strong class="alarm">${say(reader, 'overdue')}</strong>` : ''}
              </li>`,
          )}
        </ul>
        ${picture(reader, review, now)}`;
};

/** Above it all of it is told in words. */
function picture(reader: Reader, review: Review, now: number): Html {
  const { actions, openedAt, from, until, closedAt, timeline } = review;
  const days = actions.map(({ day }) => Date.parse(day));
  const title = phrase('quarterlyReview.page.actions', {}, reader.recipient);
  const drawn = drawReview(
    reader,
    {
      from: Date.parse(openedAt),
      until: Math.max(Date.parse(until), ...days),
      now: closedAt === null ? now : null,
      marks: timeline.map(({ at }) => Date.parse(at)),
      meets: { from: Date.parse(from), until: Date.parse(until) },
      actions: actions.map(({ owner, day, isDone }) => ({
        name: owner.name,
        from: Date.parse(until),
        until: Date.parse(day),
        isDone,
      })),
    },
    {
      title,
      told: actions.map(({ owner }) => owner.name),
    },
  );
  return html`${wide(title, drawn)}
    <p class="muted">${say(reader, 'picture')}</p>`;
}

const why = (reader: Reader, sentences: readonly string[]): Html =>
  html`<h2>${sayPage(reader, 'why')}</h2>
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;

const button = (reader: Reader, choice: string, isQuiet = false) => ({
  choice,
  label: say(reader, `choice.${choice}`),
  isQuiet,
});

type Kept = Readonly<Record<string, string>>;

function stepForm(
  reader: Reader,
  review: Review,
  { step, kept }: { readonly step: ReadersStep; readonly kept: Kept },
): Html {
  const [kind, number] = step.kind.split('/');
  if (kind === 'quarter.act') {
    const text = review.actions.find((one) => String(one.number) === number)?.text ?? '';
    const fields = html`${words(text)}
      <input type="hidden" name="number" value="${number ?? ''}" />
      ${textField(reader, { id: `done-${number ?? ''}`, label: 'how', text: kept['text'] ?? '' })}
      ${choiceButtons([button(reader, 'finishAction')])}`;
    return stepSection(reader, review, step, fields);
  }
  const choice = kind === 'quarter.conclude' ? 'conclude' : 'confirm';
  return stepSection(reader, review, step, choiceButtons([button(reader, choice)]));
}

const textField = (
  reader: Reader,
  { id, label, text }: { readonly id: string; readonly label: string; readonly text: string },
): Html =>
  html`<label for="${id}">${say(reader, label)}</label>
    <textarea id="${id}" name="text" rows="3" dir="auto" maxlength="${textLengthMax}">
${text}</textarea>`;

const addForm = (reader: Reader, review: Review, kept: Kept): Html =>
  html`<section class="step">
    <h2>${say(reader, 'add')}</h2>
    ${loopForm(
      review,
      null,
      html`${textField(reader, { id: 'action-text', label: 'what', text: kept['text'] ?? '' })}
        <label for="owner">${say(reader, 'owner')}</label>
        <input
          id="owner"
          name="owner"
          list="people"
          autocomplete="off"
          value="${kept['owner'] ?? ''}"
        />
        <label for="day">${say(reader, 'day')}</label>
        <input id="day" name="day" type="date" value="${kept['day'] ?? ''}" />
        ${choiceButtons([button(reader, 'addAction')])}`,
    )}
  </section>`;

const moveForm = (reader: Reader, review: Review): Html =>
  html`<details class="step">
    <summary>${say(reader, 'other_time')}</summary>
    ${loopForm(
      review,
      null,
      html`<p class="muted">${say(reader, 'other_time_hint')}</p>
        ${choiceButtons([button(reader, 'move', true)])}`,
    )}
  </details>`;

const formShape = z.object({
  ...hiddenShape,
  choice: z.enum(['confirm', 'move', 'conclude', 'addAction', 'finishAction']),
  text: z.string().optional(),
  owner: z.string().optional(),
  day: z.string().optional(),
  number: z.string().optional(),
});

type Form = z.output<typeof formShape>;
type SettleParts = SignedIn & { readonly reviews: ReviewParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleReview(
  { reviews, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { asked, party } = commandOf(reader.actor, id, read);
  const text = (read.text ?? '').trim();
  const fields = { text, owner: read.owner ?? '', day: read.day ?? '' };
  return unlessRefused({ ...reader, text, fields }, async () => {
    await take(reviews, read, { asked, input: { id, ...party }, text });
  });
}

interface Taken {
  readonly asked: ReturnType<typeof commandOf>['asked'];
  readonly input: { readonly id: string; readonly onBehalfOf?: string };
  readonly text: string;
}

function take(parts: ReviewParts, read: Form, { asked, input, text }: Taken): Promise<Review> {
  const { id, ...party } = input;
  switch (read.choice) {
    case 'confirm':
    case 'conclude':
      return reviewSteps[read.choice].run(parts, { ...asked, input });
    case 'move': {
      const body = bodyOf(moveBody, party);
      return reviewSteps.move.run(parts, { ...asked, input: { id, ...body } });
    }
    case 'addAction': {
      const { owner, day } = read;
      const body = bodyOf(actionBody, { ...party, owner, day, text });
      return reviewSteps.addAction.run(parts, { ...asked, input: { id, ...body } });
    }
    case 'finishAction': {
      const number = Number(read.number ?? '');
      const body = bodyOf(finishBody, { ...party, number, ...(text !== '' && { text }) });
      return reviewSteps.finishAction.run(parts, { ...asked, input: { id, ...body } });
    }
  }
}
