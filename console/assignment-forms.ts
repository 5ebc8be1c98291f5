/** What can be done on the page of an assignment: a form for each open step, and for changing one's mind. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { AssignmentParts } from '../api/assignments/parts.ts';
import type { Assignment } from '../api/assignments/present.ts';
import {
  dutyBody,
  hoursBody,
  lessonBody,
  meetingBody,
  rateBody,
  textBody,
  textLengthMax,
} from '../api/assignments/schema.ts';
import { enterHours } from '../api/assignments/enter-hours.ts';
import { proposeMeeting } from '../api/assignments/propose-meeting.ts';
import { assignmentSteps } from '../api/assignments/take-step.ts';
import { duties, lessonKinds } from '../domain/assignment/state.ts';
import { competencyLevels } from '../domain/people/competency-level.ts';
import { taskPath } from '../locales/links.ts';
import { flagBoxes, namedFlags } from './flag-boxes.ts';
import { type Html, type Reader, say } from './html.ts';
import {
  bodyOf,
  commandOf,
  hiddenFields,
  hiddenShape,
  type ReadersStep,
  readForm,
  stepTitle,
} from './loop-form.ts';
import { changePath } from './placements.ts';
import { labelsOf, type Refused, unlessRefused } from './refused.ts';
import type { SignedIn } from './loop-page.ts';

const choices = [
  'sign',
  'decline',
  'approve',
  'forbid',
  'start',
  'cancel',
  'returnEarly',
  'answerCheckIn',
  'confirmTraining',
  'giveLesson',
  'giveFeedback',
  'rate',
  'hours',
  'meet',
  ...duties,
] as const;

/** By the kind of the open task; the first is what is asked. */
const choicesOf: Readonly<Record<string, readonly string[]>> = {
  'assignment.sign': ['sign', 'decline'],
  'assignment.allow': ['approve', 'forbid'],
  'assignment.mobility': ['mobility'],
  'assignment.posted_worker': ['posted_worker'],
  'assignment.insurance': ['insurance'],
  'assignment.begin': ['start', 'cancel'],
  'assignment.check_in': ['answerCheckIn'],
  'assignment.renew_training': ['confirmTraining'],
  'assignment.give_lesson': ['giveLesson'],
  'assignment.give_feedback': ['giveFeedback'],
  'assignment.rate_goals': ['rate'],
};

/** What its words are for, where it takes any. */
const wordsOf: Readonly<Record<string, string>> = {
  'assignment.sign': 'assignment.reason',
  'assignment.allow': 'assignment.reason',
  'assignment.mobility': 'assignment.stays',
  'assignment.check_in': 'assignment.how_it_goes',
  'assignment.give_lesson': 'assignment.what_was_learned',
  'assignment.give_feedback': 'assignment.your_feedback',
  'assignment.rate_goals': 'assignment.evidence',
};

interface Forms {
  readonly steps: readonly ReadersStep[];
  readonly me: string;
  readonly refused: Refused | null;
}

export const assignmentForms = (
  reader: Reader,
  assignment: Assignment,
  { steps, me, refused }: Forms,
): Html =>
  html`${steps.map((step) => form(reader, assignment, { step, refused }))}
  ${meetingForm(reader, assignment, me)} ${hoursForm(reader, assignment, me)}
  ${ownForm(reader, assignment, me)}`;

const button = (reader: Reader, choice: string, look: string): Html =>
  html`<button name="choice" value="${choice}" class="${look}">
    ${say(reader, `assignment.choice.${choice}`)}
  </button>`;

function form(
  reader: Reader,
  assignment: Assignment,
  { step, refused }: { readonly step: ReadersStep; readonly refused: Refused | null },
): Html {
  const { kind, onBehalfOf } = step;
  const id = `text-${kind.replace('.', '-')}-${onBehalfOf?.id ?? 'me'}`;
  const label = wordsOf[kind];
  return html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    <form method="post" action="${taskPath(assignment.id)}">
      ${hiddenFields(assignment, onBehalfOf)}
      ${
        kind === 'assignment.renew_training'
          ? html`<p>${say(reader, 'assignment.renew_hint')}</p>`
          : ''
      }
      ${kind === 'assignment.give_lesson' ? lessonChoice(reader, id) : ''}
      ${kind === 'assignment.rate_goals' ? levels(reader, assignment, { id, kept: refused?.fields ?? {} }) : ''}
      ${
        label === undefined
          ? ''
          : html`<label for="${id}">${say(reader, label)}</label>
              <textarea id="${id}" name="text" dir="auto" maxlength="${textLengthMax}">
${refused?.text ?? ''}</textarea>`
      }
      ${
        kind === 'assignment.rate_goals'
          ? flagBoxes(
              reader,
              refused,
              labelsOf((key) => say(reader, key), { text: label ?? '' }),
            )
          : ''
      }
      <div class="choices">
        ${(choicesOf[kind] ?? []).map((choice, index) => button(reader, choice, index === 0 ? '' : 'quiet'))}
      </div>
    </form>
  </section>`;
}

const lessonChoice = (reader: Reader, id: string): Html =>
  html`<label for="${id}-kind">${say(reader, 'assignment.lesson_kind')}</label>
    <select id="${id}-kind" name="lesson">
      ${lessonKinds.map(
        (kind) =>
          html`<option value="${kind}">${say(reader, `assignment.lesson_of.${kind}`)}</option>`,
      )}
    </select>`;

const levels = (
  reader: Reader,
  { terms }: Assignment,
  { id, kept }: { readonly id: string; readonly kept: Readonly<Record<string, string>> },
): Html =>
  html`${(terms?.goals ?? []).map(
    ({ competency }) =>
      html`<label for="${id}-${competency}">
          ${say(reader, 'assignment.level_now', {
            competency: { term: `competency.name.${competency}` },
          })}
        </label>
        <select id="${id}-${competency}" name="level-${competency}">
          ${competencyLevels.map(
            (level) =>
              html`<option
                value="${level}"
                ${kept[`level-${competency}`] === level ? 'selected' : ''}
              >
                ${say(reader, 'assignment.level_is', { level: { term: `competency.level.${level}` } })}
              </option>`,
          )}
        </select>`,
  )}`;

/** For those who signed: to change their mind before it begins, or to end it early. */
function ownForm(reader: Reader, assignment: Assignment, me: string): Html | string {
  const { status, terms, pending, participant } = assignment;
  const named = [terms, pending?.terms].flatMap((one) =>
    one ? [one.homeManager.id, one.hostManager.id] : [],
  );
  if (me !== participant.id && !named.includes(me)) return '';
  const isAhead = status === 'proposed' || status === 'agreed';
  if (!isAhead && status !== 'running') return '';
  return html`<form method="post" action="${taskPath(assignment.id)}">
    ${hiddenFields(assignment, null)}
    <div class="choices">
      <a class="button quiet" href="${changePath(assignment.id)}"
        >${say(reader, 'placement.change')}</a
      >
      ${button(reader, isAhead ? 'cancel' : 'returnEarly', 'quiet')}
    </div>
  </form>`;
}

const meetingMinutes = [30, 45, 60, 90] as const;

/** For the two who meet: the time that costs them least is found for them. */
function meetingForm(reader: Reader, assignment: Assignment, me: string): Html | string {
  const { status, participant, terms } = assignment;
  const isOfTwo = me === participant.id || me === terms?.hostManager.id;
  if (status !== 'running' || !isOfTwo) return '';
  return html`<section class="step">
    <h2>${say(reader, 'assignment.choice.meet')}</h2>
    <form method="post" action="${taskPath(assignment.id)}">
      ${hiddenFields(assignment, null)}
      <label for="minutes">${say(reader, 'assignment.meeting_lasts')}</label>
      <select id="minutes" name="minutes">
        ${meetingMinutes.map(
          (minutes) =>
            html`<option value="${minutes}">
              ${say(reader, 'assignment.minutes', { minutes })}
            </option>`,
        )}
      </select>
      <div class="choices">${button(reader, 'meet', '')}</div>
    </form>
  </section>`;
}

function hoursForm(reader: Reader, assignment: Assignment, me: string): Html | string {
  const { status, participant } = assignment;
  if (me !== participant.id || (status !== 'running' && status !== 'closing')) return '';
  const hours = (name: 'worked' | 'together'): Html =>
    html`<label for="${name}">${say(reader, `assignment.hours_${name}`)}</label>
      <input id="${name}" name="${name}" type="number" min="0" max="24" step="0.25" required />`;
  return html`<section class="step">
    <h2>${say(reader, 'assignment.choice.hours')}</h2>
    <form method="post" action="${taskPath(assignment.id)}">
      ${hiddenFields(assignment, null)}
      <label for="day">${say(reader, 'assignment.hours_day')}</label>
      <input id="day" name="day" type="date" required />
      ${hours('worked')} ${hours('together')}
      <div class="choices">${button(reader, 'hours', '')}</div>
    </form>
  </section>`;
}

const formShape = z
  .object({
    ...hiddenShape,
    choice: z.enum(choices),
    text: z.string().optional(),
    lesson: z.string().optional(),
  })
  .catchall(z.string());

type Form = z.output<typeof formShape>;
type SettleParts = SignedIn & { readonly assignments: AssignmentParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleAssignment(
  { assignments, ...reader }: SettleParts,
  { id, form: sent }: { readonly id: string; readonly form: unknown },
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { asked, party } = commandOf(reader.actor, id, read);
  const text = (read.text ?? '').trim();
  return unlessRefused({ ...reader, text, fields: read }, async () => {
    await take(assignments, read, { asked, input: { id, ...party }, text });
  });
}

interface Taken {
  readonly asked: ReturnType<typeof commandOf>['asked'];
  readonly input: { readonly id: string; readonly onBehalfOf?: string };
  readonly text: string;
}

function take(parts: AssignmentParts, read: Form, { asked, input, text }: Taken): Promise<unknown> {
  const { choice } = read;
  const steps = assignmentSteps;
  const { id, ...party } = input;
  switch (choice) {
    case 'sign':
    case 'approve':
    case 'start':
    case 'cancel':
    case 'returnEarly':
    case 'confirmTraining':
      return steps[choice].run(parts, { ...asked, input });
    case 'decline':
    case 'forbid': {
      const reason = text === '' ? {} : { text };
      return steps[choice].run(parts, { ...asked, input: { ...input, ...reason } });
    }
    case 'answerCheckIn':
    case 'giveFeedback': {
      const body = bodyOf(textBody, { ...party, text });
      return steps[choice].run(parts, { ...asked, input: { id, ...body } });
    }
    case 'giveLesson': {
      const body = bodyOf(lessonBody, { ...party, kind: read.lesson, text });
      return steps.giveLesson.run(parts, { ...asked, input: { id, ...body } });
    }
    case 'rate': {
      const ratings = Object.entries(read)
        .filter(([name]) => name.startsWith('level-'))
        .map(([name, level]) => ({ competency: name.slice('level-'.length), level }));
      const acknowledgedFlags = namedFlags(read);
      const body = bodyOf(rateBody, { ...party, ratings, text, acknowledgedFlags });
      return steps.rate.run(parts, { ...asked, input: { id, ...body } });
    }
    case 'hours': {
      const [minutes, overlapMinutes] = [read['worked'], read['together']].map((hours) =>
        Math.round(Number(hours) * 60),
      );
      const body = bodyOf(hoursBody, { day: read['day'], minutes, overlapMinutes });
      return enterHours(parts, { ...asked, input: { id, ...body } });
    }
    case 'meet': {
      const body = bodyOf(meetingBody, { minutes: Number(read['minutes']) });
      return proposeMeeting(parts, { ...asked, input: { id, ...body } });
    }
    case 'mobility':
    case 'posted_worker':
    case 'insurance': {
      const duty = choice;
      const stays = duty === 'mobility' && text !== '' ? { stays: staysIn(text) } : {};
      const body = bodyOf(dutyBody, { ...party, duty, ...stays });
      return steps.finishDuty.run(parts, { ...asked, input: { id, ...body } });
    }
  }
}

/** A stay a line: its first day and its last. */
const staysIn = (text: string) =>
  text.split('\n').map((line) => {
    const [firstDay, lastDay = firstDay] = line.trim().split(/\s+/);
    return { firstDay, lastDay };
  });
