/** What can be done on the page of a development plan: a form for each open step, and for more than is asked. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import type { PlanParts } from '../api/development-plans/parts.ts';
import type { Plan } from '../api/development-plans/present.ts';
import {
  closeBody,
  linkBody,
  reasonBody,
  textBody,
  textLengthMax,
} from '../api/development-plans/schema.ts';
import { planSteps } from '../api/development-plans/take-step.ts';
import type { linkableTo } from '../db/development-plans.ts';
import { isUnderWay } from '../domain/development-plan/roles.ts';
import type { Need } from '../domain/development-plan/state.ts';
import { competencyLevels } from '../domain/people/competency-level.ts';
import { evidenceKinds } from '../domain/people/evidence.ts';
import { budgetsPath } from '../locales/links.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import { flagBoxes, namedFlags } from './flag-boxes.ts';
import { type Html, type Reader, say } from './html.ts';
import { bodyOf, commandOf, hiddenShape, type ReadersStep, readForm } from './loop-form.ts';
import { choiceButtons, loopForm, type SentForm, type SignedIn, stepSection } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { type LabelOf, labelsOf, type Refused, unlessRefused } from './refused.ts';

export const sayPlan = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`developmentPlan.page.${key}`, values, recipient));

export const planTermsPath = (plan: string): string => `${wayTo('plans')}/${plan}/terms`;
export const planAssignPath = (plan: string): string => `${wayTo('plans')}/${plan}/assign`;

export type Linkable = Awaited<ReturnType<typeof linkableTo>>[number];
/** It stands still for nobody: working days leave out whoever is away. */
export type ShownPlan = Plan & { readonly isHeld: false };

const choices = [
  'agree',
  'refuse',
  'link',
  'review',
  'coach',
  'stepDown',
  'close',
  'cancel',
] as const;

interface StepForm {
  readonly step: ReadersStep;
  readonly linkable: readonly Linkable[];
  readonly refused: Refused | null;
}

const button = (reader: Reader, choice: string, isQuiet = false) => ({
  choice,
  label: sayPlan(reader, `choice.${choice}`),
  isQuiet,
});

const closeLabelOf = (reader: Reader): LabelOf =>
  labelsOf((key) => sayPlan(reader, key), { text: 'what_shows_it' });

export function stepForm(
  reader: Reader,
  plan: ShownPlan,
  { step, linkable, refused }: StepForm,
): Html {
  const section = (fields: Html): Html => stepSection(reader, plan, step, fields);
  const id = step.kind.replace('.', '-');
  const written = textArea(reader, { id, text: refused?.text ?? '', label: labels[step.kind] });
  switch (step.kind) {
    case 'plan.agree':
      return section(
        html`${written} ${choiceButtons([button(reader, 'agree'), button(reader, 'refuse', true)])}`,
      );
    case 'plan.find_money':
      return section(linkFields(reader, plan, { need: 'formal', linkable }));
    case 'plan.find_work':
      return section(linkFields(reader, plan, { need: 'onTheJob', linkable }));
    case 'plan.close':
      return section(
        html`${levels(reader, plan, { id, refused })} ${written}
        ${flagBoxes(reader, refused, closeLabelOf(reader))}
        ${choiceButtons([button(reader, 'close')])}`,
      );
    default: {
      const choice = step.kind === 'plan.coach' ? 'coach' : 'review';
      return section(html`${written} ${choiceButtons([button(reader, choice)])}`);
    }
  }
}

/** What the words are for; of the other steps none is asked. */
const labels: Readonly<Record<string, string>> = {
  'plan.agree': 'reason',
  'plan.report': 'what_was_done',
  'plan.coach': 'coach_view',
  'plan.close': 'what_shows_it',
};

interface TextArea {
  readonly id: string;
  readonly text: string;
  readonly label: string | undefined;
}

const textArea = (reader: Reader, { id, text, label }: TextArea): Html | string =>
  label === undefined
    ? ''
    : html`<label for="${id}-text">${sayPlan(reader, label)}</label>
        <textarea id="${id}-text" name="text" rows="3" dir="auto" maxlength="${textLengthMax}">
${text}</textarea>`;

function linkFields(
  reader: Reader,
  plan: Plan,
  { need, linkable }: { readonly need: Need; readonly linkable: readonly Linkable[] },
): Html {
  const options = linkable.filter((one) => one.need === need);
  const ask =
    need === 'formal'
      ? html`<p>
          <a href="${budgetsPath}/ask?plan=${plan.id}">${sayPlan(reader, 'ask_money')}</a>
        </p>`
      : html`<p>
          <a href="${planAssignPath(plan.id)}">${sayPlan(reader, 'assign')}</a>
        </p>`;
  if (options.length === 0) return ask;
  return html`<label for="loop-${need}">${sayPlan(reader, `link_${need}`)}</label>
    <select id="loop-${need}" name="loop">
      ${options.map(
        ({ loop, title }) => html`<option class="name" value="${loop}">${title ?? loop}</option>`,
      )}
    </select>
    ${choiceButtons([button(reader, 'link')])} ${ask}`;
}

/** Of a goal that has been rated since, another rating is not asked for. */
function levels(
  reader: Reader,
  { terms, rated }: Plan,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Html {
  const kept = refused?.fields ?? {};
  const chosen = (name: string, value: string): string => (kept[name] === value ? 'selected' : '');
  return html`${(terms?.goals ?? []).map(({ competency }) => {
      const isRated = rated.some((one) => one.competency === competency);
      return html`<label for="${id}-${competency}"
          >${say(reader, 'assignment.level_now', {
            competency: { term: `competency.name.${competency}` },
          })}</label
        >
        <select id="${id}-${competency}" name="level-${competency}">
          <option value="">
            ${isRated ? sayPlan(reader, 'as_rated') : say(reader, 'please_choose')}
          </option>
          ${competencyLevels.map(
            (level) =>
              html`<option value="${level}" ${chosen(`level-${competency}`, level)}>
                ${say(reader, 'assignment.level_is', { level: { term: `competency.level.${level}` } })}
              </option>`,
          )}
        </select>`;
    })}
    <label for="${id}-evidence">${sayPlan(reader, 'evidence')}</label>
    <select id="${id}-evidence" name="evidence">
      ${evidenceKinds.map(
        (kind) =>
          html`<option value="${kind}" ${chosen('evidence', kind)}>
            ${sayPlan(reader, `evidence_of.${kind}`)}
          </option>`,
      )}
    </select>`;
}

interface Own {
  readonly me: string;
  /** May change, end and serve it. */
  readonly isSteering: boolean;
  readonly refused: Refused | null;
}

/** To change or close it before its last day, to leave, or to end it: for whoever may, though nobody asks. */
export function ownForms(
  reader: Reader,
  plan: ShownPlan,
  { me, isSteering, refused }: Own,
): readonly Html[] {
  const { status, manager, terms, closedAt } = plan;
  if (closedAt !== null) return [];
  const form = (title: string, fields: Html): Html =>
    html`<details class="step">
      <summary>${sayPlan(reader, title)}</summary>
      ${loopForm(plan, null, fields)}
    </details>`;
  const text = (id: string, label: string): Html | string =>
    textArea(reader, { id, label, text: refused?.text ?? '' });
  const close = html`${levels(reader, plan, { id: 'own', refused })} ${text('own', 'what_shows_it')}
  ${flagBoxes(reader, refused, closeLabelOf(reader))} ${choiceButtons([button(reader, 'close')])}`;
  const cancel = html`${text('cancel', 'reason')} ${choiceButtons([button(reader, 'cancel', true)])}`;
  const leave = choiceButtons([button(reader, 'stepDown', true)]);
  return [
    ...(isSteering && isUnderWay(plan) ? [ways(reader, plan, me)] : []),
    ...(status === 'running' && me === manager.id ? [form('close_early', close)] : []),
    ...(terms?.coach?.id === me ? [form('leave', leave)] : []),
    ...(isSteering ? [form('end', cancel)] : []),
  ];
}

const ways = (reader: Reader, { id, subject }: Plan, me: string): Html =>
  html`<p class="choices">
    <a class="button quiet" href="${planTermsPath(id)}">${sayPlan(reader, 'change')}</a>
    <a class="button quiet" href="${planAssignPath(id)}">${sayPlan(reader, 'assign')}</a>
    ${
      me === subject.id
        ? html`<a class="button quiet" href="${budgetsPath}/ask?plan=${id}"
            >${sayPlan(reader, 'ask_money')}</a
          >`
        : ''
    }
  </p>`;

const formShape = z
  .object({
    ...hiddenShape,
    choice: z.enum(choices),
    text: z.string().optional(),
    loop: z.string().optional(),
    evidence: z.string().optional(),
  })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= 30);

type Form = z.output<typeof formShape>;
type SettleParts = SignedIn & { readonly plans: PlanParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settlePlan(
  { plans, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { asked, party } = commandOf(reader.actor, id, read);
  const text = (read.text ?? '').trim();
  return unlessRefused({ ...reader, text, fields: read }, async () => {
    await take(plans, read, { asked, input: { id, ...party }, text });
  });
}

interface Taken {
  readonly asked: ReturnType<typeof commandOf>['asked'];
  readonly input: { readonly id: string; readonly onBehalfOf?: string };
  readonly text: string;
}

function take(parts: PlanParts, read: Form, { asked, input, text }: Taken): Promise<Plan> {
  const { choice } = read;
  const { id, ...party } = input;
  switch (choice) {
    case 'agree':
    case 'stepDown':
      return planSteps[choice].run(parts, { ...asked, input });
    case 'refuse':
    case 'cancel': {
      const body = bodyOf(reasonBody, { ...party, ...(text !== '' && { text }) });
      return planSteps[choice].run(parts, { ...asked, input: { id, ...body } });
    }
    case 'review':
    case 'coach': {
      const body = bodyOf(textBody, { ...party, text });
      return planSteps[choice].run(parts, { ...asked, input: { id, ...body } });
    }
    case 'link': {
      const body = bodyOf(linkBody, { ...party, loop: read.loop });
      return planSteps.link.run(parts, { ...asked, input: { id, ...body } });
    }
    case 'close': {
      const ratings = Object.entries(read)
        .filter(([name, level]) => name.startsWith('level-') && level !== '')
        .map(([name, level]) => ({ competency: name.slice('level-'.length), level }));
      const { evidence } = read;
      const acknowledgedFlags = namedFlags(read);
      const body = bodyOf(closeBody, { ...party, ratings, evidence, text, acknowledgedFlags });
      return planSteps.close.run(parts, { ...asked, input: { id, ...body } });
    }
  }
}
