/** Where a practice is written, and written anew: `POST /practices` and its revision as one form. */
import { html, raw } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { draftPractice } from '../api/practices/draft-practice.ts';
import type { PracticeParts } from '../api/practices/parts.ts';
import type { Practice } from '../api/practices/present.ts';
import { readPractice } from '../api/practices/read-practice.ts';
import { draftBody, reviseBody } from '../api/practices/schema.ts';
import { practiceSteps } from '../api/practices/take-step.ts';
import { derivedId } from '../db/derived-id.ts';
import {
  practiceKinds,
  practiceLimits,
  recallSeverities,
  sourceParts,
} from '../domain/exchange/practice.ts';
import { competencies } from '../domain/people/competency.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { locales } from '../locales/catalogue.ts';
import { practicesPath, taskPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
import { flagBoxes, namedFlags } from './flag-boxes.ts';
import { type Html, type Reader, say } from './html.ts';
import { bodyOf, count, readForm } from './loop-form.ts';
import type { SignedIn } from './loop-page.ts';
import { type Kept, wordsField } from './read-back.ts';
import { alarm, labelsOf, type Refused, unlessRefused } from './refused.ts';
import type { SentPage, ShownPage, SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

export const writePath = `${practicesPath}/write`;
export const rewritePath = (practice: string): string => `${writePath}/${practice}`;

const fieldsMax = 60;
const formShape = z
  .object({ key: z.uuid(), revision: count.optional() })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= fieldsMax);

export const writePracticePage: SitePage = {
  route: writePath,
  show: (_, reader, { refused }) =>
    Promise.resolve(shown(reader, { practice: null, refused, kept: refused?.fields ?? {} })),
  send: (parts, reader, sent) => write(parts, reader, sent, null),
};

export const rewritePracticePage: SitePage = {
  route: rewritePath(':practice'),
  async show({ practices }, reader, { params, refused }) {
    const practice = await own(practices, reader, params);
    return shown(reader, { practice, refused, kept: refused?.fields ?? keptOf(practice) });
  },
  async send(parts, reader, sent) {
    return write(parts, reader, sent, await own(parts.practices, reader, sent.params));
  },
};

/** Whoever else sees it writes a comment; what cannot be changed any more has no form. */
async function own(
  practices: PracticeParts,
  { actor }: SignedIn,
  params: SentPage['params'],
): Promise<Practice> {
  const id = params['practice'] ?? '';
  if (!z.uuid().safeParse(id).success) throw new Refusal(problem('request.not_found'));
  const practice = await readPractice(practices, { actor, input: { id } });
  const isOwn = practice.isMine && practice.text !== null && practice.status !== 'withdrawn';
  if (!isOwn) throw new Refusal(problem('request.not_found'));
  return practice;
}

async function write(
  { practices, publicUrl }: TaskPageParts,
  reader: SignedIn,
  { form }: SentPage,
  practice: Practice | null,
): Promise<Refused | string> {
  const { actor } = reader;
  const { key, revision, ...fields } = readForm(formShape, form);
  const commandId = derivedId('form', actor.id, practice?.id ?? 'practice', key);
  let written = practice?.id ?? '';
  const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
    const terms = termsIn(fields, practice);
    if (practice === null) {
      const input = bodyOf(draftBody, terms);
      written = (await draftPractice(practices, { actor, commandId, input })).id;
      return;
    }
    const acknowledgedFlags = namedFlags(fields);
    const body = { ...terms, acknowledgedFlags, ...correctionIn(fields) };
    const input = { ...bodyOf(reviseBody, body), id: practice.id };
    await practiceSteps.revise.run(practices, { actor, commandId, input, seen: revision });
  });
  return refused ?? taskPath(written);
}

/** `DE, JP` as a list; whatever is wrong with an entry is told by the API's own rules. */
const listIn = (text: string): readonly string[] =>
  text.split(/[\s,;、，]+/u).filter((entry) => entry !== '');

function termsIn(fields: Kept, practice: Practice | null) {
  const of = (name: string): string => fields[name] ?? '';
  const countries = listIn(of('countries').toUpperCase());
  const notes = Object.entries(fields).flatMap(([name, text]) => {
    const country = /^note-([A-Z]{2})$/.exec(name)?.[1];
    return country !== undefined && text.trim() !== '' ? [[country, text] as const] : [];
  });
  return {
    ...Object.fromEntries(sourceParts.map((part) => [part, of(part)])),
    notes: Object.fromEntries(notes),
    kind: of('kind'),
    competency: of('competency'),
    locale: of('locale'),
    countries,
    products: listIn(of('products').toLowerCase()),
    // Whom it is for is said over the API; what was said there stays.
    roles: practice?.work?.roles ?? [],
    isForPartners: of('partners') === 'yes',
    isAuthorHidden: of('hidden') === 'yes',
  };
}

const correctionIn = (fields: Kept): object =>
  (fields['severity'] ?? '') === ''
    ? {}
    : { correction: { severity: fields['severity'], text: fields['correction'] ?? '' } };

function keptOf({ text, work, ...practice }: Practice): Kept {
  const notes = Object.entries(work?.notes ?? {}).map(
    ([country, note]) => [`note-${country}`, note] as const,
  );
  return {
    ...Object.fromEntries(sourceParts.map((part) => [part, text?.[part] ?? ''])),
    ...Object.fromEntries(notes),
    kind: practice.kind,
    competency: practice.competency,
    locale: practice.sourceLocale,
    countries: practice.countries.join(', '),
    products: practice.products.join(', '),
    partners: work?.isForPartners ? 'yes' : '',
    hidden: work?.isAuthorHidden ? 'yes' : '',
  };
}

interface Filled {
  readonly practice: Practice | null;
  readonly refused: Refused | null;
  readonly kept: Kept;
}

const labels = {
  ...Object.fromEntries(sourceParts.map((part) => [part, `practice.part.${part}`])),
  kind: 'practice.kind',
  competency: 'practice.competency',
  locale: 'practice.language',
  countries: 'practice.write.countries',
  products: 'practice.write.products',
  correction: 'practice.write.correction',
};

function shown(reader: SignedIn, { practice, refused, kept }: Filled): ShownPage {
  const title = say(reader, `practice.write.${practice === null ? 'title' : 'title_again'}`);
  const action = practice === null ? writePath : rewritePath(practice.id);
  return {
    title,
    body: html`<h1>${title}</h1>
      ${
        refused
          ? alarm(
              refused.problem,
              labelsOf((key) => say(reader, key), labels),
            )
          : ''
      }
      <p>${say(reader, 'practice.write.hint')}</p>
      <form method="post" action="${action}" class="step">
        <input type="hidden" name="key" value="${randomUUID()}" />
        ${practice ? html`<input type="hidden" name="revision" value="${practice.revision}" />` : ''}
        ${parts(reader, kept)} ${about(reader, kept)} ${where(reader, kept)}
        ${notes(reader, practice, kept)} ${whom(reader, kept)}
        ${practice?.publishedAt ? correction(reader, kept) : ''} ${flagBoxes(reader, refused)}
        <div class="choices"><button>${say(reader, 'practice.write.keep')}</button></div>
      </form>`,
  };
}

const needed: readonly string[] = ['title'];

const parts = (reader: Reader, kept: Kept): readonly Html[] =>
  sourceParts.map((part) =>
    wordsField(reader, {
      id: part,
      name: part,
      label: `practice.part.${part}`,
      text: kept[part] ?? '',
      lengthMax: part === 'title' ? practiceLimits.titleLengthMax : practiceLimits.partLengthMax,
      isRequired: needed.includes(part),
    }),
  );

interface Choice {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, label: Html])[];
  readonly kept: Kept;
}

const choice = (reader: Reader, { name, label, options, kept }: Choice): Html =>
  html`<label for="${name}">${say(reader, label)}</label>
    <select id="${name}" name="${name}">
      ${options.map(
        ([value, shownAs]) =>
          html`<option value="${value}" ${kept[name] === value ? html`selected` : ''}>
            ${shownAs}
          </option>`,
      )}
    </select>`;

function about(reader: SignedIn, kept: Kept): readonly Html[] {
  const { recipient } = reader;
  const languages = { locale: recipient.locale, ...kept };
  return [
    choice(reader, {
      name: 'kind',
      label: 'practice.kind',
      options: practiceKinds.map((kind) => [kind, say(reader, `practice.kind_of.${kind}`)]),
      kept,
    }),
    choice(reader, {
      name: 'competency',
      label: 'practice.competency',
      options: competencies.map((key) => [
        key,
        raw(phraseHtml(`competency.name.${key}`, {}, recipient)),
      ]),
      kept,
    }),
    choice(reader, {
      name: 'locale',
      label: 'practice.language',
      options: locales.map((locale) => [
        locale,
        say(reader, 'practice.where', { place: { language: locale }, product: '' }),
      ]),
      kept: languages,
    }),
  ];
}

const where = (reader: Reader, kept: Kept): readonly Html[] =>
  (['countries', 'products'] as const).map(
    (name) =>
      html`<label for="${name}">${say(reader, `practice.write.${name}`)}</label>
        <input id="${name}" name="${name}" value="${kept[name] ?? ''}" maxlength="400" />`,
  );

/** In the language of each country, once it is known for which it is. */
const notes = (reader: Reader, practice: Practice | null, kept: Kept): readonly Html[] =>
  (practice?.countries ?? []).map((country) => {
    const label = say(reader, 'practice.where', { place: { country }, product: '' });
    return html`<label for="note-${country}"
        >${say(reader, 'practice.write.note')} <bdi>${label}</bdi></label
      >
      <textarea
        id="note-${country}"
        name="note-${country}"
        rows="2"
        dir="auto"
        maxlength="${practiceLimits.noteLengthMax}"
      >
${kept[`note-${country}`] ?? ''}</textarea>`;
  });

const whom = (reader: Reader, kept: Kept): readonly Html[] =>
  (['partners', 'hidden'] as const).map(
    (name) =>
      html`<label class="choice">
        <input
          type="checkbox"
          name="${name}"
          value="yes"
          ${kept[name] === 'yes' ? html`checked` : ''}
        />
        ${say(reader, `practice.write.${name}`)}
      </label>`,
  );

const correction = (reader: Reader, kept: Kept): Html =>
  html`${choice(reader, {
    name: 'severity',
    label: 'practice.write.severity',
    options: [
      ['', say(reader, 'practice.write.no_correction')],
      ...recallSeverities.map(
        (severity) =>
          [
            severity,
            raw(phraseHtml(`practice.severity_of.${severity}`, {}, reader.recipient)),
          ] as const,
      ),
    ],
    kept,
  })}
  ${wordsField(reader, {
    id: 'correction',
    name: 'correction',
    label: 'practice.write.correction',
    text: kept['correction'] ?? '',
    lengthMax: practiceLimits.noteLengthMax,
    isRequired: false,
  })}`;
