/** A cover as those in it read it: the window, who is asked and why, and the forms of their steps. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { CoverParts } from '../api/covers/parts.ts';
import type { Cover } from '../api/covers/present.ts';
import { readCover } from '../api/covers/read-cover.ts';
import { handBackBody, noteLengthMax, takeBody } from '../api/covers/schema.ts';
import { coverSteps } from '../api/covers/take-step.ts';
import { accountsOwnedBy } from '../db/accounts.ts';
import type { PersonId } from '../domain/id.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import {
  bodyOf,
  commandOf,
  hiddenShape,
  readersSteps,
  type ReadersStep,
  readForm,
} from './loop-form.ts';
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
import { type LabelOf, labelsOf, type Refused, unlessRefused } from './refused.ts';
import { onClock, wallField } from './wall-field.ts';

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
  const swaps = await swapsOf(parts, reader, cover);
  return loopPage(parts, reader, refused, {
    loop: cover,
    labelOf: labels(reader),
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
    form: (step) =>
      form(reader, cover, step, { refused, own: swaps.get(partyOf(reader, step)) ?? [] }),
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

type Own = Awaited<ReturnType<typeof accountsOwnedBy>>;

const partyOf = ({ actor }: SignedIn, { onBehalfOf }: ReadersStep): PersonId =>
  (onBehalfOf?.id ?? actor.id) as PersonId;

/** Of each whom the reader may take it for: what could be held for them in return. */
async function swapsOf(
  { db }: CoverParts,
  reader: SignedIn,
  { id, account, status }: Cover,
): Promise<ReadonlyMap<PersonId, Own>> {
  if (status !== 'asked') return new Map();
  const steps = await readersSteps(db, reader.actor, id);
  const people = steps
    .filter(({ kind }) => kind === 'cover.take')
    .map((step) => partyOf(reader, step));
  const owned = await Promise.all(
    people.map(async (person) => {
      const own = await accountsOwnedBy(db, person);
      return [person, own.filter((one) => one.id !== account.id)] as const;
    }),
  );
  return new Map(owned);
}

interface StepForm {
  readonly refused: Refused | null;
  readonly own: Own;
}

/** To take it in a swap: which account of one's own its owner holds in return, and when. */
function swap(reader: Reader, { owner }: Cover, id: string, { refused, own }: StepForm): Html {
  const kept = refused?.fields ?? {};
  const time = (name: 'from' | 'until') =>
    wallField({
      id: `${id}-${name}`,
      name: `return-${name}`,
      label: say(reader, `cover.${name}`),
      zone: reader.recipient.zone,
      kept: kept[`return-${name}`] ?? '',
    });
  return html`<details ${kept['return-account'] ? html`open` : ''}>
    <summary>${say(reader, 'cover.swap')}</summary>
    <p>${say(reader, 'cover.swap_hint', { person: owner.name })}</p>
    <label for="${id}-account">${say(reader, 'cover.swap_account')}</label>
    <select id="${id}-account" name="return-account">
      <option value="">${say(reader, 'cover.no_swap')}</option>
      ${own.map(
        (one) =>
          html`<option value="${one.id}" ${kept['return-account'] === one.id ? html`selected` : ''}>
            ${one.name}
          </option>`,
      )}
    </select>
    ${time('from')} ${time('until')}
  </details>`;
}

function form(reader: Reader, cover: Cover, step: ReadersStep, given: StepForm): Html {
  const id = `text-${step.onBehalfOf?.id ?? 'me'}`;
  const text = given.refused?.text ?? '';
  const handBack = html`<label for="${id}">${say(reader, 'cover.hand_back')}</label>
    <textarea id="${id}" name="text" dir="auto" maxlength="${noteLengthMax}">${text}</textarea>`;
  const isSwappable = step.kind === 'cover.take' && given.own.length > 0;
  const buttons = (choicesOf[step.kind] ?? []).map((name, index) =>
    choice(reader, name, index > 0),
  );
  return stepSection(
    reader,
    cover,
    step,
    html`${step.kind === 'cover.hand_back' ? handBack : ''}
    ${isSwappable ? swap(reader, cover, id, given) : ''} ${choiceButtons(buttons)}`,
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
  'return-account': z.string().optional(),
  'return-from': z.string().optional(),
  'return-until': z.string().optional(),
});
type Form = z.output<typeof formShape>;

/** Nothing chosen: no swap. Whatever else was left out is said to be missing. */
function inReturnOf(reader: Reader, form: Form) {
  const {
    'return-account': account = '',
    'return-from': from = '',
    'return-until': until = '',
  } = form;
  if (account === '') return {};
  const { zone } = reader.recipient;
  return {
    inReturn: {
      account,
      ...(from !== '' && { from: onClock(from, zone) }),
      ...(until !== '' && { until: onClock(until, zone) }),
    },
  };
}

const labels = (reader: Reader): LabelOf => {
  const labelOf = labelsOf((key) => say(reader, key), {
    account: 'cover.swap_account',
    from: 'cover.from',
    until: 'cover.until',
  });
  return (place) => labelOf(place.filter((step) => step !== 'inReturn'));
};

type SettleParts = SignedIn & { readonly covers: CoverParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleCover(
  { covers, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { choice, text = '' } = read;
  const { asked, party } = commandOf(reader.actor, id, read);
  const fields = {
    'return-account': read['return-account'] ?? '',
    'return-from': read['return-from'] ?? '',
    'return-until': read['return-until'] ?? '',
  };
  return unlessRefused({ ...reader, text, fields }, async () => {
    if (choice === 'take') {
      const body = bodyOf(takeBody, { ...party, ...inReturnOf(reader, read) });
      await coverSteps.take.run(covers, { ...asked, input: { id, ...body } });
    } else if (choice === 'handBack') {
      const body = bodyOf(handBackBody, { ...party, text });
      await coverSteps.handBack.run(covers, { ...asked, input: { id, ...body } });
    } else {
      await coverSteps[choice].run(covers, { ...asked, input: { id, ...party } });
    }
  });
}
