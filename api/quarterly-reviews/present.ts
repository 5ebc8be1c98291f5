/** A quarterly review as the API answers with it: an agenda of figures, each with its sentence. */
import type { z } from '@hono/zod-openapi';
import { readContents } from '../../db/contents.ts';
import { personNames } from '../../db/people.ts';
import { packOf } from '../../db/quarterly-pack.ts';
import { findReview, type ReviewRow } from '../../db/quarterly-reviews.ts';
import { loopTimeline } from '../../db/timelines.ts';
import type { Actor } from '../../domain/authority.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { timelineSentence } from '../../domain/quarterly-review/explain.ts';
import { packSections } from '../../domain/quarterly-review/pack.ts';
import type { ReviewEvent } from '../../domain/quarterly-review/state.ts';
import type { ReviewParts } from './parts.ts';
import type { reviewAnswer, reviewSummary } from './schema.ts';

export type Review = z.input<typeof reviewAnswer>;
export type ReviewSummary = z.input<typeof reviewSummary>;

const iso = (at: Instant): string => new Date(at).toISOString();

/** What does not exist and what may not be seen answer alike. */
export async function seenReview(
  { db }: Pick<ReviewParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<ReviewRow> {
  const row = await findReview(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

export function summaryOf(row: ReviewRow): ReviewSummary {
  const { id, region, team, state, openedAt, closedAt, revision, isHeld } = row;
  const { kind, quarter, status, slot } = state;
  return {
    id,
    region,
    team,
    revision,
    isHeld,
    kind,
    quarter,
    status,
    from: iso(slot.from),
    until: iso(slot.until),
    openedAt: iso(openedAt),
    closedAt: closedAt === null ? null : iso(closedAt),
  };
}

const contentOf = (event: ReviewEvent | HoldEvent): ContentId | null =>
  'content' in event ? event.content : null;

export async function presentReview(parts: ReviewParts, actor: Actor, id: LoopId): Promise<Review> {
  const { db } = parts;
  const row = await seenReview(parts, actor, id);
  const { chair, participants, confirmed, actions, isConcluded } = row.state;
  const entries = await loopTimeline<ReviewEvent | HoldEvent>(db, id);
  const names = await personNames(db, [...participants, ...actions.map(({ owner }) => owner)]);
  const texts = await readContents(
    db,
    entries.flatMap(({ event }) => contentOf(event) ?? []),
  );
  const textOf = (content: ContentId | null): string | null =>
    content === null
      ? null
      : ((texts.get(content)?.body as { readonly text?: string } | null)?.text ?? null);
  const told = await parts.tell(
    actor.id,
    entries.map(({ event }) => timelineSentence(event)),
  );
  const named = (person: PersonId) => ({ id: person, name: names.get(person) ?? person });
  return {
    ...summaryOf(row),
    chair: named(chair),
    participants: participants.map((person) => ({
      ...named(person),
      hasConfirmed: confirmed.includes(person),
    })),
    agenda: await agendaOf(parts, actor, id),
    actions: actions.map(({ number, owner, day, content, isOverdue, isDone }) => ({
      number,
      owner: named(owner),
      day,
      text: textOf(content),
      isOverdue,
      isDone,
    })),
    isConcluded,
    timeline: entries.map(({ at, event }, index) => ({
      at: iso(at),
      sentence: told[index] ?? '',
      text: textOf(contentOf(event)),
    })),
  };
}

/** Section by section, in the language of whoever reads it. */
async function agendaOf(
  { db, tell }: ReviewParts,
  actor: Actor,
  id: LoopId,
): Promise<Review['agenda']> {
  const figures = await packOf(db, id);
  const titles = packSections.map((section) => ({
    key: `quarterlyReview.section.${section}`,
    params: {},
  }));
  const told = await tell(actor.id, [...titles, ...figures.map(({ sentence }) => sentence)]);
  const [titled, said] = [told.slice(0, titles.length), told.slice(titles.length)];
  return packSections.flatMap((section, position) => {
    const own = figures.flatMap((one, index) =>
      one.section === section ? [{ value: one.value, sentence: said[index] ?? '' }] : [],
    );
    return own.length === 0 ? [] : [{ section, title: titled[position] ?? '', figures: own }];
  });
}
