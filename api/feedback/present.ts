/** A round as the API answers with it: to each what is theirs to know, and to nobody who answered. */
import type { z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { findRound, type RoundRow } from '../../db/feedback.ts';
import { personNames } from '../../db/people.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { present } from '../../domain/assert.ts';
import { type Actor, may, within } from '../../domain/authority.ts';
import type { Placed } from '../../domain/subjects.ts';
import { timelineSentence } from '../../domain/feedback-round/explain.ts';
import type { RoundEvent } from '../../domain/feedback-round/state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { HoldEvent } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { FeedbackParts } from './parts.ts';
import type { roundAnswer } from './schema.ts';

export type Round = z.input<typeof roundAnswer>;

const iso = (at: number): string => new Date(at).toISOString();

export interface SeenRound {
  readonly row: RoundRow;
  readonly subject: Placed;
  /** Not only asked for an answer. */
  readonly isInside: boolean;
  /** May put it on hold and end it. */
  readonly isSteering: boolean;
}

/** What does not exist and what may not be seen answer alike. */
export async function seenRound(
  { db, clock }: Pick<FeedbackParts, 'db' | 'clock'>,
  actor: Actor,
  id: LoopId,
): Promise<SeenRound> {
  const row = await findRound(db, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  const known = await loadActors(db, [row.subject.id], clock.now());
  const subject = present(known.get(row.subject.id), 'the subject');
  const isInside = [actor.id, ...within(actor, 'feedbackRound').principals].some(
    (self) => self === subject.id || self === row.manager.id || self === row.starter,
  );
  const isSteering = may(actor, 'feedback.steer', { subject, starter: row.starter });
  if (isInside || isSteering) return { row, subject, isInside: true, isSteering };
  const isAsked = row.state.raters.some(
    ({ person, status }) => person === actor.id && status !== 'waiting',
  );
  if (!isAsked) throw new Refusal(problem('request.not_found'));
  return { row, subject, isInside: false, isSteering };
}

export async function presentRound(parts: FeedbackParts, actor: Actor, id: LoopId): Promise<Round> {
  const { row, isInside } = await seenRound(parts, actor, id);
  const { state, starter: _starter, answered: _answered, ...shown } = row;
  const mine = state.raters.find(({ person }) => person === actor.id);
  const isAsked = mine !== undefined && mine.status !== 'waiting';
  return {
    ...shown,
    closesAt: iso(row.closesAt),
    closedAt: row.closedAt === null ? null : iso(row.closedAt),
    mine: isAsked ? { group: mine.group, status: mine.status } : null,
    nominees: isInside ? await nomineesOf(parts, row) : null,
    timeline: isInside ? await timelineOf(parts, actor, id) : [],
  };
}

async function nomineesOf({ db }: FeedbackParts, { state }: RoundRow) {
  const names = await personNames(
    db,
    state.nominees.map(({ person }) => person),
  );
  return state.nominees.map(({ person, group }) => ({
    person: { id: person, name: names.get(person) ?? person },
    group,
  }));
}

async function timelineOf({ db, tell }: FeedbackParts, actor: Actor, id: LoopId) {
  const entries = (await loopTimeline<RoundEvent | HoldEvent>(db, id)).flatMap(({ at, event }) => {
    const sentence = timelineSentence(event);
    return sentence === null ? [] : [{ at, sentence }];
  });
  const told = await tell(
    actor.id,
    entries.map(({ sentence }) => sentence),
  );
  return entries.map(({ at }, index) => ({ at: iso(at), sentence: told[index] ?? '' }));
}
