/** What can be done on the page of an assignment: a form for each open step, and for changing one's mind. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { AssignmentParts } from '../api/assignments/parts.ts';
import type { Assignment } from '../api/assignments/present.ts';
import {
  dutyBody,
  lessonBody,
  rateBody,
  textBody,
  textLengthMax,
} from '../api/assignments/schema.ts';
import { assignmentSteps } from '../api/assignments/take-step.ts';
import { ShapeRefusal } from '../api/refusals.ts';
import { mistakesOf } from '../api/shape-mistakes.ts';
import { duties, lessonKinds } from '../domain/assignment/state.ts';
import { competencyLevels } from '../domain/people/competency-level.ts';
import { taskPath } from '../locales/links.ts';
import { type Html, type Reader, say } from './html.ts';
import {
  commandOf,
  hiddenFields,
  hiddenShape,
  type ReadersStep,
  readForm,
  stepTitle,
} from './loop-form.ts';
import { type Refused, unlessRefused } from './refused.ts';
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
  'giveLesson',
  'giveFeedback',
  'rate',
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
  readonly written: string;
}

export const assignmentForms = (
  reader: Reader,
  assignment: Assignment,
  { steps, me, written }: Forms,
): Html =>
  html`${steps.map((step) => form(reader, assignment, { step, written }))}
  ${ownForm(reader, assignment, me)}`;

const button = (reader: Reader, choice: string, look: string): Html =>
  html`<button name="choice" value="${choice}" class="${look}">
    ${say(reader, `assignment.choice.${choice}`)}
  </button>`;

function form(
  reader: Reader,
  assignment: Assignment,
  { step, written }: { readonly step: ReadersStep; readonly written: string },
): Html {
  const { kind, onBehalfOf } = step;
  const id = `text-${kind.replace('.', '-')}-${onBehalfOf?.id ?? 'me'}`;
  const label = wordsOf[kind];
  return html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    <form method="post" action="${taskPath(assignment.id)}">
      ${hiddenFields(assignment, onBehalfOf)}
      ${kind === 'assignment.give_lesson' ? lessonChoice(reader, id) : ''}
      ${kind === 'assignment.rate_goals' ? levels(reader, assignment, id) : ''}
      ${
        label === undefined
          ? ''
          : html`<label for="${id}">${say(reader, label)}</label>
              <textarea id="${id}" name="text" dir="auto" maxlength="${textLengthMax}">
${written}</textarea>`
      }
      <div class="choices">
        ${(choicesOf[kind] ?? []).map((choice, index) =>
          button(reader, choice, index === 0 ? '' : 'quiet'),
        )}
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

const levels = (reader: Reader, { terms }: Assignment, id: string): Html =>
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
              html`<option value="${level}">
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
    <div class="choices">${button(reader, isAhead ? 'cancel' : 'returnEarly', 'quiet')}</div>
  </form>`;
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
  return unlessRefused({ ...reader, text }, async () => {
    await take(assignments, read, { asked, input: { id, ...party }, text });
  });
}

interface Taken {
  readonly asked: Omit<ReturnType<typeof commandOf>['asked'], never>;
  readonly input: { readonly id: string; readonly onBehalfOf?: string };
  readonly text: string;
}

function take(
  parts: AssignmentParts,
  read: Form,
  { asked, input, text }: Taken,
): Promise<Assignment> {
  const { choice } = read;
  const steps = assignmentSteps;
  const { id, ...party } = input;
  switch (choice) {
    case 'sign':
    case 'approve':
    case 'start':
    case 'cancel':
    case 'returnEarly':
      return steps[choice].run(parts, { ...asked, input });
    case 'decline':
    case 'forbid': {
      const reason = text === '' ? {} : { text };
      return steps[choice].run(parts, { ...asked, input: { ...input, ...reason } });
    }
    case 'answerCheckIn':
    case 'giveFeedback': {
      const body = shaped(textBody, { ...party, text });
      return steps[choice].run(parts, { ...asked, input: { id, ...body } });
    }
    case 'giveLesson': {
      const body = shaped(lessonBody, { ...party, kind: read.lesson, text });
      return steps.giveLesson.run(parts, { ...asked, input: { id, ...body } });
    }
    case 'rate': {
      const ratings = Object.entries(read)
        .filter(([name]) => name.startsWith('level-'))
        .map(([name, level]) => ({ competency: name.slice('level-'.length), level }));
      const body = shaped(rateBody, { ...party, ratings, text });
      return steps.rate.run(parts, { ...asked, input: { id, ...body } });
    }
    case 'mobility':
    case 'posted_worker':
    case 'insurance': {
      const duty = choice;
      const stays = duty === 'mobility' && text !== '' ? { stays: staysIn(text) } : {};
      const body = shaped(dutyBody, { ...party, duty, ...stays });
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

function shaped<Shape extends z.ZodType>(shape: Shape, body: object): z.output<Shape> {
  const read = shape.safeParse(body);
  if (!read.success) throw new ShapeRefusal(mistakesOf('form', read.error.issues, body));
  return read.data;
}
