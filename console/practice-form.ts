/** A form of a practice's page that was sent becomes the operation of the API that it stands for. */
import { z } from 'zod';
import type { PracticeParts } from '../api/practices/parts.ts';
import {
  approvalBody,
  refusalBody,
  reviewBody,
  translationBody,
  verdictBody,
  verifyBody,
} from '../api/practices/schema.ts';
import { practiceSteps } from '../api/practices/take-step.ts';
import { type SourcePart, sourceParts } from '../domain/exchange/practice.ts';
import { taskName } from '../domain/task-kind.ts';
import { namedFlags } from './flag-boxes.ts';
import { bodyOf, commandOf, count, hiddenShape, readForm } from './loop-form.ts';
import { type CareChoice, careChoices, isCareChoice, takeCare } from './practice-care.ts';
import { type Refused, unlessRefused } from './refused.ts';
import type { SignedIn } from './loop-page.ts';

const taskChoices = {
  clinical_review: ['approve', 'refuse'],
  compliance_review: ['approve', 'refuse'],
  verify: ['valid', 'change'],
  approve_translation: ['approveTranslation', 'refuseTranslation'],
  check_translation: ['translate', 'refuseTranslation'],
} as const;
type TaskChoice = (typeof taskChoices)[keyof typeof taskChoices][number];

const isTask = (name: string): name is keyof typeof taskChoices => Object.hasOwn(taskChoices, name);

export function choicesOf(kind: string): readonly TaskChoice[] {
  const name = taskName(kind);
  return isTask(name) ? taskChoices[name] : [];
}

interface PlaceOfTask {
  readonly country?: string | undefined;
  readonly product?: string | undefined;
  readonly locale?: string | undefined;
}

/** `practice.clinical_review/DE/stent`, `practice.verify/DE`, `practice.check_translation/fr`. */
export function placeOf(kind: string): PlaceOfTask {
  const [, place, product] = kind.split('/');
  return taskName(kind).endsWith('_translation') ? { locale: place } : { country: place, product };
}

const formShape = z
  .object({
    ...hiddenShape,
    choice: z.enum([
      'judge',
      'submit',
      'approve',
      'refuse',
      'valid',
      'change',
      'approveTranslation',
      'refuseTranslation',
      'translate',
      ...careChoices,
    ]),
    task: z.string().max(200).default(''),
    version: count.optional(),
    content: z.string().optional(),
    verdict: z.string().optional(),
    text: z.string().default(''),
    locale: z.string().optional(),
    country: z.string().optional(),
    person: z.string().optional(),
    severity: z.string().optional(),
    ...(Object.fromEntries(sourceParts.map((part) => [part, z.string().optional()])) as Record<
      SourcePart,
      z.ZodOptional<z.ZodString>
    >),
  })
  // What is said all the same, flag by flag.
  .catchall(z.string());
type Form = z.output<typeof formShape>;

type SettleParts = SignedIn & { readonly practices: PracticeParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settlePractice(
  { practices, ...reader }: SettleParts,
  { id, form: sent }: { readonly id: string; readonly form: unknown },
): Promise<Refused | null> {
  const form = readForm(formShape, sent);
  const { asked } = commandOf(reader.actor, id, form);
  const { choice } = form;
  return unlessRefused({ ...reader, text: form.text, fields: wordsOf(form) }, () =>
    isCareChoice(choice)
      ? takeCare(practices, { asked, id, form: { ...form, choice } })
      : settle(practices, { asked, id, choice, form }),
  );
}

/** What was filled in, so that nobody writes it twice. */
function wordsOf(form: Form): Record<string, string> {
  const { choice, text, severity = '', content = '' } = form;
  if (choice === 'withdraw' || choice === 'callBack') return { choice, severity, text, content };
  if (form.choice !== 'translate') return {};
  const parts = sourceParts.map((part) => [part, form[part] ?? ''] as const);
  return { ...Object.fromEntries(parts), locale: localeOf(form) ?? '' };
}

/** Chosen in the form, or that of the task it answers. */
const localeOf = ({ locale, task }: Form): string | undefined => locale ?? placeOf(task).locale;

interface Settling {
  readonly asked: ReturnType<typeof commandOf>['asked'];
  readonly id: string;
  readonly choice: Exclude<Form['choice'], CareChoice>;
  readonly form: Form;
}

async function settle(parts: PracticeParts, { asked, id, choice, form }: Settling): Promise<void> {
  const { task, version, content, verdict } = form;
  const { country, product, locale } = placeOf(task);
  const text = form.text.trim() === '' ? {} : { text: form.text };
  const note = 'text' in text ? { note: text.text } : {};
  const given = <Body extends z.ZodType>(schema: Body, body: object) => ({
    ...asked,
    input: { id, ...(bodyOf(schema, body) as object) } as z.output<Body> & { id: string },
  });
  switch (choice) {
    case 'submit':
      await practiceSteps.submit.run(parts, {
        ...asked,
        input: { id, acknowledgedFlags: [...namedFlags(form)] },
      });
      return;
    case 'judge':
      // Reports do not change what anybody decides upon: no revision holds them up.
      await practiceSteps.judge.run(parts, {
        ...given(verdictBody, { verdict, ...text }),
        seen: undefined,
      });
      return;
    case 'approve':
    case 'refuse': {
      const kind = taskName(task).replace('_review', '');
      const isApproved = choice === 'approve';
      const body = { kind, country, product, version, isApproved, ...note };
      // Other reviews may be decided meanwhile: the version that was read is what counts.
      const sent = { ...given(reviewBody, body), seen: undefined };
      await practiceSteps.review.run(parts, sent);
      return;
    }
    case 'valid':
    case 'change': {
      const body = { country, version, isValid: choice === 'valid', ...note };
      await practiceSteps.verify.run(parts, { ...given(verifyBody, body), seen: undefined });
      return;
    }
    case 'translate': {
      const body = { ...wordsOf(form), version };
      await practiceSteps.translate.run(parts, {
        ...given(translationBody, body),
        seen: undefined,
      });
      return;
    }
    case 'approveTranslation': {
      const sent = { ...given(approvalBody, { locale, content, version }), seen: undefined };
      await practiceSteps.approveTranslation.run(parts, sent);
      return;
    }
    case 'refuseTranslation': {
      const sent = { ...given(refusalBody, { locale, content, ...note }), seen: undefined };
      await practiceSteps.refuseTranslation.run(parts, sent);
    }
  }
}
