/** Ahead of the end of its year, unused money of a line is offered once to those who can learn with it. */
import type { Transaction } from 'kysely';
import { availableOf, findBudgetLine, lockLine } from '../../db/budget-lines.ts';
import {
  type EndingLine,
  insertOffer,
  insertOffered,
  linesToOffer,
  offeredIn,
} from '../../db/budget-offers.ts';
import { loadRegionCalendar } from '../../db/calendars.ts';
import type { Database } from '../../db/client.ts';
import { insertNotices, plainNotice } from '../../db/loops.ts';
import { findPolicy } from '../../db/policies.ts';
import type { DB } from '../../db/schema.ts';
import {
  readUnusedPolicy,
  unusedOf,
  unusedPolicy,
  type UnusedTerms,
} from '../../domain/budget/unused.ts';
import type { RegionId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { type WorkingCalendar } from '../../domain/time/calendar.ts';
import { wallDay } from '../../domain/time/wall.ts';

export interface OfferUnusedParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** Safe to repeat: a line is offered once, and what is taken before that is not. */
export const createOfferUnused =
  ({ db, clock }: OfferUnusedParts) =>
  async (): Promise<{ readonly offered: number }> => {
    const at = clock.now();
    const byRegion = Map.groupBy(await linesToOffer(db, at), ({ region }: EndingLine) => region);
    let offered = 0;
    for (const [region, lines] of byRegion) {
      const calendar = await loadRegionCalendar(db, region);
      const day = wallDay(at, calendar.zone);
      const policy = await findPolicy(db, { key: unusedPolicy, region, day });
      for (const { id, currency } of lines) {
        const terms = readUnusedPolicy(policy, currency);
        if (terms === null) continue;
        const offering = { line: id, region, terms, calendar, at };
        if (await db.transaction().execute((tx) => offerLine(tx, offering))) offered++;
      }
    }
    return { offered };
  };

interface Offering {
  readonly line: string;
  readonly region: RegionId;
  readonly terms: UnusedTerms;
  readonly calendar: WorkingCalendar;
  readonly at: Instant;
}

/** Nothing is taken from the line between its figures and the offer. */
async function offerLine(
  tx: Transaction<DB>,
  { line: id, region, terms, calendar, at }: Offering,
): Promise<boolean> {
  await lockLine(tx, id);
  const line = await findBudgetLine(tx, id);
  if (!line) return false;
  const { endsAt, purpose, closedAt } = line;
  const facts = { endsAt, available: availableOf(line), isClosed: closedAt !== null };
  const available = unusedOf(facts, terms, { calendar, at });
  if (available === 0n) return false;
  const people = await offeredIn(tx, region);
  if (people.length === 0 || !(await insertOffer(tx, { line: id, at, available }))) return false;
  const notices = people.map(({ person, as }) =>
    plainNotice({
      to: person,
      key: `budgetLine.unused_${as}`,
      params: {
        line: { budgetLine: id, purpose },
        region: { region },
        until: { instant: endsAt },
      },
      sendAt: at,
    }),
  );
  await insertNotices(tx, { id: null, sequence: null, at, notices });
  await insertOffered(tx, id, notices);
  return true;
}
