/** A cover as the API answers with it: names for ids, texts for content, sentences for reasons. */
import type { z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { readContents } from '../../db/contents.ts';
import { type CoverRow, findCover } from '../../db/covers.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { present } from '../../domain/assert.ts';
import { type Actor, may, within } from '../../domain/authority.ts';
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

export const summaryOf = (
  row: CoverRow,
): Omit<Cover, 'timeline' | 'candidates' | 'note' | 'handBack'> => {
  const {
    manager: _manager,
    candidates: _candidates,
    note: _note,
    handBack: _handBack,
    ...shown
  } = row;
  return {
    ...shown,
    from: iso(row.from),
    until: iso(row.until),
    askedAt: iso(row.askedAt),
    closedAt: row.closedAt === null ? null : iso(row.closedAt),
  };
};

/** What happened meanwhile is for those whose account it is or was, not for whoever was only asked. */
async function readsHandBack(
  { db, clock }: CoverParts,
  actor: Actor,
  { owner: { id }, asker, taker, manager }: CoverRow,
): Promise<boolean> {
  const owner = present((await loadActors(db, [id], clock.now())).get(id), 'the owner');
  const named = { owner, asker: asker?.id ?? null, taker: taker?.id ?? null, asked: [] };
  return (
    actor.id === manager ||
    may(actor, 'cover.end', named) ||
    within(actor, 'cover').principals.some(
      (principal) => principal === id || principal === taker?.id,
    )
  );
}

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
  const asked = row.candidates.map(({ reasons, ...candidate }) => ({
    ...candidate,
    // How much was asked of somebody outside their hours is theirs to know.
    reasons: reasons.filter(
      ({ code }) => code !== 'asked_outside' || candidate.person.id === actor.id,
    ),
  }));
  const told = await parts.tell(actor.id, [
    ...entries.map(({ event }) => timelineSentence(event)),
    ...asked.flatMap(({ reasons }) => reasons.map(reasonSentence)),
  ]);
  let next = entries.length;
  const candidates = asked.map(({ reasons, ...candidate }) => {
    const sentences = told.slice(next, next + reasons.length);
    next += reasons.length;
    return { ...candidate, reasons: [...sentences] };
  });
  const handBack = (await readsHandBack(parts, actor, row)) ? row.handBack : null;
  const texts = await readContents(
    parts.db,
    [row.note, handBack].filter((text) => text !== null),
  );
  return {
    ...summaryOf(row),
    note: textOf(texts, row.note),
    handBack: textOf(texts, handBack),
    candidates,
    timeline: entries.map(({ at }, index) => ({ at: iso(at), sentence: told[index] ?? '' })),
  };
}
