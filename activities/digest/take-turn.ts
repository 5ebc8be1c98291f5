/** One person's digest, if it is due: its period claimed, its items frozen, its message planned. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import type { Material } from '../../db/digest-material.ts';
import {
  type DigestEnd,
  digestFacts,
  digestPerson,
  insertDigest,
  lockDigests,
  saveDigestPlan,
} from '../../db/digests.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { planAfter, takeTurn, type Turn } from '../../domain/digest/turn.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { wallTime, type ZoneData } from '../../domain/time/zone.ts';
import { digestKey } from '../../locales/digest.ts';

export interface DigestTurn {
  readonly person: PersonId;
  readonly now: Instant;
  readonly zoneData: ZoneData;
  readonly material: Material;
}

/** `busy`: somebody else is at it, with what was known before. `passed`: there is nobody. */
export type Taken =
  | { readonly what: 'composed'; readonly notice: NoticeId }
  | { readonly what: 'suppressed' | 'skipped' | 'planned' | 'passed' | 'busy' };

export function takeDigestTurn(db: Database, asked: DigestTurn): Promise<Taken> {
  const { person, now, zoneData, material } = asked;
  return db.transaction().execute(async (tx): Promise<Taken> => {
    if (!(await lockDigests(tx, person))) return { what: 'busy' };
    const facts = await digestFacts(tx, person, now);
    const calendar = facts && (await material.calendarOf(tx, person, facts.calendarRevision));
    if (!facts || !calendar) return { what: 'passed' };
    const personNow = digestPerson(facts, calendar, zoneData);
    const turn = takeTurn(facts.plan, personNow, now, zoneData);
    if (turn.what === 'wait') {
      await saveDigestPlan(tx, person, turn.plan);
      return { what: 'planned' };
    }
    const end = await endOf(turn, asked);
    const { every } = facts.wish;
    const day = turn.what === 'skip' ? turn.due.day : wallTime(now, calendar.zone, zoneData).day;
    if (end.status === 'composed') {
      const params = { items: end.items.length };
      const notice = { ...plainNotice({ to: person, key: digestKey, params, sendAt: now }) };
      await insertNotices(tx, {
        id: null,
        sequence: null,
        at: now,
        notices: [{ ...notice, id: end.notice, urgency: 'digest' }],
      });
    }
    await insertDigest(tx, { person, every, due: turn.due, day, at: now, end });
    const had = { day, period: turn.due.period };
    const before = { since: facts.plan?.since ?? now, what: turn.what };
    await saveDigestPlan(tx, person, planAfter(before, { ...personNow, had }, now, zoneData));
    return end.status === 'composed'
      ? { what: 'composed', notice: end.notice }
      : { what: end.status };
  });
}

async function endOf(
  turn: Exclude<Turn, { readonly what: 'wait' }>,
  { person, material }: DigestTurn,
): Promise<DigestEnd> {
  if (turn.what === 'skip') return { status: 'skipped', reason: 'late' };
  const { items, more } = await material.choiceOf(person);
  if (items.length === 0) return { status: 'suppressed', reason: 'nothing_new' };
  return { status: 'composed', notice: randomUUID() as NoticeId, items, more };
}
