/** An assignment as those in it read it: its terms, what stands in its way, and what happened. */
import { html } from 'hono/html';
import type { AssignmentParts } from '../api/assignments/parts.ts';
import type { Assignment } from '../api/assignments/present.ts';
import { explainAssignment, readAssignment } from '../api/assignments/read-assignment.ts';
import { signerRoles } from '../domain/assignment/state.ts';
import { assignmentForms } from './assignment-forms.ts';
import { commentsSaid } from './comments.ts';
import { drawWeeks } from './assignment-weeks.ts';
import { wide } from './drawing.ts';
import { type Html, instant, nameOf, type Reader, say, text, words } from './html.ts';
import { readersSteps } from './loop-form.ts';
import { alarm, keptWords, type Refused } from './refused.ts';
import type { Shown, SignedIn } from './loop-page.ts';

export async function showAssignment(
  parts: AssignmentParts,
  { actor, recipient }: SignedIn,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const assignment = await readAssignment(parts, { actor, input: { id } });
  const { sentences } = await explainAssignment(parts, { actor, input: { id } });
  const steps = await readersSteps(parts.db, actor, id);
  const reader = { recipient };
  const said = await commentsSaid(parts, { actor, recipient }, id);
  const kind = say(reader, `assignment.kind_of.${assignment.kind}`);
  const written = refused?.text ?? '';
  return {
    subject: assignment.participant.name,
    body: html`<h1>${kind}: ${nameOf(assignment.participant)}</h1>
      ${refused ? alarm(refused.problem) : ''} ${facts(reader, assignment)}
      ${why(reader, sentences)} ${gates(reader, assignment)} ${termsShown(reader, assignment)}
      ${assignmentForms(reader, assignment, { steps, me: actor.id, refused })}
      ${
        steps.length === 0
          ? html`<p class="muted">${say(reader, 'no_step')}</p>
              ${keptWords(reader, written)}`
          : ''
      }
      ${duties(reader, assignment)} ${weeks(reader, assignment)} ${given(reader, assignment)}
      ${timeline(reader, assignment)} ${said}`,
  };
}

const fact = (reader: Reader, key: string, value: Html | string): Html =>
  html`<dt>${say(reader, key)}</dt>
    <dd>${value}</dd>`;

const facts = (reader: Reader, assignment: Assignment): Html =>
  html`<dl class="facts">
    ${fact(reader, 'status', say(reader, `assignment.status_of.${assignment.status}`))}
    ${fact(reader, 'assignment.home', nameOf(assignment.homeRegion))}
    ${fact(reader, 'assignment.host', nameOf(assignment.hostRegion))}
  </dl>`;

const why = (reader: Reader, sentences: readonly string[]): Html | string =>
  sentences.length === 0
    ? ''
    : html`<h2>${say(reader, 'why')}</h2>
        <ul>
          ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>`;

const gates = (reader: Reader, { gates: closed, mobility }: Assignment): Html | string =>
  closed.length === 0 && mobility === null
    ? ''
    : html`<h2>${say(reader, 'assignment.gates')}</h2>
        <ul>
          ${closed.map((sentence) => html`<li>${sentence}</li>`)}
          ${mobility === null ? '' : html`<li>${mobility}</li>`}
        </ul>`;

type Terms = NonNullable<Assignment['terms']>;

/** Those to be signed beside those in force, so that nobody signs what they have not read. */
function termsShown(reader: Reader, { participant, terms, pending }: Assignment): Html {
  const inForce = terms === null ? '' : oneTerms(reader, 'assignment.in_force', terms);
  const asked = pending === null ? '' : oneTerms(reader, 'assignment.to_sign', pending.terms);
  return html`${asked} ${pending === null ? '' : signatures(reader, participant, pending)}
  ${inForce}`;
}

function signatures(
  reader: Reader,
  participant: Assignment['participant'],
  { terms, signed }: NonNullable<Assignment['pending']>,
): Html {
  const signers = { participant, home: terms.homeManager, host: terms.hostManager };
  const missing = signerRoles.filter((role) => !signed.includes(role)).map((role) => signers[role]);
  const names = missing.map(({ name }) => name).join(' · ');
  return html`<p>
    ${say(reader, 'assignment.signed', { signed: signed.length, of: signerRoles.length })}
    ${missing.length === 0 ? '' : say(reader, 'assignment.missing', { names })}
  </p>`;
}

function oneTerms(reader: Reader, title: string, terms: Terms): Html {
  const { firstDay, lastDay, weeklyHours, overlapHours, goals, accounts } = terms;
  const days = { firstDay: { day: firstDay }, lastDay: { day: lastDay } };
  const goal = ({ competency, level }: Terms['goals'][number]): Html =>
    html`<dd>
      ${say(reader, 'assignment.goal', {
        competency: { term: `competency.name.${competency}` },
        level: { term: `competency.level.${level}` },
      })}
    </dd>`;
  return html`<h2>${say(reader, title)}</h2>
    <dl class="facts">
      ${fact(reader, 'assignment.days', say(reader, 'assignment.days_from_to', days))}
      ${fact(reader, 'assignment.hours', say(reader, 'assignment.hours_a_week', { weeklyHours, overlapHours }))}
      <dt>${say(reader, 'assignment.goals')}</dt>
      ${goals.map(goal)}
      ${
        accounts.length === 0
          ? ''
          : html`<dt>${say(reader, 'assignment.accounts')}</dt>
              ${accounts.map((account) => html`<dd>${nameOf(account)}</dd>`)}`
      }
      ${fact(reader, 'assignment.home_manager', nameOf(terms.homeManager))}
      ${fact(reader, 'assignment.host_manager', nameOf(terms.hostManager))}
    </dl>`;
}

const duties = (reader: Reader, { duties: all }: Assignment): Html | string =>
  all.length === 0
    ? ''
    : html`<h2>${say(reader, 'assignment.duties')}</h2>
        <ul>
          ${all.map(
            ({ sentence, isDone, links }) =>
              html`<li>
                ${sentence} ${isDone ? html`· ${say(reader, 'action_done')}` : ''}
                ${links.map((link) => html`<br /><a href="${link}" rel="noreferrer"><bdi>${link}</bdi></a>`)}
              </li>`,
          )}
        </ul>`;

const weeks = (reader: Reader, assignment: Assignment): Html => {
  const { weeks: used, meetings } = assignment;
  return html`${
    used.length === 0
      ? ''
      : html`<h2>${say(reader, 'assignment.used')}</h2>
          ${picture(reader, assignment)}
          <ul>
            ${used.map(({ sentence }) => html`<li>${sentence}</li>`)}
          </ul>`
  }
  ${
    meetings.length === 0
      ? ''
      : html`<h2>${say(reader, 'assignment.meetings')}</h2>
          <ul>
            ${meetings.map(({ from }) => html`<li>${instant(reader, from)}</li>`)}
          </ul>`
  }`;
};

/** Of what is in force; beneath it every week is told in words. */
const picture = (
  reader: Reader,
  { terms, weeks: used, meetings, covers, milestones }: Assignment,
): Html | string =>
  terms === null
    ? ''
    : html`${wide(
          text(reader, 'assignment.used'),
          drawWeeks(
            reader,
            { ...terms, weeks: used, meetings, covers, milestones },
            { title: text(reader, 'assignment.used'), told: used.map(({ sentence }) => sentence) },
          ),
        )}
        <p class="muted">${say(reader, 'assignment.picture')}</p>`;

const given = (reader: Reader, { lesson, feedback }: Assignment): Html =>
  html`${
    lesson === null
      ? ''
      : html`<h2>${say(reader, `assignment.lesson_of.${lesson.kind}`)}</h2>
          ${words(lesson.text ?? '')}`
  }
  ${feedback.map(
    ({ role, text }) =>
      html`<h2>${say(reader, `assignment.feedback_of.${role}`)}</h2>
        ${words(text ?? '')}`,
  )}`;

const timeline = (reader: Reader, { timeline: entries }: Assignment): Html =>
  html`<h2>${say(reader, 'timeline')}</h2>
    <ol class="timeline">
      ${entries.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>`;
