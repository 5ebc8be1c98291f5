import { createRoute, type z } from '@hono/zod-openapi';
import type { Transaction } from 'kysely';
import { readContents } from '../../db/contents.ts';
import { createWorldLoader } from '../../db/planning-world.ts';
import { findPractice, type PracticeRow } from '../../db/practice-list.ts';
import { practiceFacts } from '../../db/practices.ts';
import { recordedState } from '../../db/recorded-state.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import { isComplete, type SourceText } from '../../domain/exchange/practice.ts';
import { pausesUntil } from '../../domain/hold.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { previewedSentences } from '../../domain/practice/explain.ts';
import { practicePlan } from '../../domain/practice/plan.ts';
import {
  previewPractice as previewOf,
  type PracticePreview,
} from '../../domain/practice/preview.ts';
import type { PracticeState } from '../../domain/practice/state.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { RedFlag } from '../../domain/text/red-flags.ts';
import type { Asked } from '../directory/parts.ts';
import { flagCheckOf } from '../red-flags.ts';
import type { PracticeParts } from './parts.ts';
import { practiceParams, previewAnswer } from './schema.ts';
import { sourceTexts } from './write.ts';

export const previewPracticeRoute = createRoute({
  method: 'get',
  path: '/practices/{id}/preview',
  operationId: 'previewPractice',
  tags: ['practices'],
  summary: 'What would happen when, if nobody did anything; of a draft, once it is submitted now',
  description: 'For those who work on it. Nothing is kept, and nobody is asked.',
  request: { params: practiceParams },
  responses: {
    200: {
      description: 'Whom it is asked of, until when, and what follows if they stay silent.',
      content: { 'application/json': { schema: previewAnswer } },
    },
  },
});

export type Preview = z.input<typeof previewAnswer>;

const loadWorld = createWorldLoader();

export async function previewPractice(
  parts: PracticeParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Preview> {
  const { db, clock, tell } = parts;
  const id = input.id as LoopId;
  const row = await findPractice(db, actor, id);
  if (!row?.isSeen) throw new Refusal(problem('request.not_found'));
  const flags = row.status === 'draft' ? await flagsIn(parts, actor, row) : [];
  const at = clock.now();
  const { steps, hasMore } = await db
    .transaction()
    .execute((tx) => planned(tx, { id, isHeld: row.isHeld, at }));
  const said = steps.flatMap(({ at: then, event }) =>
    previewedSentences(event, then).map((sentence) => ({ at: then, sentence })),
  );
  const sentences = await tell(actor.id, [
    ...said.map(({ sentence }) => sentence),
    ...flags.map(({ code }) => ({ key: `handoff.red_flag.${code}`, params: {} })),
  ]);
  const sentenceAt = (index: number): string => present(sentences[index], 'the sentence');
  return {
    isHeld: row.isHeld,
    redFlags: flags.map(({ code, place }, index) => ({
      code,
      place,
      sentence: sentenceAt(said.length + index),
    })),
    course: said.map(({ at: then }, index) => ({
      at: new Date(then).toISOString(),
      sentence: sentenceAt(index),
    })),
    hasMore,
  };
}

/** What is not complete cannot be submitted: as its submission would refuse it. */
async function flagsIn(
  parts: PracticeParts,
  actor: Actor,
  { content }: PracticeRow,
): Promise<readonly RedFlag[]> {
  const text = (await readContents(parts.db, [content])).get(content)?.body as SourceText | null;
  if (!text || !isComplete(text)) throw new Refusal(problem('practice.incomplete'));
  return (await flagCheckOf(parts, actor))(sourceTexts(text));
}

interface Planning {
  readonly id: LoopId;
  readonly isHeld: boolean;
  readonly at: Instant;
}

/** With people and calendars as one transaction sees them; it writes nothing. */
async function planned(
  tx: Transaction<DB>,
  { id, isHeld, at }: Planning,
): Promise<PracticePreview> {
  if (isHeld) return { steps: [], hasMore: false };
  const { held } = await recordedState<PracticeState, never>(tx, id);
  const facts = await practiceFacts(tx, held.state, at);
  const people = [
    ...practicePlan.parties(held.state),
    ...facts.cleared.map((one) => one.id),
    ...Object.values(facts.stewards),
  ];
  const world = await loadWorld(tx, { people, at, pauses: pausesUntil(held, at) });
  const preview = previewOf(held.state, { ...world, facts });
  if ('code' in preview) throw new Refusal(preview);
  return preview;
}
