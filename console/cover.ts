/** A cover as those in it read it: the window, who is asked and why, and the forms of their steps. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { CoverParts } from '../api/covers/parts.ts';
import type { Cover } from '../api/covers/present.ts';
import { readCover } from '../api/covers/read-cover.ts';
import { handBackBody, noteLengthMax } from '../api/covers/schema.ts';
import { coverSteps } from '../api/covers/take-step.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
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
  timeline,
} from './loop-page.ts';
import { type Refused, unlessRefused } from './refused.ts';

const choices = ['take', 'refuse', 'handBack', 'withdraw', 'end'] as const;
type Choice = (typeof choices)[number];

/** By the kind of the open task. */
const choicesOf: Readonly<Record<string, readonly Choice[]>> = {
  'cover.take': ['take', 'refuse'],
  'cover.hand_back': ['handBack', 'end'],
};

export async function showCover(
  parts: CoverParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const cover = await readCover(parts, { actor: reader.actor, input: { id } });
  const isOwn = [cover.owner.id, cover.asker?.id].includes(reader.actor.id);
  return loopPage(parts, reader, refused, {
    loop: cover,
    subject: cover.account.name,
    title: html`${say(reader, 'cover.cover')}: ${nameOf(cover.account)}`,
    told: [
      facts([
        statusFact(reader, cover, say(reader, `cover.status_of.${cover.status}`)),
        [say(reader, 'cover.owner'), nameOf(cover.owner)],
        [say(reader, 'cover.from'), instant(reader, cover.from)],
        [say(reader, 'cover.until'), instant(reader, cover.until)],
        [say(reader, 'cover.taker'), cover.taker && nameOf(cover.taker)],
      ]),
    ],
    form: (step) => form(reader, cover, step, refused?.text ?? ''),
    ownForms: isOwn ? [ownForm(reader, cover)] : [],
    more: [texts(reader, cover), asked(reader, cover), timeline(reader, cover.timeline)],
  });
}

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

const choice = (reader: Reader, name: Choice, isQuiet: boolean) => ({
  choice: name,
  label: say(reader, `cover.choice.${name}`),
  isQuiet,
});

function form(reader: Reader, cover: Cover, step: ReadersStep, text: string): Html {
  const id = `text-${step.onBehalfOf?.id ?? 'me'}`;
  const handBack = html`<label for="${id}">${say(reader, 'cover.hand_back')}</label>
    <textarea id="${id}" name="text" dir="auto" maxlength="${noteLengthMax}">${text}</textarea>`;
  const buttons = (choicesOf[step.kind] ?? []).map((name, index) =>
    choice(reader, name, index > 0),
  );
  return stepSection(
    reader,
    cover,
    step,
    html`${step.kind === 'cover.hand_back' ? handBack : ''} ${choiceButtons(buttons)}`,
  );
}

/** For the owner and whoever asked: to change their mind. */
function ownForm(reader: Reader, cover: Cover): Html | string {
  const { status } = cover;
  const isOpen = status === 'asked' || status === 'taken' || status === 'running';
  if (!isOpen || cover.isHeld) return '';
  const name = status === 'running' ? 'end' : 'withdraw';
  return loopForm(cover, null, choiceButtons([choice(reader, name, true)]));
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
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { choice, text = '' } = read;
  const { asked, party } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text }, async () => {
    if (choice === 'handBack') {
      const body = bodyOf(handBackBody, { ...party, text });
      await coverSteps.handBack.run(covers, { ...asked, input: { id, ...body } });
    } else {
      await coverSteps[choice].run(covers, { ...asked, input: { id, ...party } });
    }
  });
}
