import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  option,
  record,
  sample,
  subarray,
} from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDelivery } from '../../db/practice-deliveries.ts';
import { gatedPractice, loadReaders, mayReadPractice } from '../../db/practice-gate.ts';
import { type FoundPractice, searchPractices } from '../../db/practice-search.ts';
import type { DB } from '../../db/schema.ts';
import { maySeePractice } from '../../db/visibility.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { type Gated, mayRead } from '../../domain/exchange/gate.ts';
import { readableText, translationIn } from '../../domain/exchange/readable-text.ts';
import type { PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { roles } from '../../domain/people/role.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import {
  anyExchange,
  type Exchange,
  type ExchangePractice,
  titleIn,
  withExchange,
} from '../support/exchange-organisation.ts';
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

test(
  'a search tells each reader the titles that they read, found by words of their languages alone',
  { timeout },
  async () => {
    await forEachExchange(async (db, { readers, practices }) => {
      for (const reader of readers) {
        const { country, locale, regionLocale } = reader;
        const read = practices.filter((practice) => mayRead(reader, practice));
        const titleOf = (practice: ExchangePractice): string => {
          const text = readableText(practice, reader);
          return titleIn(practice.id, text.locale);
        };
        const find = async (words?: string, after: FoundPractice | null = null) =>
          searchPractices(db, { reader, words, after, limit: 3 });
        const first = await find();
        const second = first.length < 3 ? [] : await find(undefined, first.at(-1));
        const third = second.length < 3 ? [] : await find(undefined, second.at(-1));
        expect([...first, ...second, ...third].map(({ title }) => title)).toEqual(
          sorted(read.map(({ id }) => id)).map((id) => titleOf(read.find((one) => one.id === id)!)),
        );
        for (const language of ['en', 'de', 'ja', 'pt-BR']) {
          const has = (practice: ExchangePractice) =>
            language === practice.sourceLocale ||
            translationIn(practice, { locale: language, country }) !== undefined;
          const isLookedIn = [locale, regionLocale, 'en'].includes(language);
          const found = await find(`word${language.slice(0, 2)}`);
          expect(found.map(({ title }) => title)).toEqual(
            sorted(read.filter((one) => isLookedIn && has(one)).map(({ id }) => id))
              .slice(0, 3)
              .map((id) => titleOf(read.find((one) => one.id === id)!)),
          );
        }
      }
    });
  },
);

const people = ['author', 'reader-0', 'reader-1'].map((id) => id as PersonId);
const regions = [
  { id: 'dach', country: 'DE' },
  { id: 'japan', country: 'JP' },
] as const;

/** Whoever asks, with offices and delegations of every kind, and who is named in each practice. */
const anyAsking = record({
  actors: array(
    record({
      id: constantFrom(...people),
      isActive: constantFrom(true, true, false),
      teamKind: constantFrom('own' as const, 'partner' as const),
      grants: array(
        record({
          role: constantFrom(...roles),
          region: option(constantFrom(...regions.map(({ id }) => id as RegionId))),
        }),
        { maxLength: 2 },
      ),
      principals: subarray(people),
      principalsIn: record({ practice: subarray(people) }),
    }).map((actor): Actor => ({
      ...actor,
      region: 'dach' as RegionId,
      team: 'own' as TeamId,
      line: [],
    })),
    { minLength: 3, maxLength: 6 },
  ),
  parties: subarray(people),
  countries: subarray(regions.map(({ country }) => country as string)),
  isDraft: boolean(),
});

test('who works on a practice is the same for a list as by the rule', { timeout }, async () => {
  const property = asyncProperty(anyExchange, anyAsking, (exchange, asking) =>
    withExchange(database.db, exchange, async (tx) => {
      const { actors, parties, countries, isDraft } = asking;
      const author = 'author' as PersonId;
      for (const { id, status } of exchange.practices) {
        await tx
          .updateTable('practice')
          .set({ countries, status: isDraft ? 'draft' : status })
          .where('id', '=', id)
          .execute();
        const named = parties.map((person) => ({ loop_id: id, person_id: person }));
        if (named.length > 0) await tx.insertInto('loop_party').values(named).execute();
      }
      for (const actor of actors) {
        const { rows } = await sql<{ id: string }>`SELECT practice.id FROM practice
          WHERE ${maySeePractice(actor, sql.ref('practice.id'))} ORDER BY id`.execute(tx);
        const byRule = exchange.practices.filter(({ status }) =>
          may(actor, 'practice.view', {
            author,
            isDraft: isDraft || status === 'draft',
            parties: parties.filter((person) => person !== author),
            experts: [],
            regions: regions.flatMap(({ id, country }) =>
              countries.includes(country) ? [id as RegionId] : [],
            ),
          }),
        );
        expect(rows.map(({ id }) => id)).toEqual(sorted(byRule.map(({ id }) => id)));
      }
    }),
  );
  await assert(property, { numRuns: exchanges, seed: proofSeed });
});

test('whoever decides for its author works on nothing by that: it would tell who wrote it', async () => {
  const [exchange] = sample(
    anyExchange.filter(({ practices }) => practices[0]?.status === 'published'),
    { numRuns: 1, seed: 1 },
  );
  await withExchange(database.db, exchange!, async (tx) => {
    const { id } = exchange!.practices[0]!;
    const named = ['author', 'reader-1'].map((person) => ({ loop_id: id, person_id: person }));
    await tx.insertInto('loop_party').values(named).execute();
    const seenBy = async (principal: string, loop: 'all' | 'practice') => {
      const [principals, practice] = [[principal as PersonId], [] as PersonId[]];
      const actor: Actor = {
        id: 'reader-0' as PersonId,
        isActive: true,
        region: 'dach' as RegionId,
        team: 'own' as TeamId,
        teamKind: 'own',
        line: [],
        grants: [],
        ...(loop === 'all'
          ? { principals, principalsIn: { practice } }
          : { principals: practice, principalsIn: { practice: principals } }),
      };
      const { rows } = await sql`SELECT FROM practice
        WHERE practice.id = ${id} AND ${maySeePractice(actor, sql.ref('practice.id'))}`.execute(tx);
      return rows.length;
    };
    for (const loop of ['all', 'practice'] as const) {
      expect([await seenBy('author', loop), await seenBy('reader-1', loop)]).toEqual([0, 1]);
    }
  });
});
