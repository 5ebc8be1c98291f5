/** The steps of a practice: seen, sent, and shown as it now stands. Whether they may is the record's to say. */
import type { z } from '@hono/zod-openapi';
import { readContents } from '../../db/contents.ts';
import { loadReaders } from '../../db/practice-gate.ts';
import type { PracticeRow } from '../../db/practice-list.ts';
import { lastVerdict } from '../../db/practice-verdicts.ts';
import { clearedPeople } from '../../db/practices.ts';
import { present } from '../../domain/assert.ts';
import type { SourceText } from '../../domain/exchange/practice.ts';
import type { ContentId, PersonId } from '../../domain/id.ts';
import type { HoldCommand } from '../../domain/loop.ts';
import { countriesOf } from '../../domain/practice/able.ts';
import type { PracticeCommand } from '../../domain/practice/state.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { RedFlag } from '../../domain/text/red-flags.ts';
import { type Commanded, stepRoutes, stepTaker } from '../loop-steps.ts';
import { refuseUnacknowledged } from '../red-flags.ts';
import { practiceAddress, type PracticeParts } from './parts.ts';
import { type Practice, presentPractice, seenPractice } from './present.ts';
import {
  approvalBody,
  expertBody,
  plainBody,
  practiceAnswer,
  practiceParams,
  refusalBody,
  reviewBody,
  reviseBody,
  submitBody,
  translationBody,
  verdictBody,
  verifyBody,
  withdrawBody,
} from './schema.ts';
import { sourceTexts, translatedText, write, writeNote, writeTerms } from './write.ts';

const stepRoute = stepRoutes({
  path: '/practices',
  noun: 'Practice',
  tag: 'practices',
  params: practiceParams,
  answer: practiceAnswer,
  description: 'The practice as it now stands.',
});

type Step<Body extends z.ZodType> = Commanded<z.output<Body> & { readonly id: string }>;
type StepCommand = Exclude<PracticeCommand, { readonly type: 'draft' }> | HoldCommand;

const takeStep = stepTaker<StepCommand, PracticeParts, PracticeRow, Practice>({
  address: practiceAddress,
  seen: seenPractice,
  show: (parts, actor, id) => presentPractice(parts, actor, id, true),
});

/** Words of a draft are its author's; what is submitted is read by others, and the rules read it first. */
const refuseFlags = (
  parts: PracticeParts,
  actor: Step<typeof submitBody>['actor'],
  {
    source,
    acknowledged,
  }: { readonly source: SourceText; readonly acknowledged: readonly string[] },
): Promise<readonly RedFlag[]> =>
  refuseUnacknowledged(parts, actor, {
    texts: sourceTexts(source),
    acknowledged,
    code: 'practice.red_flags',
  });

const revisePractice = (parts: PracticeParts, asked: Step<typeof reviseBody>): Promise<Practice> =>
  takeStep(parts, asked, async ({ by, row: { status } }) => {
    const { actor, input } = asked;
    const { acknowledgedFlags: acknowledged = [], correction } = input;
    const { terms, source } = await writeTerms(parts, asked, input);
    if (status !== 'draft') await refuseFlags(parts, actor, { source, acknowledged });
    const note = await writeNote(parts, asked, correction?.text);
    return {
      type: 'revise',
      ...by,
      terms,
      correction: correction && note ? { severity: correction.severity, note } : null,
    };
  });

const submitPractice = (parts: PracticeParts, asked: Step<typeof submitBody>): Promise<Practice> =>
  takeStep(parts, asked, async ({ by, row: { content } }) => {
    const { actor, input } = asked;
    const text = (await readContents(parts.db, [content])).get(content)?.body;
    const source = present(text as SourceText | null | undefined, 'the text of a draft');
    await refuseFlags(parts, actor, { source, acknowledged: input.acknowledgedFlags ?? [] });
    return { type: 'submit', ...by };
  });

const reviewPractice = (parts: PracticeParts, asked: Step<typeof reviewBody>): Promise<Practice> =>
  takeStep(parts, asked, async ({ by }) => {
    const { kind, country, product, version, isApproved, note: text } = asked.input;
    const note = await writeNote(parts, asked, text);
    return { type: 'review', ...by, kind, country, product, version, isApproved, note };
  });

const verifyPractice = (parts: PracticeParts, asked: Step<typeof verifyBody>): Promise<Practice> =>
  takeStep(parts, asked, async ({ by }) => {
    const { country, version, isValid, note: text } = asked.input;
    const note = await writeNote(parts, asked, text);
    return { type: 'verify', ...by, country, version, isValid, note };
  });

const nameExpert = (parts: PracticeParts, asked: Step<typeof expertBody>): Promise<Practice> =>
  takeStep(parts, asked, ({ by }) => {
    const { country, person } = asked.input;
    return { type: 'nameExpert', ...by, country, person: person as PersonId };
  });

/** By the version that was read: the hash of it is ours to know. */
function sourceHashOf({ version, sourceHash }: PracticeRow, read: number): string {
  if (version !== read) throw new Refusal(problem('practice.source_changed'));
  return sourceHash;
}

const translatePractice = (
  parts: PracticeParts,
  asked: Step<typeof translationBody>,
): Promise<Practice> =>
  takeStep(parts, asked, async ({ by, row }) => {
    const { locale, version } = asked.input;
    const sourceHash = sourceHashOf(row, version);
    const body = translatedText(asked.input);
    const content = await write(parts, asked, { kind: 'translation', body });
    return { type: 'translate', ...by, locale, content, sourceHash };
  });

const approveTranslation = (
  parts: PracticeParts,
  asked: Step<typeof approvalBody>,
): Promise<Practice> =>
  takeStep(parts, asked, async ({ by, row }) => {
    const { locale, version } = asked.input;
    const cleared = await clearedPeople(parts.db, row.countries);
    const countries = countriesOf({ terms: row }, by.actor, cleared);
    const content = asked.input.content as ContentId;
    const sourceHash = sourceHashOf(row, version);
    return { type: 'approveTranslation', ...by, locale, content, sourceHash, countries };
  });

const refuseTranslation = (
  parts: PracticeParts,
  asked: Step<typeof refusalBody>,
): Promise<Practice> =>
  takeStep(parts, asked, async ({ by }) => {
    const { locale, note: text, severity } = asked.input;
    const note = present(await writeNote(parts, asked, text), 'the note');
    const content = asked.input.content as ContentId;
    const recalled = severity !== undefined && { severity };
    return { type: 'refuseTranslation', ...by, locale, content, note, ...recalled };
  });

const judgePractice = (parts: PracticeParts, asked: Step<typeof verdictBody>): Promise<Practice> =>
  takeStep(parts, asked, async ({ by, row: { id } }) => {
    const { actor, input } = asked;
    const reader = present((await loadReaders(parts.db, [actor.id])).get(actor.id), 'the reader');
    const last = await lastVerdict(parts.db, { practice: id, person: actor.id });
    const { verdict, text } = input;
    const body = { text };
    const content =
      text === undefined ? null : await write(parts, asked, { kind: 'verdict', body });
    return {
      type: 'judge',
      ...by,
      verdict,
      region: reader.region,
      country: reader.country ?? '',
      content,
      before: last && { verdict: last.verdict, country: last.country, at: last.at },
    };
  });

const withdrawPractice = (
  parts: PracticeParts,
  asked: Step<typeof withdrawBody>,
): Promise<Practice> =>
  takeStep(parts, asked, async ({ by }) => {
    const { severity, text } = asked.input;
    const note = present(await writeNote(parts, asked, text), 'the note');
    return { type: 'withdraw', ...by, severity, note };
  });

const plain =
  (type: 'hold' | 'resume') =>
  (parts: PracticeParts, asked: Commanded<{ readonly id: string }>): Promise<Practice> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

/** By the type of the command that each sends. */
export const practiceSteps = {
  revise: {
    route: stepRoute(
      'revise',
      'Changes it: what the change touches is reviewed and translated again',
      reviseBody,
    ),
    run: revisePractice,
  },
  submit: {
    route: stepRoute('submit', 'Submits the draft for its reviews', submitBody),
    run: submitPractice,
  },
  review: {
    route: stepRoute('review', 'Approves or refuses it for a country and a product', reviewBody),
    run: reviewPractice,
  },
  verify: {
    route: stepRoute('verify', 'Says whether it still holds in a country', verifyBody),
    run: verifyPractice,
  },
  nameExpert: {
    route: stepRoute('name-expert', 'Names who verifies it in a country', expertBody),
    run: nameExpert,
  },
  translate: {
    route: stepRoute('translate', 'Proposes a translation of the version of now', translationBody),
    run: translatePractice,
  },
  approveTranslation: {
    route: stepRoute(
      'approve-translation',
      'Approves a translation for the countries that you are cleared for',
      approvalBody,
    ),
    run: approveTranslation,
  },
  refuseTranslation: {
    route: stepRoute(
      'refuse-translation',
      'Sends a translation back, or calls one back that is approved',
      refusalBody,
    ),
    run: refuseTranslation,
  },
  judge: {
    route: stepRoute('judge', 'Says how it went in your region', verdictBody),
    run: judgePractice,
  },
  withdraw: {
    route: stepRoute(
      'withdraw',
      'Withdraws it for good: whoever received it is told',
      withdrawBody,
    ),
    run: withdrawPractice,
  },
  hold: {
    route: stepRoute('hold', 'Puts it on hold: nothing is due', plainBody),
    run: plain('hold'),
  },
  resume: { route: stepRoute('resume', 'Resumes it', plainBody), run: plain('resume') },
} as const;
