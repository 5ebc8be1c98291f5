import { assert, asyncProperty } from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDelivery } from '../../db/practice-deliveries.ts';
import { gatedPractice, loadReaders, mayReadPractice } from '../../db/practice-gate.ts';
import type { DB } from '../../db/schema.ts';
import { type Gated, mayRead } from '../../domain/exchange/gate.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { anyExchange, type Exchange, withExchange } from '../support/exchange-organisation.ts';
import { proofSeed, proofSize, reportProof } from '../support/proof.ts';

const exchanges = proofSize(15, 1_000);
const timeout = proofSize(60_000, 1_800_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

type Check = (tx: Transaction<DB>, exchange: Exchange) => Promise<void>;

async function forEachExchange(check: Check): Promise<void> {
  reportProof('the gate of practices and its SQL twin, exchanges', exchanges);
  const property = asyncProperty(anyExchange, (exchange) =>
    withExchange(database.db, exchange, (tx) => check(tx, exchange)),
  );
  await assert(property, { numRuns: exchanges, seed: proofSeed });
}

/** What may not be sold in Germany any more is cleared there for nobody. */
async function losesTheStent(db: Transaction<DB>): Promise<void> {
  const id = '00000000-0000-4000-9000-000000000001';
  const asked = { scheduled_by: 'reader-0', scheduled_at: 0, from_day: '2026-11-01', at: 0 };
  await db
    .insertInto('directory_change')
    .values({ id, kind: 'clearance_lost', change: {}, ...asked })
    .execute();
  const lost = { product: 'stent', country: 'DE', lost_at: 0, change_id: id };
  await db.insertInto('lost_clearance').values(lost).execute();
}

const withoutTheStent = <P extends Gated>(practice: P): P => ({
  ...practice,
  clearances: practice.clearances.filter(
    ({ country, product }) => country !== 'DE' || product !== 'stent',
  ),
});

const sorted = (list: readonly string[]) => list.toSorted((a, b) => (a < b ? -1 : 1));

test(
  'a list, the pure rule and a delivery let the same people read the same practices',
  { timeout },
  async () => {
    await forEachExchange(async (db, { readers, practices }) => {
      const loaded = await loadReaders(
        db,
        readers.map(({ id }) => id),
      );
      for (const reader of readers) {
        const read = loaded.get(reader.id)!;
        expect({ ...read, roles: sorted(read.roles) }).toEqual({
          ...reader,
          roles: sorted(reader.roles),
        });
        const { rows } = await sql<{ id: string }>`SELECT practice.id FROM practice
          WHERE ${mayReadPractice(read, sql.ref('practice.id'))} ORDER BY id`.execute(db);
        const byRule = practices.filter((practice) => mayRead(reader, practice));
        expect(rows.map(({ id }) => id)).toEqual(sorted(byRule.map(({ id }) => id)));
      }
      const [reader] = readers;
      for (const practice of practices) {
        const { id, ...gated } = practice;
        const stored = (await gatedPractice(db, id))!;
        expect(stored).toMatchObject({ status: gated.status, roles: gated.roles });
        const delivering = { practice: id, person: reader!.id, via: 'digest', at: 0 } as const;
        const delivered = await recordDelivery(db, delivering);
        expect(delivered !== null).toBe(mayRead(reader!, practice));
      }
      const { rows } = await sql`SELECT FROM practice_delivery`.execute(db);
      expect(rows.length).toBe(practices.filter((one) => mayRead(reader!, one)).length);
      await losesTheStent(db);
      for (const reader of readers) {
        const { rows: left } = await sql<{ id: string }>`SELECT practice.id FROM practice
          WHERE ${mayReadPractice(reader, sql.ref('practice.id'))} ORDER BY id`.execute(db);
        const byRule = practices.filter((practice) => mayRead(reader, withoutTheStent(practice)));
        expect(left.map(({ id }) => id)).toEqual(sorted(byRule.map(({ id }) => id)));
      }
      for (const practice of practices) {
        const stored = (await gatedPractice(db, practice.id))!;
        expect(mayRead(readers[0]!, stored)).toBe(mayRead(readers[0]!, withoutTheStent(practice)));
      }
    });
  },
);
