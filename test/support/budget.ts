/** One region with its people and lines, for stories of money. */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { reserve } from '../../db/budget-ledger.ts';
import { changeAllocation, findBudgetLine, openBudgetLine } from '../../db/budget-lines.ts';
import type { Database } from '../../db/client.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { fiscalYear } from '../../domain/budget/fiscal-year.ts';
import type { RegionId } from '../../domain/id.ts';
import { testDatabase } from './database.ts';
import { givenPeople, person } from './people.ts';

export const at = Date.parse('2026-11-24T10:00Z');
export const manager = person('manager');
const region = 'world' as RegionId;

export async function budgetStage() {
  const database = await testDatabase({ connectionsMax: 8 });
  const { db } = database;
  await givenPeople(db, [{ id: manager, zone: 'Europe/Berlin' }]);
  return { ...database, ...budgetOf(db) };
}

function budgetOf(db: Database) {
  const within = <T>(work: (tx: Transaction<DB>) => Promise<T>) => db.transaction().execute(work);
  let lines = 0;
  const openLine = (currency: string, year = 2026, purpose = `purpose-${++lines}`) =>
    within(async (tx) => {
      const zoned = { zone: 'Europe/Berlin', fiscalStartMonth: 1 };
      const opening = { region, year: fiscalYear(year, zoned), purpose, currency };
      const opened = await openBudgetLine(tx, { ...opening, isRingFenced: false });
      return opened.ok ? opened.id : opened.problem.code;
    });
  const allocate = (line: string, to: bigint, id = randomUUID()) =>
    within((tx) =>
      changeAllocation(tx, { id, line, to, author: manager, reason: 'The plan of the year.', at }),
    );
  return {
    within,
    openLine,
    allocate,
    async lineWith(allocated: bigint, currency = 'EUR') {
      const id = await openLine(currency);
      await allocate(id, allocated);
      return id;
    },
    balance: async (line: string) => present(await findBudgetLine(db, line), 'the line'),
    reserveOf: (line: string, minor: bigint, currency = 'EUR', id: string = randomUUID()) =>
      within(async (tx) => {
        const asked = { minor, currency };
        return { id, ...(await reserve(tx, { id, line, asked, at })) };
      }),
  };
}
