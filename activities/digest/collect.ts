/**
 * Composes the digests that are due, and plans those anew of whom something changed. Each person in a
 * transaction of their own: whoever dies leaves whole digests and whole plans, and the next goes on.
 */
import type { Database } from '../../db/client.ts';
import { duePeople, type DuePerson, removeReplans, replanBegun } from '../../db/digests.ts';
import { keptVersion } from '../../db/zone-data.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { isOlderZoneData } from '../../domain/time/zone-version.ts';
import { type ZoneData, zones } from '../../domain/time/zone.ts';
import { openMaterial } from '../../db/digest-material.ts';
import { type Taken, takeDigestTurn } from './take-turn.ts';

export interface CollectParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly zoneData?: ZoneData;
  /** What was composed goes out; absent, the sweep finds it. */
  readonly startDeliveries?: (notices: readonly NoticeId[]) => void;
}

export interface Collected {
  readonly composed: number;
  readonly suppressed: number;
  readonly skipped: number;
  readonly planned: number;
  /** More wait than one run takes. */
  readonly hasMore: boolean;
}

const batchMax = 200;
const atOnce = 4;
/** Shorter than its activity may take: the workflow asks again while more wait. */
const runMsMax = 60_000;

export const createCollectDigests = (parts: CollectParts) => async (): Promise<Collected> => {
  const { db, clock, zoneData = zones } = parts;
  const told = { composed: 0, suppressed: 0, skipped: 0, planned: 0 };
  // A worker with newer zone data is there: it plans, and this one would plan what is past.
  if (isOlderZoneData(zoneData.version, await keptVersion(db))) return { ...told, hasMore: false };
  const telling: Telling = { told, failed: new Map(), busy: new Set() };
  const { failed, busy } = telling;
  const startedAt = performance.now();
  await replanBegun(db, clock.now());
  while (performance.now() - startedAt < runMsMax) {
    const question = { now: clock.now(), limit: batchMax, except: [...failed.keys(), ...busy] };
    const due = await duePeople(db, question);
    if (due.length === 0) return settle(telling);
    const composed = await collectBatch(parts, due, telling);
    if (composed.length > 0) parts.startDeliveries?.(composed);
    await removeReplans(
      db,
      due.filter(({ person }) => !failed.has(person) && !busy.has(person)),
    );
  }
  return { ...told, hasMore: true };
};

interface Telling {
  readonly told: { composed: number; suppressed: number; skipped: number; planned: number };
  readonly failed: Map<PersonId, unknown>;
  /** Whoever is at them may not have read what was said since: they stay to be planned anew. */
  readonly busy: Set<PersonId>;
}

async function collectBatch(
  { db, clock, zoneData = zones }: CollectParts,
  due: readonly DuePerson[],
  { told, failed, busy }: Telling,
): Promise<readonly NoticeId[]> {
  const material = await openMaterial(
    db,
    due.map(({ person }) => person),
  );
  const composed: NoticeId[] = [];
  const takeOne = async ({ person }: DuePerson): Promise<void> => {
    try {
      const taken = await takeDigestTurn(db, { person, now: clock.now(), zoneData, material });
      if (taken.what === 'busy') busy.add(person);
      count(told, taken);
      if (taken.what === 'composed') composed.push(taken.notice);
    } catch (error) {
      failed.set(person, error); // the others have theirs all the same
    }
  };
  for (let first = 0; first < due.length; first += atOnce) {
    await Promise.all(due.slice(first, first + atOnce).map(takeOne));
  }
  return composed;
}

function count(told: Telling['told'], { what }: Taken): void {
  if (what !== 'passed' && what !== 'busy') told[what]++;
}

/** Everybody was tried: one who failed is tried again at the next tick, and this one fails for all to see. */
function settle({ told, failed }: Telling): Collected {
  const [first] = failed.values();
  if (first === undefined) return { ...told, hasMore: false };
  throw new Error(`the digests of ${failed.size} people could not be made`, { cause: first });
}
