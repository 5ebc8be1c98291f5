/** A cover as the API answers with it: names for ids, texts for content, sentences for reasons. */
import type { z } from '@hono/zod-openapi';
import { readContents } from '../../db/contents.ts';
import { type CoverRow, findCover } from '../../db/covers.ts';
import { loopTimeline } from '../../db/timelines.ts';
import type { Actor } from '../../domain/authority.ts';
import { reasonSentence, timelineSentence } from '../../domain/cover/explain.ts';
import type { CoverEvent } from '../../domain/cover/state.ts';
import type { ContentId, LoopId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { CoverParts } from './parts.ts';
import type { coverAnswer } from './schema.ts';

export type Cover = z.input<typeof coverAnswer>;

const iso = (at: Instant): string => new Date(at).toISOString();

type Texts = Awaited<ReturnType<typeof readContents>>;

/** Null where nothing was written, and once it is erased. */
function textOf(texts: Texts, id: ContentId | null): string | null {
  const body = id === null ? null : (texts.get(id)?.body as { readonly text?: string } | null);
  return body?.text ?? null;
}

export const summaryOf = (row: CoverRow, texts: Texts): Omit<Cover, 'timeline' | 'candidates'> => {
  const {
    manager: _,
    candidates: __,
    from,
    until,
    askedAt,
    closedAt,
    note,
    handBack,
    ...rest
  } = row;
  return {
    ...rest,
    from: iso(from),
    until: iso(until),
    askedAt: iso(askedAt),
    closedAt: closedAt === null ? null : iso(closedAt),
    note: textOf(texts, note),
    handBack: textOf(texts, handBack),
  };
};

export const textsOf = (db: CoverParts['db'], rows: readonly CoverRow[]): Promise<Texts> =>
  readContents(
    db,
    rows.flatMap(({ note, handBack }) => [note, handBack]).filter((id) => id !== null),
  );

/** What does not exist and what may not be seen answer alike. */
export async function seenCover(
  { db }: Pick<CoverParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<CoverRow> {
  const row = await findCover(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

export async function presentCover(parts: CoverParts, actor: Actor, id: LoopId): Promise<Cover> {
  const row = await seenCover(parts, actor, id);
  const entries = await loopTimeline<CoverEvent | HoldEvent>(parts.db, id);
  const reasons = row.candidates.flatMap((candidate) => candidate.reasons.map(reasonSentence));
  const told = await parts.tell(actor.id, [
    ...entries.map(({ event }) => timelineSentence(event)),
    ...reasons,
  ]);
  let next = entries.length;
  const candidates = row.candidates.map(({ person, hasRefused, reasons: why }) => {
    const sentences = told.slice(next, next + why.length);
    next += why.length;
    return { person, hasRefused, reasons: [...sentences] };
  });
  return {
    ...summaryOf(row, await textsOf(parts.db, [row])),
    candidates,
    timeline: entries.map(({ at }, index) => ({ at: iso(at), sentence: told[index] ?? '' })),
  };
}
