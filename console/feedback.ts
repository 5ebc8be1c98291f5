/** A round of feedback as those in it read it: whom to ask, what one is asked, and what it says in the end. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { listPeople } from '../api/directory/list-people.ts';
import type { FeedbackParts } from '../api/feedback/parts.ts';
import { type Round, type SeenRound, seenRound } from '../api/feedback/present.ts';
import { readReport, type Report } from '../api/feedback/read-report.ts';
import { readRound } from '../api/feedback/read-round.ts';
import { answerBody, commentLengthMax, levels, nomineesBody } from '../api/feedback/schema.ts';
import { feedbackSteps } from '../api/feedback/take-step.ts';
import { competencyKeys } from '../db/feedback.ts';
import { nomineesMax } from '../domain/feedback-round/state.ts';
import type { LoopId } from '../domain/id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader } from './html.ts';
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
import { peopleSuggested, peopleSuggestions } from './people-suggested.ts';
import { type Refused, unlessRefused } from './refused.ts';

const choices = ['nominate', 'release', 'answer', 'decline', 'hold', 'resume', 'cancel'] as const;
/** As many as a form shows at least, and to add somebody in. */
const nomineeRowsMin = 8;
const emptyRowsMin = 2;
const nomineeRows = Array.from({ length: nomineesMax }, (_none, row) => row);

export const sayRound = (reader: Reader, key: string): Html =>
  raw(phraseHtml(`feedbackRound.${key}`, {}, reader.recipient));
const tell = sayRound;
const term = (reader: Reader, key: string): Html => raw(phraseHtml(key, {}, reader.recipient));

export async function showRound(
  parts: FeedbackParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const { actor } = reader;
  const round = await readRound(parts, { actor, input: { id } });
  const [people, keys] = await Promise.all([
    listPeople(parts, { actor, input: { limit: peopleSuggested } }),
    competencyKeys(parts.db),
  ]);
  const kept = refused?.fields ?? {};
  return loopPage(parts, reader, refused, {
    loop: round,
    subject: round.subject.name,
    title: html`${tell(reader, 'page.round')}: ${nameOf(round.subject)}`,
    told: [
      facts([
        statusFact(reader, round, tell(reader, `page.status_of.${round.status}`)),
        [tell(reader, 'page.about'), nameOf(round.subject)],
        [tell(reader, 'page.manager'), nameOf(round.manager)],
        [tell(reader, 'page.closes_at'), instant(reader, round.closesAt)],
      ]),
      html`<p>${tell(reader, 'page.promise')}</p>`,
    ],
    form: (step) =>
      html`${peopleSuggestions(people.items)} ${stepForm(reader, round, { step, keys, kept })}`,
    ownForms: [steerForm(reader, round, await seenRound(parts, actor, id as LoopId))],
    more: [await report(parts, reader, round), happened(reader, round)],
  });
}

/** For whoever began it or looks after it: nothing is due while it is on hold. */
function steerForm(reader: Reader, round: Round, { isSteering }: SeenRound): Html | string {
  const { status, isHeld } = round;
  if (!isSteering || status === 'closed' || status === 'cancelled') return '';
  const steps = [isHeld ? 'resume' : 'hold', 'cancel'] as const;
  const buttons = steps.map((choice) => ({
    choice,
    label: tell(reader, `page.choice.${choice}`),
    isQuiet: true,
  }));
  return loopForm(round, null, choiceButtons(buttons));
}

const happened = (reader: Reader, round: Round): Html | string =>
  round.timeline.length === 0 ? '' : timeline(reader, round.timeline);

/** For whoever may read it, once there is one. */
async function report(
  parts: FeedbackParts,
  reader: SignedIn,
  { id, status }: Round,
): Promise<Html | string> {
  if (status !== 'closed') return '';
  try {
    const told = await readReport(parts, { actor: reader.actor, input: { id } });
    return reportSaid(reader, told);
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'request.not_found') return '';
    throw error;
  }
}

const reportSaid = (reader: Reader, { items }: Report): Html =>
  html`<h2>${tell(reader, 'page.report')}</h2>
    ${items.length === 0 ? html`<p class="muted">${tell(reader, 'page.no_report')}</p>` : ''}
    ${items.map(
      ({ competency, seen, sees, sentence, groups }) =>
        html`<h3>${term(reader, `competency.name.${competency}`)}</h3>
          ${seen === null ? '' : html`<p>${seen} ${sees ?? ''}</p>`}
          <p>${sentence}</p>
          ${groups
            .filter(({ comments }) => comments.length > 0)
            .map(
              ({ group, comments }) =>
                html`<p class="muted">${tell(reader, `page.group_of.${group}`)}</p>
                  <ul class="timeline">
                    ${comments.map((comment) => html`<li class="words" dir="auto">${comment}</li>`)}
                  </ul>`,
            )}`,
    )}`;

interface StepForm {
  readonly step: ReadersStep;
  readonly keys: readonly string[];
  readonly kept: Readonly<Record<string, string>>;
}

function stepForm(reader: Reader, round: Round, { step, keys, kept }: StepForm): Html {
  const label = (choice: string): Html => tell(reader, `page.choice.${choice}`);
  if (step.kind === 'feedback.give') {
    const buttons = [
      { choice: 'answer', label: label('answer') },
      { choice: 'decline', label: label('decline'), isQuiet: true },
    ];
    const fields = html`${keys.map((key) => question(reader, key, kept))} ${choiceButtons(buttons)}`;
    return stepSection(reader, round, step, fields);
  }
  const choice = step.kind === 'feedback.nominate' ? 'nominate' : 'release';
  const shown = Math.max(nomineeRowsMin, (round.nominees?.length ?? 0) + emptyRowsMin);
  const fields = html`${nomineeRows.slice(0, shown).map((row) => nominee(reader, round, { row, kept }))}
  ${choiceButtons([{ choice, label: label(choice) }])}`;
  return stepSection(reader, round, step, fields);
}

const question = (reader: Reader, key: string, kept: Readonly<Record<string, string>>): Html =>
  html`<fieldset>
    <legend>${term(reader, `competency.name.${key}`)}</legend>
    <label for="level-${key}">${tell(reader, 'page.level')}</label>
    <select id="level-${key}" name="level-${key}">
      <option value="">${tell(reader, 'page.no_answer')}</option>
      ${levels.map(
        (level) =>
          html`<option value="${level}" ${kept[`level-${key}`] === level ? html`selected` : ''}>
            ${term(reader, `competency.level.${level}`)}
          </option>`,
      )}
    </select>
    <label for="comment-${key}">${tell(reader, 'page.comment')}</label>
    <input
      class="words"
      id="comment-${key}"
      name="comment-${key}"
      dir="auto"
      maxlength="${commentLengthMax}"
      value="${kept[`comment-${key}`] ?? ''}"
    />
  </fieldset>`;

interface Row {
  readonly row: number;
  readonly kept: Readonly<Record<string, string>>;
}

function nominee(reader: Reader, { nominees }: Round, { row, kept }: Row): Html {
  const named = nominees?.[row];
  const person = kept[`person-${row}`] ?? named?.person.id ?? '';
  const chosen = kept[`group-${row}`] ?? named?.group ?? 'peers';
  return html`<fieldset>
    <legend>${tell(reader, 'page.nominee')}</legend>
    <label for="person-${row}">${tell(reader, 'page.person')}</label>
    <input
      id="person-${row}"
      name="person-${row}"
      list="people"
      autocomplete="off"
      value="${person}"
    />
    <label for="group-${row}">${tell(reader, 'page.group')}</label>
    <select id="group-${row}" name="group-${row}">
      ${(['peers', 'reports'] as const).map(
        (group) =>
          html`<option value="${group}" ${chosen === group ? html`selected` : ''}>
            ${tell(reader, `page.group_of.${group}`)}
          </option>`,
      )}
    </select>
  </fieldset>`;
}

const fieldsMax = 60;
const formShape = z
  .object({ ...hiddenShape, choice: z.enum(choices) })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= fieldsMax);

type SettleParts = SignedIn & { readonly feedback: FeedbackParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleRound(
  { feedback, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { choice, key, revision, onBehalfOf, ...fields } = read;
  const { asked, party } = commandOf(reader.actor, id, { key, revision, onBehalfOf });
  return unlessRefused({ ...reader, text: '', fields }, async () => {
    switch (choice) {
      case 'answer': {
        const body = bodyOf(answerBody, { answers: answersIn(fields) });
        await feedbackSteps.answer.run(feedback, { ...asked, input: { id, ...body } });
        return;
      }
      case 'decline':
        await feedbackSteps.decline.run(feedback, { ...asked, input: { id } });
        return;
      case 'hold':
      case 'resume':
      case 'cancel':
        await feedbackSteps[choice].run(feedback, { ...asked, input: { id, ...party } });
        return;
      case 'nominate':
      case 'release': {
        const body = bodyOf(nomineesBody, { ...party, nominees: nomineesIn(fields) });
        await feedbackSteps[choice].run(feedback, { ...asked, input: { id, ...body } });
      }
    }
  });
}

type Fields = Readonly<Record<string, string>>;

const answersIn = (fields: Fields) => {
  const asked = Object.keys(fields).flatMap(
    (name) => /^(?:level|comment)-(.+)$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(asked)].flatMap((competency) => {
    const level = fields[`level-${competency}`] ?? '';
    const comment = fields[`comment-${competency}`]?.trim() ?? '';
    // What somebody wrote is never left out unsaid.
    if (level === '' && comment !== '') throw new Refusal(problem('feedback.level_missing'));
    if (level === '') return [];
    return [{ competency, level, ...(comment !== '' && { comment }) }];
  });
};

const nomineesIn = (fields: Fields) =>
  nomineeRows.flatMap((row) => {
    const person = fields[`person-${row}`]?.trim() ?? '';
    return person === '' ? [] : [{ person, group: fields[`group-${row}`] ?? 'peers' }];
  });
