/** Messages of one open handoff, as a step of it would have planned them. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import type { Instant, NoticeParams, Urgency } from '../../domain/loop.ts';

export interface GivenNotice {
  readonly to: PersonId;
  readonly key: string;
  readonly params: NoticeParams;
  readonly sendAt: Instant;
  readonly channel?: string;
  /** At any hour, unless the test is about hours. */
  readonly urgency?: Urgency;
  /** It asks for an open task of the recipient. */
  readonly asks?: boolean;
}

export async function givenLoop(db: Database): Promise<string> {
  const id = randomUUID();
  await db.insertInto('loop_instance').values({ id, loop: 'handoff' }).execute();
  return id;
}

export async function givenNotice(
  db: Database,
  loopId: string,
  notice: GivenNotice,
): Promise<NoticeId> {
  const id = randomUUID();
  const taskId = notice.asks ? randomUUID() : null;
  if (taskId !== null) {
    await db
      .insertInto('task')
      .values({
        id: taskId,
        loop_id: loopId,
        kind: `of-${id}`,
        person_id: notice.to,
        since: notice.sendAt,
        opened_sequence: 1,
      })
      .execute();
  }
  await db
    .insertInto('notice')
    .values({
      id,
      loop_id: loopId,
      sequence: 1,
      recipient_id: notice.to,
      key: notice.key,
      params: notice.params,
      urgency: notice.urgency ?? 'now',
      channel: notice.channel ?? 'email',
      task_id: taskId,
      send_at: notice.sendAt,
      status: 'planned',
      message_id: `${id}.1`,
    })
    .execute();
  return id as NoticeId;
}

export const noticeRow = (db: Database, id: NoticeId) =>
  db.selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
