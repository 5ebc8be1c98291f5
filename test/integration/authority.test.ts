import { assert, asyncProperty } from 'fast-check';
import { type Expression, sql, type SqlBool, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountSubject, handoffSubject, loadActor, personSubject } from '../../db/actors.ts';
import {
  maySeeAccount,
  maySeeGrowth,
  maySeeHandoff,
  maySeePerson,
  maySeeTaskOf,
} from '../../db/visibility.ts';
import type { DB } from '../../db/schema.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { proofSeed, proofSize, reportProof } from '../support/proof.ts';
import { anyOrganisation, type Organisation, withOrganisation } from '../support/organisation.ts';

const organisations = proofSize(30, 1_000);
const timeout = proofSize(60_000, 1_800_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function listed(
  tx: Transaction<DB>,
  table: 'handoff' | 'account' | 'person',
  condition: Expression<SqlBool>,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id::text FROM ${sql.table(table)} WHERE ${condition} ORDER BY id`.execute(tx);
  return rows.map((row) => row.id);
}

const ids = (subjects: readonly { readonly id: string }[]) => subjects.map(({ id }) => id).sort();

async function forEachOrganisation(
  check: (organisation: Organisation, tx: Transaction<DB>) => Promise<void>,
): Promise<void> {
  reportProof('authority and its SQL twin, organisations', organisations);
  const property = asyncProperty(anyOrganisation, (organisation) =>
    withOrganisation(database.db, organisation, (tx) => check(organisation, tx)),
  );
  await assert(property, { numRuns: organisations, seed: proofSeed });
}

/** A list as SQL filters it, and as the pure rule does. */
async function bothLists(tx: Transaction<DB>, organisation: Organisation, actor: Actor) {
  // By the names of the tables themselves, which the conditions must not take for their own.
  const id = (table: string) => sql.ref<string>(`${table}.id`);
  const { handoffs, accounts, persons } = organisation;
  return {
    bySql: {
      handoffs: await listed(tx, 'handoff', maySeeHandoff(actor, id('handoff'))),
      accounts: await listed(tx, 'account', maySeeAccount(actor, id('account'))),
      persons: await listed(tx, 'person', maySeePerson(actor, id('person'))),
      tasksOf: await listed(tx, 'person', maySeeTaskOf(actor, id('person'))),
      levelsOf: await listed(tx, 'person', maySeeGrowth(actor, id('person'))),
    },
    byRule: {
      handoffs: ids(handoffs.filter((handoff) => may(actor, 'handoff.view', handoff))),
      accounts: ids(accounts.filter((account) => may(actor, 'account.view', account))),
      persons: ids(persons.filter((person) => may(actor, 'person.view', person))),
      tasksOf: ids(persons.filter((person) => may(actor, 'task.view', person))),
      levelsOf: ids(
        persons.filter((person) => may(actor, 'competency.view', { person, coaches: [] })),
      ),
    },
  };
}

test(
  'a list holds exactly what its reader may view, in any organisation',
  { timeout },
  async () => {
    await forEachOrganisation(async (organisation, tx) => {
      for (const actor of organisation.actors) {
        const { bySql, byRule } = await bothLists(tx, organisation, actor);
        expect(bySql).toEqual(byRule);
      }
    });
  },
);

test('who asks and what it is about are loaded as the organisation says', { timeout }, async () => {
  const sorted = (list: readonly unknown[]) =>
    [...new Set(list.map((v) => JSON.stringify(v)))].sort();
  const sortedIn = (lists: Actor['principalsIn']) =>
    Object.fromEntries(Object.entries(lists).map(([loop, list]) => [loop, sorted(list)]));
  await forEachOrganisation(async ({ actors, handoffs, accounts, persons, at }, tx) => {
    for (const actor of actors) {
      const loaded = await loadActor(tx, actor.id, at);
      expect({
        ...loaded,
        grants: sorted(loaded!.grants.map(inOrder)),
        principals: sorted(loaded!.principals),
        principalsIn: sortedIn(loaded!.principalsIn),
      }).toEqual({
        ...actor,
        grants: sorted(actor.grants.map(inOrder)),
        principals: sorted(actor.principals),
        principalsIn: sortedIn(actor.principalsIn),
      });
    }
    const byId = <T extends { readonly id: string }>(list: readonly T[]) =>
      list.toSorted((a, b) => a.id.localeCompare(b.id));
    for (const { id, ...handoff } of handoffs) {
      const loaded = (await handoffSubject(tx, id))!;
      expect({ ...loaded, parties: byId(loaded.parties), asked: sorted(loaded.asked) }).toEqual({
        ...handoff,
        parties: byId(handoff.parties),
        asked: sorted(handoff.asked),
      });
    }
    for (const { id, ...account } of accounts) {
      const loaded = (await accountSubject(tx, id))!;
      expect({ ...loaded, parties: sorted(loaded.parties) }).toEqual({
        ...account,
        parties: sorted(account.parties),
      });
    }
    for (const person of persons) {
      const loaded = (await personSubject(tx, person.id))!;
      expect({ ...loaded, meets: sorted(loaded.meets) }).toEqual({
        ...person,
        meets: sorted(person.meets),
      });
    }
  });
});

const inOrder = ({ role, region }: Actor['grants'][number]) => ({ role, region });

test('nobody is known by an id that nobody has', async () => {
  const nobody = 'nobody' as never;
  const loop = '00000000-0000-4000-8000-00000000ffff' as never;
  expect(await loadActor(database.db, nobody, Date.UTC(2026, 10, 23))).toBeNull();
  expect(await personSubject(database.db, nobody)).toBeNull();
  expect(await accountSubject(database.db, nobody)).toBeNull();
  expect(await handoffSubject(database.db, loop)).toBeNull();
});
