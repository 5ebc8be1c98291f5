/** What a practice checks and moves in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { readContents } from '../../db/contents.ts';
import { lockedTerms } from '../../db/glossary.ts';
import { isOpenedBy } from '../../db/openings.ts';
import { loadReaders, gatedPractice } from '../../db/practice-gate.ts';
import { receivedTranslations } from '../../db/practice-deliveries.ts';
import { recall } from '../../db/practice-recalls.ts';
import { keepVerdict, lastVerdict } from '../../db/practice-verdicts.ts';
import { keepRefusal } from '../../db/own-translations.ts';
import { keepOutcome, machineProposals } from '../../db/translation-proposals.ts';
import {
  knownCountries,
  practiceFacts,
  practiceSubject,
  projectPractice,
} from '../../db/practices.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import type { Action } from '../../domain/authority.ts';
import { organisation } from '../../domain/subjects.ts';
import {
  type Difference,
  differences,
  foreignForms,
  isWrong,
} from '../../domain/exchange/compare-text.ts';
import { mayRead } from '../../domain/exchange/gate.ts';
import {
  isComplete,
  practiceLimits,
  type SourceText,
  type TranslatedText,
} from '../../domain/exchange/practice.ts';
import type { ContentId, NoticeId, PersonId } from '../../domain/id.ts';
import { partyOf } from '../../domain/loop.ts';
import { ableFor, ableForText, countriesOf } from '../../domain/practice/able.ts';
import { dutyKey, reviewKey } from '../../domain/practice/asks.ts';
import type {
  PracticeCommand,
  PracticeEvent,
  PracticeFacts,
  PracticeState,
  Terms,
  Translation,
} from '../../domain/practice/state.ts';
import { isNarrower } from '../../domain/practice/touched.ts';
import { problem, type Problem, type ProblemCode } from '../../domain/problem.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<PracticeState, PracticeCommand, PracticeEvent, PracticeFacts>;
type Of<Type extends PracticeCommand['type']> = Extract<PracticeCommand, { type: Type }>;
type Tx = Transaction<DB>;

export const practiceRecord: LoopRecord<
  PracticeState,
  PracticeCommand,
  PracticeEvent,
  PracticeFacts
> = {
  facts: (tx, state, _id, at) => practiceFacts(tx, state, at),
  guard,
  async project(tx, step) {
    const { id, at, after } = step;
    await projectPractice(tx, { ...step, facts: step.world.facts });
    for (const event of step.events) {
      if (event.type === 'judged') await keepVerdict(tx, { ...event, practice: id, at, after });
      if (event.type === 'translationApproved')
        await decided(tx, step, { ...event, isApproved: true });
      if (event.type === 'translationRefused' && textOf(step.before, event)) {
        await decided(tx, step, { ...event, isApproved: false });
        await keepRefusal(tx, { ...event, practice: id, at });
      }
    }
  },
  async tell(tx, step) {
    const told: NoticeId[] = [];
    for (const event of step.events) told.push(...(await callBack(tx, step, event)));
    return told;
  },
};

interface Decided {
  readonly locale: string;
  readonly content: ContentId;
  readonly by: PersonId;
  readonly isApproved: boolean;
}

/** Kept beside the others, the first time that a text is decided upon. */
async function decided(
  tx: Tx,
  { id, at, before }: Step,
  { locale, content, by, isApproved }: Decided,
): Promise<void> {
  const found = textOf(before, { locale, content });
  const { sourceHash, proposedAt, approvedFor } = present(found, 'what is decided upon');
  if (approvedFor.length > 0) return;
  const told = { content, sourceHash, proposedAt, isApproved };
  await keepOutcome(tx, { practice: id, locale, by, at, ...told });
}

const textOf = (
  { translations }: PracticeState,
  { locale, content }: Pick<Decided, 'locale' | 'content'>,
): Translation | undefined =>
  translations.find((one) => one.locale === locale && one.content === content);

/** Whoever received what is withdrawn, corrected, no longer for them, or wrongly translated. */
async function callBack(
  tx: Tx,
  { id, at, before, after }: Step,
  event: Step['events'][number],
): Promise<readonly NoticeId[]> {
  if (event.type === 'withdrawn') {
    const beforeVersion = after.version + 1;
    return recall(tx, { id, at, kind: event.type, severity: event.severity, beforeVersion });
  }
  const everyVersion = after.version + 1;
  if (event.type === 'translationRefused' && event.severity !== undefined) {
    const { severity, content } = event;
    return recall(tx, {
      id,
      at,
      kind: 'mistranslated',
      severity,
      beforeVersion: everyVersion,
      content,
    });
  }
  if (event.type !== 'revised') return [];
  const { correction, version, terms } = event;
  if (correction !== null && version > before.version) {
    const { severity } = correction;
    return recall(tx, { id, at, kind: 'corrected', severity, beforeVersion: version });
  }
  if (before.publishedAt === null || !isNarrower(present(before.terms, 'the terms'), terms)) {
    return [];
  }
  // Whom it is for no longer is told of it, with or without a word of whoever changed it.
  const severity = correction?.severity ?? 'information';
  return recall(tx, { id, at, kind: 'narrowed', severity, beforeVersion: everyVersion });
}

const refused = (code: ProblemCode, params: Problem['params'] = {}): GuardAnswer => ({
  refused: problem(code, params),
});
const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'draft':
      return (await guardDrafter(tx, step, command)) ?? guardTerms(tx, command.terms);
    case 'revise': {
      const may =
        (await guardStep(tx, step, 'practice.revise')) ?? (await guardTerms(tx, command.terms));
      return may ?? (step.before.status === 'open' ? guardComplete(tx, command.terms) : null);
    }
    case 'submit':
      return (
        (await guardStep(tx, step, 'practice.submit')) ??
        guardComplete(tx, present(step.before.terms, 'the terms'))
      );
    case 'review':
      return guardAble(tx, step, reviewKey(command));
    case 'verify':
      if (step.actor === step.before.author) return refused('practice.own_review');
      return guardAble(tx, step, dutyKey(command));
    case 'nameExpert':
      return (await guardStep(tx, step, 'practice.nameExpert')) ?? guardExpert(step, command);
    case 'translate':
    case 'approveTranslation':
    case 'refuseTranslation':
      return guardTranslation(tx, step, command);
    case 'judge':
      return guardVerdict(tx, step, command);
    case 'withdraw':
    case 'hold':
    case 'resume':
      return guardStep(tx, step, `practice.${command.type}`);
    case 'assign':
      return command.assignments.every(({ to }) => to === null || world.person(to).isActive)
        ? null
        : stale;
    case 'pass':
    case 'handOn':
      return world.person(command.to).isActive ? null : stale;
    case 'remind':
    case 'escalate':
    case 'fallDue':
    case 'lapse':
      return null;
  }
}

/** A person for themselves, or a step of another loop in the name of whoever learned something. */
async function guardDrafter(tx: Tx, step: Step, command: Of<'draft'>): Promise<GuardAnswer> {
  if (command.actor === undefined) {
    const isRecorded = await isOpenedBy(tx, { id: step.id, by: command.openedBy });
    return isRecorded ? null : refused('authority.forbidden');
  }
  if (command.author !== command.actor) return refused('authority.forbidden');
  return guardActor(tx, step, {
    action: 'practice.draft',
    subject: () => organisation,
    otherwise: 'authority.forbidden',
  });
}

/** A country is one that somebody works in: there it is reviewed, and there it is read. */
async function guardTerms(tx: Tx, { countries }: Terms): Promise<GuardAnswer> {
  const known = await knownCountries(tx, countries);
  const unknown = countries.find((country) => !known.includes(country));
  return unknown === undefined ? null : refused('practice.country_unknown', { country: unknown });
}

const bodyOf = async <Text>(tx: Tx, id: ContentId): Promise<Text | null> =>
  ((await readContents(tx, [id])).get(id)?.body as Text | null | undefined) ?? null;

/** What is to be reviewed, and translated then. */
async function guardComplete(tx: Tx, { content, locale }: Terms): Promise<GuardAnswer> {
  const text = await bodyOf<SourceText>(tx, content);
  if (text === null || !isComplete(text)) return refused('practice.incomplete');
  const [foreign] = foreignForms({ text, locale }, await lockedTerms(tx));
  if (foreign === undefined) return null;
  return refused('practice.glossary_form', { ...foreign, part: partTerm(foreign.part) });
}

/** As its reader's page calls it. */
const partTerm = (part: Difference['part']) => ({ term: `page.practice.part.${part}` });

type PracticeAction = Exclude<Extract<Action, `practice.${string}`>, 'practice.draft'>;

async function guardStep(tx: Tx, step: Step, action: PracticeAction): Promise<GuardAnswer> {
  const { before, command } = step;
  const countries =
    command.type === 'nameExpert' ? [command.country] : (before.terms?.countries ?? []);
  const { author, duties, status } = before;
  const subject = await practiceSubject(
    tx,
    { author, duties, isDraft: status === 'draft' },
    countries,
  );
  return guardActor(tx, step, { action, subject: () => subject, otherwise: 'authority.forbidden' });
}

const guardAble = (tx: Tx, step: Step, key: string): Promise<GuardAnswer> =>
  guardOffice(tx, step, ableFor(step.before, key, step.world.facts.cleared));

/** Offices are not delegated: whoever reviews is cleared for it themselves, now. */
async function guardOffice(tx: Tx, step: Step, able: readonly PersonId[]): Promise<GuardAnswer> {
  const party = present(step.actor, 'who acts');
  if (partyOf(step.command) !== party) return refused('authority.no_delegation');
  const isThere = await guardActor(tx, step, {
    action: 'practice.draft',
    subject: () => organisation,
    otherwise: 'authority.forbidden',
  });
  if (isThere) return isThere;
  return able.includes(party) ? null : refused('practice.not_cleared');
}

function guardExpert({ before, world }: Step, { country, person }: Of<'nameExpert'>): GuardAnswer {
  const { terms, author } = before;
  // A refusal would tell who wrote it; they hand it on before they verify anything.
  const isHidden = terms?.isAuthorHidden === true && person === author;
  const asked = isHidden ? { ...before, author: '' as PersonId } : before;
  const able = ableFor(asked, dutyKey({ country }), world.facts.cleared);
  return able.includes(person) ? null : refused('practice.expert_not_cleared');
}

async function guardTranslation(
  tx: Tx,
  step: Step,
  command: Of<'translate' | 'approveTranslation' | 'refuseTranslation'>,
): Promise<GuardAnswer> {
  if (command.type === 'translate') {
    // A machine's, once it is kept as such.
    if (command.actor === undefined) {
      const isKept = (await machineProposals(tx, command.sourceHash)).get(command.locale);
      return isKept === command.content ? null : refused('authority.forbidden');
    }
    return guardActor(tx, step, {
      action: 'practice.draft',
      subject: () => organisation,
      otherwise: 'authority.forbidden',
    });
  }
  const { before, world } = step;
  const text = textOf(before, command) ?? (await receivedText(tx, step, command));
  if (text === undefined) return refused('practice.source_changed');
  const able = ableForText(before, text, world.facts.cleared);
  const refusedAble = await guardOffice(tx, step, able);
  if (refusedAble) return refusedAble;
  if (command.type === 'refuseTranslation') {
    // Somebody may have read it, and is told how much it matters.
    const isSaid = text.status !== 'approved' || command.severity !== undefined;
    return isSaid ? null : refused('practice.severity_missing');
  }
  const cleared = countriesOf(before, partyOf(command), world.facts.cleared);
  const isWithin = command.countries.every((country) => cleared.includes(country));
  return isWithin ? guardSameMeaning(tx, before, command) : refused('practice.not_cleared');
}

/** One that is in force no more, and that somebody read while it was. */
async function receivedText(
  tx: Tx,
  { id }: Step,
  { locale, content }: Pick<Decided, 'locale' | 'content'>,
): Promise<Pick<Translation, 'locale' | 'proposer' | 'status'> | undefined> {
  const found = await receivedTranslations(tx, id);
  const text = found.find((one) => one.locale === locale && one.content === content);
  return text && { ...text, status: 'approved' };
}

/** Numbers, units and locked words are those of the source; compared where it counts. */
async function guardSameMeaning(
  tx: Tx,
  { terms }: PracticeState,
  { content, locale }: Of<'approveTranslation'>,
): Promise<GuardAnswer> {
  const { content: source, locale: from } = present(terms, 'the terms');
  const [text, translated] = [
    await bodyOf<SourceText>(tx, source),
    await bodyOf<TranslatedText>(tx, content),
  ];
  if (text === null || translated === null) return refused('content.unknown');
  const found = differences(
    { text, locale: from },
    { text: translated, locale },
    await lockedTerms(tx),
  ).filter(isWrong);
  const [first] = found;
  if (first === undefined) return null;
  const { part, expected } = first;
  const differs = { part: partTerm(part), expected, count: found.length };
  return refused('practice.translation_differs', differs);
}

/** From one's own region, of what one may read there, and of what one had said before. */
async function guardVerdict(tx: Tx, step: Step, command: Of<'judge'>): Promise<GuardAnswer> {
  const by: PersonId = partyOf(command);
  if (command.onBehalfOf !== undefined) return refused('authority.no_delegation');
  const reader = (await loadReaders(tx, [by])).get(by);
  const gated = await gatedPractice(tx, step.id);
  if (!reader || !gated || !mayRead(reader, gated)) return refused('request.not_found');
  if (reader.region !== command.region || reader.country !== command.country) {
    return refused('authority.forbidden');
  }
  const last = await lastVerdict(tx, { practice: step.id, person: by });
  if ((last?.at ?? null) !== (command.before?.at ?? null)) return refused('request.in_flight');
  const max = practiceLimits.verdictsPerPersonMax;
  return (last?.number ?? 0) < max ? null : refused('practice.too_many_verdicts', { max });
}
