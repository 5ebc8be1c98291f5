/** An alert as the API answers with it: names for ids, text for content, sentences for reasons. */
import type { z } from '@hono/zod-openapi';
import { type AlertRow, findAlert } from '../../db/alerts.ts';
import { readContents } from '../../db/contents.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { reasonSentence, timelineSentence } from '../../domain/alert/explain.ts';
import type { AlertEvent } from '../../domain/alert/state.ts';
import type { Actor } from '../../domain/authority.ts';
import type { LoopId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { flagsShown } from '../red-flags.ts';
import type { AlertParts } from './parts.ts';
import type { alertAnswer } from './schema.ts';

export type Alert = z.input<typeof alertAnswer>;

const iso = (at: Instant): string => new Date(at).toISOString();

export const summaryOf = ({
  calls: _calls,
  text: _text,
  ...row
}: AlertRow): Omit<Alert, 'timeline' | 'calls' | 'text' | 'redFlags'> => ({
  ...row,
  dueAt: iso(row.dueAt),
  raisedAt: iso(row.raisedAt),
  closedAt: row.closedAt === null ? null : iso(row.closedAt),
});

/** What does not exist and what may not be seen answer alike. */
export async function seenAlert(
  { db }: Pick<AlertParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<AlertRow> {
  const row = await findAlert(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

export async function presentAlert(parts: AlertParts, actor: Actor, id: LoopId): Promise<Alert> {
  const row = await seenAlert(parts, actor, id);
  const entries = await loopTimeline<AlertEvent | HoldEvent>(parts.db, id);
  const told = await parts.tell(actor.id, [
    ...entries.map(({ event }) => timelineSentence(event)),
    ...row.calls.map(({ reason }) => reasonSentence(reason)),
  ]);
  const texts = await readContents(parts.db, [row.text]);
  const body = texts.get(row.text)?.body as { readonly text?: string } | null | undefined;
  return {
    ...summaryOf(row),
    text: body?.text ?? null,
    redFlags: await flagsShown(parts.db, actor, id),
    calls: row.calls.map(({ at, ...call }, index) => ({
      ...call,
      at: iso(at),
      why: told[entries.length + index] ?? '',
    })),
    timeline: entries.map(({ at }, index) => ({ at: iso(at), sentence: told[index] ?? '' })),
  };
}
