/** A provisional holiday as the one who is asked reads it, with the form that answers. */
import { html } from 'hono/html';
import { z } from 'zod';
import { confirmHoliday, correctHoliday } from '../api/holidays/answer-review.ts';
import type { HolidayParts } from '../api/holidays/parts.ts';
import { type HolidayReview, readReview } from '../api/holidays/read-review.ts';
import { correctBody } from '../api/holidays/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { nameFor } from '../locales/render.ts';
import { commentsSaid } from './comments.ts';
import { type Html, instant, nameOf, type Reader, say } from './html.ts';
import {
  commandOf,
  hiddenFields,
  hiddenShape,
  readersSteps,
  type ReadersStep,
  readForm,
  stepTitle,
} from './loop-form.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { Shown, SignedIn } from './task-pages.ts';

const choices = ['confirm', 'move', 'drop'] as const;

export async function showReview(
  parts: HolidayParts,
  { actor, recipient }: SignedIn,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const review = await readReview(parts, { actor, input: { id } });
  const [step] = review.isHeld ? [] : await readersSteps(parts.db, actor, id);
  const reader = { recipient };
  const said = await commentsSaid(parts, { actor, recipient }, id);
  return {
    subject: review.name ?? review.day,
    body: html`<h1>${say(reader, 'holiday_review.holiday')}: ${title(review, recipient)}</h1>
      ${refused ? alarm(refused.problem) : ''} ${facts(reader, review)}
      ${step ? form(reader, review, step) : html`<p class="muted">${say(reader, 'no_step')}</p>`}
      ${said}
      <p><a href="/">${say(reader, 'all_tasks')}</a></p>`,
  };
}

/** In the reader's words, with the name it has there. */
function title({ name, names, day }: HolidayReview, { locale }: Reader['recipient']): Html {
  const there = name ?? day;
  const here = nameFor({ name: there, names: names ?? {} }, locale);
  if (here === there) return nameOf({ name: there });
  return html`${nameOf({ name: here })} (${nameOf({ name: there })})`;
}

const facts = (reader: Reader, review: HolidayReview): Html =>
  html`<dl class="facts">
    <dt>${say(reader, 'status')}</dt>
    <dd>
      ${say(reader, `holiday_review.status_of.${review.status}`)}
      ${review.isHeld ? html` · ${say(reader, 'held')}` : ''}
    </dd>
    <dt>${say(reader, 'holiday_review.region')}</dt>
    <dd>${nameOf(review.region)}</dd>
    <dt>${say(reader, 'holiday_review.day')}</dt>
    <dd>
      <time datetime="${review.movedTo ?? review.day}"
        >${say(reader, 'at', { at: { day: review.movedTo ?? review.day } })}</time
      >
    </dd>
    ${
      review.source === null
        ? ''
        : html`<dt>${say(reader, 'holiday_review.source')}</dt>
            <dd dir="auto">${review.source}</dd>`
    }
    ${
      review.dueAt === null
        ? ''
        : html`<dt>${say(reader, 'deadline')}</dt>
            <dd>${instant(reader, review.dueAt)}</dd>`
    }
  </dl>`;

function form(reader: Reader, review: HolidayReview, step: ReadersStep): Html {
  const button = (choice: string, key: string, look = ''): Html =>
    html`<button name="choice" value="${choice}" class="${look}">
      ${say(reader, `holiday_review.${key}`)}
    </button>`;
  return html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    <form method="post" action="${taskPath(review.id)}">
      ${hiddenFields(review, step.onBehalfOf)}
      <div class="choices">
        ${button('confirm', 'confirm_holiday')} ${button('drop', 'drop_holiday', 'quiet')}
      </div>
      <label for="moved-to">${say(reader, 'holiday_review.other_day')}</label>
      <input id="moved-to" name="movedTo" type="date" />
      <div class="choices">${button('move', 'move_holiday', 'quiet')}</div>
    </form>
  </section>`;
}

const formShape = z.object({
  ...hiddenShape,
  choice: z.enum(choices),
  movedTo: z.string().optional(),
});

type SettleParts = SignedIn & { readonly holidays: HolidayParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleReview(
  { holidays, ...reader }: SettleParts,
  { id, form: sent }: { readonly id: string; readonly form: unknown },
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { choice, movedTo } = read;
  const { asked, party } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text: '' }, async () => {
    if (choice === 'confirm') {
      await confirmHoliday(holidays, { ...asked, input: { id, ...party } });
      return;
    }
    const body = correctBody.safeParse({ ...party, movedTo: choice === 'drop' ? null : movedTo });
    if (!body.success) throw new Refusal(problem('request.invalid'));
    await correctHoliday(holidays, { ...asked, input: { id, ...body.data } });
  });
}
