/** What those who work on a practice see of it: its reviews, who verifies it, its translations, its story. */
import { readContents } from '../../db/contents.ts';
import { lockedTerms } from '../../db/glossary.ts';
import { receivedTranslations } from '../../db/practice-deliveries.ts';
import { clearedPeople, localesOf } from '../../db/practices.ts';
import type { PracticeRow, TranslationRow } from '../../db/practice-list.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { machineProposals } from '../../db/translation-proposals.ts';
import type { Actor } from '../../domain/authority.ts';
import { differences } from '../../domain/exchange/compare-text.ts';
import type { SourceText, TranslatedText } from '../../domain/exchange/practice.ts';
import type { ContentId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { ableForText } from '../../domain/practice/able.ts';
import { timelineSentence } from '../../domain/practice/explain.ts';
import type { PracticeEvent } from '../../domain/practice/state.ts';
import { lookedAfter } from './look-after.ts';
import type { PracticeParts } from './parts.ts';
import type { Practice } from './present.ts';
import { emptyText, partsOf } from './texts.ts';

type Work = NonNullable<Practice['work']>;

const iso = (at: Instant): string => new Date(at).toISOString();

export async function workOf(
  parts: PracticeParts,
  actor: Actor,
  row: PracticeRow,
  source: SourceText,
): Promise<Work> {
  const { mayTake, candidates } = await lookedAfter(parts, actor, row);
  return {
    notes: source.notes,
    roles: [...row.roles],
    isForPartners: row.isForPartners,
    isAuthorHidden: row.isAuthorHidden,
    clearances: [...row.clearances],
    duties: row.duties.map((duty) => ({
      ...duty,
      verifiedAt: iso(Date.parse(duty.verifiedAt)),
      dueAt: iso(Date.parse(duty.dueAt)),
      candidates: candidates[duty.country] ?? [],
    })),
    mayTake,
    translations: await translationsOf(parts.db, row, source),
    mayCallBack: await calledBackBy(parts.db, actor, row),
    timeline: await timelineOf(parts, actor, row),
  };
}

/** With the words that were given for a step, such as why a review refuses. */
async function timelineOf(
  { db, tell }: PracticeParts,
  actor: Actor,
  row: PracticeRow,
): Promise<Work['timeline']> {
  const entries = await loopTimeline<PracticeEvent | HoldEvent>(db, row.id);
  const shown = entries.flatMap(({ at, event }) => {
    const sentence = timelineSentence(event, row.author.id);
    return sentence ? [{ at, sentence, note: noteOf(event) }] : [];
  });
  const notes = await readContents(
    db,
    shown.flatMap(({ note }) => note ?? []),
  );
  const told = await tell(
    actor.id,
    shown.map(({ sentence }) => sentence),
  );
  const wordsOf = (note: ContentId | null): string | null => {
    const body = note === null ? null : (notes.get(note)?.body as { text: string } | null);
    return body?.text ?? null;
  };
  return shown.map(({ at, note }, index) => ({
    at: iso(at),
    sentence: told[index] ?? '',
    text: wordsOf(note),
  }));
}

function noteOf(event: PracticeEvent | HoldEvent): ContentId | null {
  if (event.type === 'revised') return event.correction?.note ?? null;
  return 'note' in event ? event.note : null;
}

/** Those in force, and those that somebody read once: of another's, by whoever could decide upon them. */
async function calledBackBy(
  db: PracticeParts['db'],
  { id }: Actor,
  row: PracticeRow,
): Promise<Work['mayCallBack']> {
  if (row.status === 'draft' || row.status === 'withdrawn') return [];
  const cleared = await clearedPeople(db, row.countries);
  if (!cleared.some((one) => one.id === id)) return [];
  const inForce = row.translations.filter(({ status }) => status === 'approved');
  const received = (await receivedTranslations(db, row.id)).filter(
    ({ content }) => !inForce.some((one) => one.content === content),
  );
  const practice = { author: row.author.id, terms: row };
  const mine = [...inForce, ...received].filter(
    (one) => one.locale !== row.sourceLocale && ableForText(practice, one, cleared).includes(id),
  );
  const texts = await readContents(
    db,
    mine.map(({ content }) => content),
  );
  return mine.map(({ locale, content }) => {
    const body = texts.get(content)?.body as TranslatedText | null | undefined;
    return { locale, content, text: body ? partsOf({ ...emptyText, ...body }) : null };
  });
}

type ShownTranslation = Work['translations'][number];

async function translationsOf(
  db: PracticeParts['db'],
  row: PracticeRow,
  source: SourceText,
): Promise<ShownTranslation[]> {
  const machines = await machineProposals(db, row.sourceHash);
  const texts = await readContents(db, [
    ...row.translations.map(({ content }) => content),
    ...machines.values(),
  ]);
  const textOf = (content: ContentId | undefined): TranslatedText | null => {
    const body = content === undefined ? null : texts.get(content)?.body;
    return body ? partsOf({ ...emptyText, ...(body as TranslatedText) }) : null;
  };
  const terms = await lockedTerms(db);
  const shown = ({ locale, status, content, approvedFor }: TranslationRow): ShownTranslation => {
    const text = textOf(content);
    const found =
      text === null
        ? []
        : differences({ text: source, locale: row.sourceLocale }, { text, locale }, terms);
    return {
      locale,
      status,
      content,
      text,
      approvedFor: [...approvedFor],
      differences: [...found],
      machine: textOf(machines.get(locale)),
    };
  };
  const missing = await missingLocales(db, row);
  return [
    ...row.translations.map(shown),
    ...missing.map((locale) => ({
      locale,
      status: 'missing' as const,
      content: null,
      text: null,
      approvedFor: [],
      differences: [],
      machine: textOf(machines.get(locale)),
    })),
  ];
}

/** In languages of its countries: their readers read it in another until somebody translates it. */
async function missingLocales(
  db: PracticeParts['db'],
  { countries, sourceLocale, translations, status }: PracticeRow,
): Promise<readonly string[]> {
  if (status === 'draft' || status === 'withdrawn') return [];
  const wanted = await localesOf(db, countries);
  const there = [sourceLocale, ...translations.map(({ locale }) => locale)];
  return wanted.filter((locale) => !there.includes(locale));
}
