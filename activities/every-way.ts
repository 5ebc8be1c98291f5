/** A message that cannot wait for its reader goes by each way they have: one row a channel. */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { PlannedNotice } from '../db/loops.ts';
import type { LoadedWorld } from '../db/planning-world.ts';
import { findRoutes } from '../db/routes.ts';
import type { DB } from '../db/schema.ts';
import type { NoticeId } from '../domain/id.ts';
import { chooseChannel } from '../domain/notice/choose-channel.ts';
import { wallDay } from '../domain/time/wall.ts';
import type { ScheduledNotice } from './plan-step.ts';

/**
 * No statement of its own unless somebody is called. Whoever has one way or none stays one message, which
 * goes on to whatever way is open when that one fails.
 */
export async function byEveryWay(
  tx: Transaction<DB>,
  notices: readonly ScheduledNotice[],
  world: LoadedWorld,
): Promise<readonly PlannedNotice[]> {
  const spread: PlannedNotice[] = [];
  for (const { byEveryWay: isSpread, ...notice } of notices) {
    const ways = isSpread ? await waysOf(tx, notice, world) : [];
    if (ways.length < 2) {
      spread.push(notice);
      continue;
    }
    for (const channel of ways) {
      spread.push({ ...notice, id: randomUUID() as NoticeId, channel, onlyChannel: channel });
    }
  }
  return spread;
}

async function waysOf(tx: Transaction<DB>, { to, sendAt }: PlannedNotice, world: LoadedWorld) {
  const day = wallDay(sendAt, world.zone(to));
  const routes = await findRoutes(tx, { person: to, notice: null, now: sendAt, day });
  return routes ? chooseChannel(routes).candidates : [];
}
