/** A cover as those in it read it: the window, who is asked and why, and the forms of their steps. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { CoverParts } from '../api/covers/parts.ts';
import type { Cover } from '../api/covers/present.ts';
import { readCover } from '../api/covers/read-cover.ts';
import { handBackBody, noteLengthMax } from '../api/covers/schema.ts';
import { coverSteps } from '../api/covers/take-step.ts';
import { ShapeRefusal } from '../api/refusals.ts';
import { mistakesOf } from '../api/shape-mistakes.ts';
import { taskPath } from '../locales/links.ts';
import { commentsSaid } from './comments.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
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

const choices = ['take', 'refuse', 'handBack', 'withdraw', 'end'] as const;
type Choice = (typeof choices)[number];

/** By the kind of the open task. */
const choicesOf: Readonly<Record<string, readonly Choice[]>> = {
  'cover.take': ['take', 'refuse'],
  'cover.hand_back': ['handBack', 'end'],
};

export async function showCover(
  parts: CoverParts,
  { actor, recipient }: SignedIn,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const cover = await readCover(parts, { actor, input: { id } });
  const steps = cover.isHeld ? [] : await readersSteps(parts.db, actor, id);
  const reader = { recipient };
  const isOwn = actor.id === cover.owner.id || actor.id === cover.asker?.id;
  const said = await commentsSaid(parts, { actor, recipient }, id);
  const forms = [
    ...steps.map((step) => form(reader, cover, step, refused?.text ?? '')),
    ...(isOwn ? [ownForm(reader, cover)] : []),
  ];
  return {
    subject: cover.account.name,
    body: html`<h1>${say(reader, 'cover.cover')}: ${nameOf(cover.account)}</h1>
      ${refused ? alarm(refused.problem) : ''} ${facts(reader, cover)} ${forms}
      ${steps.length === 0 ? html`<p class="muted">${say(reader, 'no_step')}</p>` : ''}
      ${texts(reader, cover)} ${asked(reader, cover)} ${timeline(reader, cover)} ${said}
      <p><a href="/">${say(reader, 'all_tasks')}</a></p>`,
  };
}

const facts = (reader: Reader, cover: Cover): Html =>
  html`<dl class="facts">
    <dt>${say(reader, 'status')}</dt>
    <dd>
      ${say(reader, `cover.status_of.${cover.status}`)}
      ${cover.isHeld ? html` · ${say(reader, 'held')}` : ''}
    </dd>
    <dt>${say(reader, 'cover.owner')}</dt>
    <dd>${nameOf(cover.owner)}</dd>
    <dt>${say(reader, 'cover.from')}</dt>
    <dd>${instant(reader, cover.from)}</dd>
    <dt>${say(reader, 'cover.until')}</dt>
    <dd>${instant(reader, cover.until)}</dd>
    ${
      cover.taker === null
        ? ''
        : html`<dt>${say(reader, 'cover.taker')}</dt>
            <dd>${nameOf(cover.taker)}</dd>`
    }
  </dl>`;

const written = (reader: Reader, key: string, text: string | null): Html | string =>
  text === null
    ? ''
    : html`<h2>${say(reader, key)}</h2>
        ${words(text)}`;

const texts = (reader: Reader, { note, handBack }: Cover): Html =>
  html`${written(reader, 'cover.note', note)} ${written(reader, 'cover.hand_back', handBack)}`;

const asked = (reader: Reader, { candidates }: Cover): Html | string =>
  candidates.length === 0
    ? ''
    : html`<h2>${say(reader, 'cover.candidates')}</h2>
        <ol class="timeline">
          ${candidates.map(
            ({ person, reasons, hasRefused }) =>
              html`<li>
                ${nameOf(person)} ${hasRefused ? html`· ${say(reader, 'cover.has_refused')}` : ''}
                <br /><span class="muted">${reasons.join(' ')}</span>
              </li>`,
          )}
        </ol>`;

const timeline = (reader: Reader, { timeline: entries }: Cover): Html =>
  html`<h2>${say(reader, 'timeline')}</h2>
    <ol class="timeline">
      ${entries.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>`;

const button = (reader: Reader, choice: Choice, look: string): Html =>
  html`<button name="choice" value="${choice}" class="${look}">
    ${say(reader, `cover.choice.${choice}`)}
  </button>`;

function form(reader: Reader, cover: Cover, step: ReadersStep, text: string): Html {
  const { kind, onBehalfOf } = step;
  const id = `text-${onBehalfOf?.id ?? 'me'}`;
  return html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    <form method="post" action="${taskPath(cover.id)}">
      ${hiddenFields(cover, onBehalfOf)}
      ${
        kind === 'cover.hand_back'
          ? html`<label for="${id}">${say(reader, 'cover.hand_back')}</label>
              <textarea id="${id}" name="text" dir="auto" maxlength="${noteLengthMax}">
${text}</textarea>`
          : ''
      }
      <div class="choices">
        ${(choicesOf[kind] ?? []).map((choice, index) =>
          button(reader, choice, index === 0 ? '' : 'quiet'),
        )}
      </div>
    </form>
  </section>`;
}

/** For the owner and whoever asked: to change their mind. */
function ownForm(reader: Reader, cover: Cover): Html | string {
  const { status } = cover;
  const choice = status === 'running' ? 'end' : 'withdraw';
  const isOpen = status === 'asked' || status === 'taken' || status === 'running';
  if (!isOpen || cover.isHeld) return '';
  return html`<form method="post" action="${taskPath(cover.id)}">
    ${hiddenFields(cover, null)}
    <div class="choices">${button(reader, choice, 'quiet')}</div>
  </form>`;
}

const formShape = z.object({
  ...hiddenShape,
  choice: z.enum(choices),
  text: z.string().optional(),
});

type SettleParts = SignedIn & { readonly covers: CoverParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleCover(
  { covers, ...reader }: SettleParts,
  { id, form: sent }: { readonly id: string; readonly form: unknown },
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { choice, text = '' } = read;
  const { asked, party } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text }, async () => {
    if (choice !== 'handBack') {
      await coverSteps[choice].run(covers, { ...asked, input: { id, ...party } });
      return;
    }
    const body = handBackBody.safeParse({ ...party, text });
    if (!body.success) throw new ShapeRefusal(mistakesOf('form', body.error.issues, { text }));
    await coverSteps.handBack.run(covers, { ...asked, input: { id, ...body.data } });
  });
}
