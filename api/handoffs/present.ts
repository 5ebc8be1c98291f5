/** A handoff as the API answers with it: names for ids, texts for content, sentences for events. */
import type { z } from '@hono/zod-openapi';
import { type ActionItemRow, lateItems } from '../../db/action-items.ts';
import { type CommentRow, listComments } from '../../db/comments.ts';
import { readContents, type ContentText } from '../../db/contents.ts';
import { listNotes } from '../../db/handoff-notes.ts';
import { findHandoff, type HandoffRow } from '../../db/handoffs.ts';
import { loopTimeline, type TimelineEntry } from '../../db/timelines.ts';
import { personNames } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import { timelineSentence } from '../../domain/handoff/explain.ts';
import {
  changedParts,
  type KeptReadBack,
  type Packet,
  type ReadBack,
} from '../../domain/handoff/packet.ts';
import type { HandoffEvent } from '../../domain/handoff/state.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { commentsMax } from '../comments/schema.ts';
import { localTime } from '../local-time.ts';
import { flagsShown } from '../red-flags.ts';
import type { HandoffParts } from './parts.ts';
import type { handoffAnswer, handoffSummary } from './schema.ts';

export type Handoff = z.input<typeof handoffAnswer>;
type Recorded = TimelineEntry<HandoffEvent | HoldEvent>;

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
  const timeline = await loopTimeline<HandoffEvent | HoldEvent>(db, id);
  const texts = await readContents(
    db,
    timeline.flatMap(({ event }) => contentOf(event) ?? []),
  );
  const packet = packetIn(texts, row.packet);
  const names = namedIn(await personNames(db, peopleOf(timeline, texts)));
  const shown = { names, siteZone: row.siteZone };
  return {
    ...summaryOf(row),
    rung: row.rung,
    dueAt: isoOrNull(row.dueAt),
    packet: packet && packetOf(packet, shown),
    synthesis:
      row.synthesis && synthesisOf(bodyOf(texts, row.synthesis) as KeptReadBack | null, packet),
    lateActions: (await lateItems(db, id)).map((item) => lateAction(item, row.siteZone)),
    readBacks: row.readBacks,
    isFirstTime: row.isFirstTime,
    call: row.call && { startsAt: iso(row.call.startsAt), endsAt: iso(row.call.endsAt) },
    revisions: revisionsOf(timeline, texts, shown),
    redFlags: await flagsShown(db, actor, id),
    notes: (await listNotes(db, id)).map(({ at, ...note }) => ({ ...note, at: iso(at) })),
    timeline: await toldTimeline(parts, actor, { id, timeline, texts, names }),
  };
}

function lateAction(item: ActionItemRow, siteZone: string): Handoff['lateActions'][number] {
  const { id, text, owner, dueAt, isOpen, addedBy, addedAt } = item;
  return {
    id,
    text,
    owner: { id: owner.id, name: owner.name },
    dueAt: iso(dueAt),
    local: { site: localTime(dueAt, siteZone), owner: localTime(dueAt, owner.zone) },
    isOpen,
    addedBy,
    addedAt: iso(addedAt),
  };
}

interface Told {
  readonly id: LoopId;
  readonly timeline: readonly Recorded[];
  readonly texts: Texts;
  readonly names: ReturnType<typeof namedIn>;
}

/** Steps and comments, in the reader's language. */
async function toldTimeline(
  { db, tell }: HandoffParts,
  actor: Actor,
  { id, timeline, texts, names }: Told,
): Promise<Handoff['timeline']> {
  const comments = await listComments(db, id, { after: null, limit: commentsMax });
  const sentences = await tell(actor.id, [
    ...timeline.map(({ event }) => timelineSentence(event)),
    ...comments.map(({ author }) => ({
      key: 'message.commented',
      params: { person: { person: author.id } },
    })),
  ]);
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
  return [...steps, ...said].sort((a, b) => a.at.localeCompare(b.at));
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

type Texts = ReadonlyMap<ContentId, ContentText>;

/** Null where there is none, and once it is erased. */
const bodyOf = (texts: Texts, id: ContentId): unknown => texts.get(id)?.body ?? null;
const packetIn = (texts: Texts, id: ContentId): Packet | null => bodyOf(texts, id) as Packet | null;

const contentOf = (event: Recorded['event']): ContentId | null =>
  event.type === 'offered' ? event.packet : 'content' in event ? event.content : null;

/** Words alone: a packet is shown by itself. */
function textOf(texts: Texts, id: ContentId | null): string | null {
  const body = id && (bodyOf(texts, id) as Partial<ReadBack> | null);
  const lines = [body?.firstAction, body?.contingency, body?.text].filter(Boolean);
  return lines.length === 0 ? null : lines.join('\n');
}

function synthesisOf(said: KeptReadBack | null, packet: Packet | null): Handoff['synthesis'] {
  if (said === null) return null;
  const {
    severity = null,
    firstAction = null,
    contingency = null,
    text = null,
  } = said as Partial<ReadBack>;
  const isSameSeverity = severity && packet && severity === packet.severity;
  return { severity, isSameSeverity, firstAction, contingency, text };
}

/** Every packet it had, each with what it tells otherwise than the one before. */
function revisionsOf(
  timeline: readonly Recorded[],
  texts: Texts,
  shown: ShownTo,
): Handoff['revisions'] {
  const packets = timeline.flatMap(({ at, actor, event }) => {
    const content = isPacket(event) ? contentOf(event) : null;
    return content === null ? [] : [{ at, actor, packet: packetIn(texts, content) }];
  });
  return packets.map(({ at, actor, packet }, index) => {
    const before = packets[index - 1]?.packet ?? null;
    return {
      revision: index + 1,
      at: iso(at),
      by: actor && shown.names(actor),
      changed: before && packet ? [...changedParts(before, packet)] : [],
      packet: packet && packetOf(packet, shown),
    };
  });
}

const isPacket = ({ type }: Recorded['event']): boolean => type === 'offered' || type === 'revised';

const peopleOf = (timeline: readonly Recorded[], texts: Texts): PersonId[] => [
  ...timeline.flatMap(({ actor, onBehalfOf }) => [actor, onBehalfOf].filter((id) => id !== null)),
  ...[...texts.values()].flatMap(
    ({ body }) => (body as Partial<Packet> | null)?.actions?.map(({ owner }) => owner) ?? [],
  ),
];

interface ShownTo {
  readonly names: ReturnType<typeof namedIn>;
  readonly siteZone: string;
}

const packetOf = (
  packet: Packet,
  { names, siteZone }: ShownTo,
): NonNullable<Handoff['packet']> => ({
  severity: packet.severity,
  summary: packet.summary,
  actions: packet.actions.map(({ text, owner, dueAt }) => ({
    text,
    owner: names(owner),
    dueAt: iso(dueAt),
    dueAtSite: localTime(dueAt, siteZone),
  })),
  situation: packet.situation,
  contingencies: packet.contingencies.map((contingency) => ({ ...contingency })),
});
