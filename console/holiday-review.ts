/** A provisional holiday as the one who is asked reads it, with the form that answers. */
import { html } from 'hono/html';
import { z } from 'zod';
import { confirmHoliday, correctHoliday } from '../api/holidays/answer-review.ts';
import type { HolidayParts } from '../api/holidays/parts.ts';
import { type HolidayReview, readReview } from '../api/holidays/read-review.ts';
import { correctBody } from '../api/holidays/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { nameFor } from '../locales/render.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import { commandOf, hiddenShape, type ReadersStep, readForm } from './loop-form.ts';
import {
  type Asked,
  choiceButtons,
  deadlineFact,
  facts,
  loopPage,
  type SentForm,
  type Shown,
  type SignedIn,
  statusFact,
  stepSection,
  timeline,
} from './loop-page.ts';
import { type Refused, unlessRefused } from './refused.ts';

const choices = ['confirm', 'move', 'drop'] as const;

export async function showReview(
  parts: HolidayParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const review = await readReview(parts, { actor: reader.actor, input: { id } });
  return loopPage(parts, reader, refused, {
    loop: review,
    subject: review.name ?? review.day,
    title: html`${say(reader, 'holiday_review.holiday')}: ${title(review, reader.recipient)}`,
    told: [known(reader, review)],
    form: (step) => form(reader, review, step),
    more: [timeline(reader, review.timeline)],
  });
}

/** In the reader's words, with the name it has there. */
function title({ name, names, day }: HolidayReview, { locale }: Reader['recipient']): Html {
  const there = name ?? day;
  const here = nameFor({ name: there, names: names ?? {} }, locale);
  if (here === there) return nameOf({ name: there });
  return html`${nameOf({ name: here })} (${nameOf({ name: there })})`;
}

function known(reader: Reader, review: HolidayReview): Html {
  const day = review.movedTo ?? review.day;
  return facts([
    statusFact(reader, review, say(reader, `holiday_review.status_of.${review.status}`)),
    [say(reader, 'holiday_review.region'), nameOf(review.region)],
    [
      say(reader, 'holiday_review.day'),
      html`<time datetime="${day}">${say(reader, 'at', { at: { day } })}</time>`,
    ],
    [
      say(reader, 'holiday_review.source'),
      review.source === null ? null : html`<span dir="auto">${review.source}</span>`,
    ],
    deadlineFact(reader, review.dueAt),
  ]);
}

function form(reader: Reader, review: HolidayReview, step: ReadersStep): Html {
  const movedTo = `moved-to-${step.onBehalfOf?.id ?? 'me'}`;
  const label = (key: string): Html => say(reader, `holiday_review.${key}`);
  const fields = html`${choiceButtons([
      { choice: 'confirm', label: label('confirm_holiday') },
      { choice: 'drop', label: label('drop_holiday'), isQuiet: true },
    ])}
    <label for="${movedTo}">${label('other_day')}</label>
    <input id="${movedTo}" name="movedTo" type="date" />
    ${choiceButtons([{ choice: 'move', label: label('move_holiday'), isQuiet: true }])}`;
  return stepSection(reader, review, step, fields);
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
  { id, form: sent }: SentForm,
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
