/** A practice as somebody may see it: as its reader, as one who works on it, or as who was told of its end. */
import type { z } from '@hono/zod-openapi';
import { readContents } from '../../db/contents.ts';
import { recordDelivery } from '../../db/practice-deliveries.ts';
import { gatedPractice, loadReaders } from '../../db/practice-gate.ts';
import {
  findPractice,
  type PracticeRow,
  recallsOf,
  receivedTitle,
} from '../../db/practice-list.ts';
import { ownTranslations } from '../../db/own-translations.ts';
import { lastVerdict, reportsOf, saidOf } from '../../db/practice-verdicts.ts';
import { present } from '../../domain/assert.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { mayRead, type Reader } from '../../domain/exchange/gate.ts';
import {
  type SourceText,
  type TranslatedText,
  type Verdict,
  verdicts,
} from '../../domain/exchange/practice.ts';
import { rankPractice, rankSentence } from '../../domain/exchange/rank.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { subjectOf } from './look-after.ts';
import type { PracticeParts } from './parts.ts';
import type { practiceAnswer, queueAnswer } from './schema.ts';
import { emptyText, partsOf, sourceOf } from './texts.ts';
import { workOf } from './work.ts';

export type Practice = z.input<typeof practiceAnswer>;

const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

/** What does not exist and what may not be seen answer alike. */
export async function seenPractice(
  { db }: Pick<PracticeParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<PracticeRow> {
  const row = await findPractice(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  if (row.isSeen) return row;
  const gated = await gatedPractice(db, id);
  const reader = (await loadReaders(db, [actor.id])).get(actor.id);
  if (gated && reader && mayRead(reader, gated)) return row;
  throw new Refusal(problem('request.not_found'));
}

interface ShownText {
  readonly locale: string;
  readonly isFallback: boolean;
  readonly text: TranslatedText;
  readonly source: SourceText;
}

interface Reading {
  readonly reader: Reader;
  readonly row: PracticeRow;
  /** To a step of somebody who works on it: that is not reading it. */
  readonly isAnswer: boolean;
}

/** As their reader receives it, which a recall has to find; those who only work on it read the source. */
async function textFor(
  { db, clock, via = 'api' }: PracticeParts,
  { reader, row, isAnswer }: Reading,
): Promise<(ShownText & { readonly isReader: boolean }) | null> {
  const isWork = row.author.id === reader.id || (isAnswer && row.isSeen);
  const delivered = isWork
    ? null
    : await db
        .transaction()
        .execute((tx) =>
          recordDelivery(tx, { practice: row.id, person: reader.id, via, at: clock.now() }),
        );
  if (delivered === null && !row.isSeen) return null;
  const ids = delivered ? [delivered.content, delivered.source] : [row.content];
  const texts = await readContents(db, ids);
  const source = sourceOf(texts.get(delivered?.source ?? row.content)?.body);
  if (delivered === null) {
    const isFallback = row.sourceLocale !== reader.locale;
    return { locale: row.sourceLocale, isFallback, text: source, source, isReader: false };
  }
  const { locale, isFallback, content } = delivered;
  const text = { ...emptyText, ...(texts.get(content)?.body as Partial<TranslatedText> | null) };
  return { locale, isFallback, text, source, isReader: true };
}

export async function presentPractice(
  parts: PracticeParts,
  actor: Actor,
  id: LoopId,
  isAnswer = false,
): Promise<Practice> {
  const { db } = parts;
  const row = await findPractice(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  const reader = present((await loadReaders(db, [actor.id])).get(actor.id), 'the reader');
  if (row.status === 'withdrawn' && !row.isSeen) {
    const received = await receivedTitle(db, { id, person: actor.id });
    if (!received) throw new Refusal(problem('request.not_found'));
    return noLongerRead(parts, actor, row);
  }
  const shown = await textFor(parts, { reader, row, isAnswer });
  if (shown === null) {
    // A report can close the gate to whoever gives it: it was taken all the same.
    if (isAnswer) return noLongerRead(parts, actor, row);
    throw new Refusal(problem('request.not_found'));
  }
  const isMine = row.author.id === actor.id;
  const last = await lastVerdict(db, { practice: id, person: actor.id });
  return {
    ...factsOf(row, actor),
    title: shown.text.title,
    locale: shown.locale,
    isFallback: shown.isFallback,
    text: {
      ...partsOf(shown.text),
      note: (reader.country !== null ? shown.source.notes[reader.country] : null) ?? null,
    },
    reports: await reportsFor(parts, { actor, reader, row }),
    myTranslations: [...(await ownTranslations(db, { practice: id, person: actor.id }))],
    myVerdict: last?.verdict ?? null,
    mayJudge: shown.isReader && !isMine,
    work: row.isSeen ? await workOf(parts, actor, row, shown.source) : null,
    recall: await recallOf(parts, row),
  };
}

const factsOf = (row: PracticeRow, actor: Actor) => ({
  id: row.id,
  status: row.status,
  kind: row.kind,
  competency: row.competency,
  countries: [...row.countries],
  products: [...row.products],
  version: row.version,
  revision: row.revision,
  author: row.isAuthorHidden && row.author.id !== actor.id ? null : row.author,
  isMine: row.author.id === actor.id,
  sourceLocale: row.sourceLocale,
  publishedAt: isoOrNull(row.publishedAt),
  withdrawnAt: isoOrNull(row.withdrawnAt),
  isHeld: row.isHeld,
});

async function recallOf(
  { db }: PracticeParts,
  { id, status }: PracticeRow,
): Promise<Practice['recall']> {
  const recalls = status === 'withdrawn' ? await recallsOf(db, id) : [];
  const last = recalls.at(-1);
  return last ? { severity: last.severity, at: iso(last.at) } : null;
}

/** Whoever received it learns that it is gone, and reads nothing of it again but its title. */
async function noLongerRead(
  parts: PracticeParts,
  actor: Actor,
  row: PracticeRow,
): Promise<Practice> {
  const received = await receivedTitle(parts.db, { id: row.id, person: actor.id });
  return {
    ...factsOf(row, actor),
    author: null,
    countries: [],
    products: [],
    title: received?.title ?? '',
    locale: received?.locale ?? row.sourceLocale,
    isFallback: false,
    text: null,
    reports: { points: 0, counts: {}, reasons: [], sentences: [] },
    myTranslations: [],
    myVerdict: null,
    mayJudge: false,
    work: null,
    recall: await recallOf(parts, row),
  };
}

interface Hearing {
  readonly actor: Actor;
  readonly reader: Reader;
  readonly row: PracticeRow;
}

/** What people say of it nobody has reviewed: their words are for those who look after it alone. */
async function reportsFor(
  { db, tell }: PracticeParts,
  { actor, reader, row }: Hearing,
): Promise<Practice['reports']> {
  const { id } = row;
  const hears = may(actor, 'practice.hear', await subjectOf({ db }, row));
  const reports = (await reportsOf(db, [id])).get(id) ?? [];
  const rank = rankPractice(reports, { ...reader, locale: reader.regionLocale });
  const sentences = await saidOf(db, id);
  const counts = Object.fromEntries(
    verdicts.map((verdict: Verdict) => [
      verdict,
      reports
        .filter((report) => report.verdict === verdict)
        .reduce((sum, { count }) => sum + count, 0),
    ]),
  );
  return {
    points: rank.points,
    counts,
    reasons: [...(await tell(reader.id, rank.reasons.map(rankSentence)))],
    sentences: sentences
      // What was said of an earlier text tells its readers nothing of this one.
      .filter(({ isOfText }) => hears || isOfText)
      .map(({ at, text, ...said }) => ({ ...said, text: hears ? text : null, at: iso(at) })),
  };
}

type Summary = z.input<typeof queueAnswer>['items'][number];

/** In a list of those who work on it: with the title as its author wrote it. */
export async function summariesOf(
  { db }: Pick<PracticeParts, 'db'>,
  rows: readonly PracticeRow[],
): Promise<readonly Summary[]> {
  const texts = await readContents(
    db,
    rows.map(({ content }) => content),
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    kind: row.kind,
    competency: row.competency,
    title: sourceOf(texts.get(row.content)?.body).title,
    locale: row.sourceLocale,
    isFallback: false,
    countries: [...row.countries],
    products: [...row.products],
    version: row.version,
    revision: row.revision,
  }));
}
