import { createRoute, type z } from '@hono/zod-openapi';
import type { Transaction } from 'kysely';
import { custodianAt } from '../../db/accounts.ts';
import { handoffSubject } from '../../db/actors.ts';
import { derivedId } from '../../db/derived-id.ts';
import { type HandoffNote, insertNote, listNotes, lockHandoff } from '../../db/handoff-notes.ts';
import { type HandoffRow } from '../../db/handoffs.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { contentKinds, notesMax } from '../../domain/handoff/packet.ts';
import type { LoopId, NoticeId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { authorise } from '../authorise.ts';
import type { Commanded } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import { iso, seenHandoff } from './present.ts';
import { handoffParams, noteAnswer, noteBody } from './schema.ts';
import { write } from './write.ts';

export const noteHandoffRoute = createRoute({
  method: 'post',
  path: '/handoffs/{id}/notes',
  operationId: 'noteHandoff',
  tags: ['handoffs'],
  summary: 'Adds what became known after the account had moved; the packet stays as it was',
  request: {
    params: handoffParams,
    body: { required: true, content: { 'application/json': { schema: noteBody } } },
  },
  responses: {
    201: {
      description: 'Added; whoever owns the account is told that there is something, not what.',
      content: { 'application/json': { schema: noteAnswer } },
    },
  },
});

type Note = z.input<typeof noteAnswer>;
type Parts = Pick<HandoffParts, 'db' | 'clock' | 'startDeliveries'>;
type Asked = Commanded<z.output<typeof noteBody> & { readonly id: string }>;

export const shownNote = ({ at, ...note }: HandoffNote): Note => ({ ...note, at: iso(at) });

export async function noteHandoff(parts: Parts, asked: Asked): Promise<Note> {
  const { actor, input, commandId } = asked;
  const row = await seenHandoff(parts, actor, input.id as LoopId);
  const id = derivedId('note', commandId);
  let told: readonly NoticeId[] = [];
  const notes = await parts.db.transaction().execute(async (db) => {
    await lockHandoff(db, row.id);
    const before = await listNotes(db, row.id);
    if (before.some((note) => note.id === id)) return before;
    told = await add({ ...parts, db }, asked, { row, id, count: before.length });
    return listNotes(db, row.id);
  });
  parts.startDeliveries?.(told);
  return shownNote(
    present(
      notes.find((note) => note.id === id),
      'the note',
    ),
  );
}

interface Added {
  readonly row: HandoffRow;
  readonly id: string;
  readonly count: number;
}

type PartsInside = Parts & { readonly db: Transaction<DB> };

/** Who is to be told of it. */
async function add(
  parts: PartsInside,
  asked: Asked,
  { row, id, count }: Added,
): Promise<readonly NoticeId[]> {
  const { db, clock } = parts;
  const { actor, input } = asked;
  const subject = present(await handoffSubject(db, row.id), 'the handoff that was seen');
  const otherwise = 'authority.forbidden';
  const { onBehalfOf } = input;
  await authorise(parts, { actor, onBehalfOf, action: 'handoff.note', subject, otherwise });
  // While it is open the packet is revised; of what was withdrawn nothing has moved.
  if (row.status !== 'transferred' && row.status !== 'bounced') {
    throw new Refusal(problem('handoff.not_moved'));
  }
  if (count >= notesMax) throw new Refusal(problem('handoff.too_many_notes', { max: notesMax }));
  const at = clock.now();
  const body = { text: input.text };
  const content = await write(parts, asked, { kind: contentKinds.note, body });
  await insertNote(db, { id, loop: row.id, author: actor.id, content, at });
  const owner = await custodianAt(db, row.account.id, at);
  if (owner === null || owner === actor.id) return [];
  const params = { person: { person: actor.id }, account: { account: row.account.id } };
  const notice = plainNotice({ to: owner, key: 'message.note', params, sendAt: at });
  await insertNotices(db, { id: row.id, sequence: null, at, notices: [notice] });
  return [notice.id];
}
