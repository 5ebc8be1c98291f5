/** A handoff as the API answers with it: names for ids, texts for content, sentences for events. */
import type { z } from '@hono/zod-openapi';
import { type CommentRow, listComments } from '../../db/comments.ts';
import { readContents, type ContentText } from '../../db/contents.ts';
import {
  findHandoff,
  handoffTimeline,
  type HandoffRow,
  type TimelineEntry,
} from '../../db/handoffs.ts';
import { personNames } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import { timelineSentence } from '../../domain/handoff/explain.ts';
import type { Packet } from '../../domain/handoff/packet.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { commentsMax } from '../comments/schema.ts';
import type { HandoffParts } from './parts.ts';
import type { handoffAnswer, handoffSummary } from './schema.ts';

export type Handoff = z.input<typeof handoffAnswer>;

export const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

type Names = ReadonlyMap<PersonId, string>;
const namedIn =
  (names: Names) =>
  (id: PersonId): { id: string; name: string } => ({ id, name: names.get(id) ?? id });

export const summaryOf = (row: HandoffRow): z.input<typeof handoffSummary> => ({
  id: row.id,
  account: row.account,
  giver: row.giver,
  receiver: row.receiver,
  waitsFor: row.holder,
  status: row.status,
  severity: row.severity,
  isHeld: row.isHeld,
  offeredAt: iso(row.offeredAt),
  closedAt: isoOrNull(row.closedAt),
  revision: row.revision,
});

/** What does not exist and what may not be seen answer alike. */
export async function seenHandoff(
  { db }: Pick<HandoffParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<HandoffRow> {
  const row = await findHandoff(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

export async function presentHandoff(
  parts: HandoffParts,
  actor: Actor,
  id: LoopId,
): Promise<Handoff> {
  const { db } = parts;
  const row = await seenHandoff(parts, actor, id);
  const timeline = await handoffTimeline(db, id);
  const texts = await readContents(db, [
    row.packet,
    ...timeline.flatMap(({ event }) => contentOf(event) ?? []),
  ]);
  const packet = (texts.get(row.packet)?.body ?? null) as Packet | null;
  const names = namedIn(await personNames(db, peopleOf(timeline, packet)));
  const comments = await listComments(db, id, { after: null, limit: commentsMax });
  const told = [
    ...timeline.map(({ event }) => timelineSentence(event)),
    ...comments.map(({ author }) => ({
      key: 'message.commented',
      params: { person: { person: author.id } },
    })),
  ];
  const sentences = await parts.tell(actor.id, told);
  const steps = timeline.map((entry, index) => ({
    sequence: entry.sequence,
    at: iso(entry.at),
    type: entry.event.type,
    actor: entry.actor && names(entry.actor),
    onBehalfOf: entry.onBehalfOf && names(entry.onBehalfOf),
    sentence: present(sentences[index], 'the sentence'),
    text: textOf(texts, contentOf(entry.event)),
  }));
  const said = comments.map((row, index) =>
    commentEntry(row, {
      steps,
      sentence: present(sentences[steps.length + index], 'the sentence'),
    }),
  );
  return {
    ...summaryOf(row),
    rung: row.rung,
    dueAt: isoOrNull(row.dueAt),
    packet: packet && packetOf(packet, names),
    synthesis: row.synthesis && textOf(texts, row.synthesis),
    timeline: [...steps, ...said].sort((a, b) => a.at.localeCompare(b.at)),
  };
}

type Entry = Handoff['timeline'][number];

/** Belongs to the step it was said after, and is none itself. */
const commentEntry = (
  { at, author, text }: CommentRow,
  { steps, sentence }: { readonly steps: readonly Entry[]; readonly sentence: string },
): Entry => ({
  sequence: steps.findLast((step) => step.at <= iso(at))?.sequence ?? 0,
  at: iso(at),
  type: 'commented',
  actor: author,
  onBehalfOf: null,
  sentence,
  text,
});

const contentOf = (event: TimelineEntry['event']): ContentId | null =>
  'content' in event ? event.content : null;

function textOf(texts: ReadonlyMap<ContentId, ContentText>, id: ContentId | null): string | null {
  const body = id === null ? null : (texts.get(id)?.body as { readonly text: string } | null);
  return body?.text ?? null;
}

const peopleOf = (timeline: readonly TimelineEntry[], packet: Packet | null): PersonId[] => [
  ...timeline.flatMap(({ actor, onBehalfOf }) => [actor, onBehalfOf].filter((id) => id !== null)),
  ...(packet?.actions.map(({ owner }) => owner) ?? []),
];

const packetOf = (
  packet: Packet,
  names: ReturnType<typeof namedIn>,
): NonNullable<Handoff['packet']> => ({
  severity: packet.severity,
  summary: packet.summary,
  actions: packet.actions.map(({ text, owner, dueAt }) => ({
    text,
    owner: names(owner),
    dueAt: iso(dueAt),
  })),
  situation: packet.situation,
  contingencies: packet.contingencies.map((contingency) => ({ ...contingency })),
});
