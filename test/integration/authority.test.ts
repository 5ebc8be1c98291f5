import { readdirSync, readFileSync } from 'node:fs';
import { assert, asyncProperty } from 'fast-check';
import { type Expression, sql, type SqlBool, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountSubject, handoffSubject, loadActor, personSubject } from '../../db/actors.ts';
import * as visibility from '../../db/visibility.ts';
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

type Seen = Readonly<Record<string, readonly string[]>>;

/** What SQL lists to somebody, all of it asked at once. */
async function listed(tx: Transaction<DB>, actor: Actor): Promise<Seen> {
  const lists = Object.entries(twins).map(([name, { table, isSeen }]) => {
    // By the names of the tables themselves, which the conditions must not take for their own.
    const condition = isSeen(actor, sql.ref(`${table}.id`));
    return sql`SELECT ${name} AS name, id::text FROM ${sql.table(table)} WHERE ${condition}`;
  });
  const { rows } = await sql<{ name: string; id: string }>`
    ${sql.join(lists, sql` UNION ALL `)}`.execute(tx);
  return Object.fromEntries(
    Object.keys(twins).map((name) => [name, ids(rows.filter((row) => row.name === name))]),
  );
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

/** Each rule of a list: what it is about, in Postgres and as plain values, and the rule it is the twin of. */
const twins: Readonly<Record<Exclude<keyof typeof visibility, 'isLoopSeen'>, Twin>> = {
  maySeeHandoff: {
    isSeen: visibility.maySeeHandoff,
    table: 'handoff',
    byRule: (actor, { handoffs }) => handoffs.filter((one) => may(actor, 'handoff.view', one)),
  },
  maySeeAccount: {
    isSeen: visibility.maySeeAccount,
    table: 'account',
    byRule: (actor, { accounts }) => accounts.filter((one) => may(actor, 'account.view', one)),
  },
  maySeePerson: {
    isSeen: visibility.maySeePerson,
    table: 'person',
    byRule: (actor, { persons }) => persons.filter((one) => may(actor, 'person.view', one)),
  },
  maySeeTaskOf: {
    isSeen: visibility.maySeeTaskOf,
    table: 'person',
    byRule: (actor, { persons }) => persons.filter((one) => may(actor, 'task.view', one)),
  },
  maySeeFlagsOf: {
    isSeen: visibility.maySeeFlagsOf,
    table: 'person',
    byRule: (actor, { persons }) =>
      persons.filter((one) => may(actor, 'loop.flags', { parties: [one] })),
  },
  maySeeMailOf: {
    isSeen: visibility.maySeeMailOf,
    table: 'person',
    byRule: (actor, { persons }) => persons.filter((one) => may(actor, 'mail.turnOn', one)),
  },
  maySeeGrowth: {
    isSeen: visibility.maySeeGrowth,
    table: 'person',
    byRule: (actor, { persons, growth }) =>
      persons.filter((person) =>
        may(actor, 'competency.view', { person, coaches: growth.coaches.get(person.id) ?? [] }),
      ),
  },
  maySeePlan: {
    isSeen: visibility.maySeePlan,
    table: 'development_plan',
    byRule: (actor, { growth }) => growth.plans.filter((one) => may(actor, 'plan.view', one)),
  },
  maySeeReview: {
    isSeen: visibility.maySeeReview,
    table: 'quarterly_review',
    byRule: (actor, { growth }) => growth.reviews.filter((one) => may(actor, 'quarter.view', one)),
  },
  maySeeAudit: {
    isSeen: visibility.maySeeAudit,
    table: 'skill_audit',
    byRule: (actor, { growth }) =>
      growth.audits.filter((one) => may(actor, 'skillAudit.view', one)),
  },
  maySeeRound: {
    isSeen: visibility.maySeeRound,
    table: 'feedback_round',
    byRule: (actor, { growth }) => growth.rounds.filter((one) => may(actor, 'feedback.view', one)),
  },
  maySeeLine: {
    isSeen: visibility.maySeeLine,
    table: 'budget_line',
    byRule: (actor, { growth }) => growth.lines.filter((one) => may(actor, 'budgetLine.view', one)),
  },
  maySeeOpportunity: {
    isSeen: visibility.maySeeOpportunity,
    table: 'opportunity',
    byRule: (actor, { growth }) =>
      growth.offers.filter((one) => may(actor, 'opportunity.view', one)),
  },
  // Of practices there are none here: the rule is told with those of an exchange (practice-gate.test.ts).
  maySeePractice: { isSeen: visibility.maySeePractice, table: 'practice', byRule: () => [] },
  maySeeLoop: {
    isSeen: visibility.maySeeLoop,
    table: 'loop_instance',
    byRule: (actor, { handoffs, growth }) => [
      ...handoffs.filter((one) => may(actor, 'handoff.view', one)),
      ...growth.plans.filter((one) => may(actor, 'plan.view', one)),
      ...growth.reviews.filter((one) => may(actor, 'quarter.view', one)),
      ...growth.rounds.filter((one) => may(actor, 'feedback.view', one)),
    ],
  },
};

interface Twin {
  readonly table: string;
  isSeen(actor: Actor, id: Expression<string>): Expression<SqlBool>;
  byRule(actor: Actor, organisation: Organisation): readonly { readonly id: string }[];
}

const namedMax = 4;

/** Who decides for somebody named in what grows, in the steps of its loop alone. */
function delegates({ actors, growth }: Organisation): readonly Actor[] {
  const { plans, reviews, rounds } = growth;
  const named = [
    ...plans.flatMap(({ manager, coaches }) => [manager, ...coaches]),
    ...reviews.map(({ chair }) => chair),
    ...rounds.flatMap(({ manager, starter }) => [manager, starter]),
  ];
  return [...new Set(named)].slice(0, namedMax).map((person) => {
    const inOne = { developmentPlan: [person], quarterlyReview: [person], feedbackRound: [person] };
    return { ...actors.at(-1)!, isActive: true, principals: [], principalsIn: inOne };
  });
}

test('no list has a rule of its own: each is in one place, and told here beside its twin', () => {
  const folder = new URL('../../db/', import.meta.url);
  const elsewhere = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && name !== 'visibility.ts')
    .filter((name) =>
      /(?:function|const) maySee[A-Z]/.test(readFileSync(new URL(name, folder), 'utf8')),
    );
  // Who reads a practice is the gate's, with a test of its own.
  expect(elsewhere).toEqual([]);
  expect(Object.keys(twins).toSorted()).toEqual(
    Object.keys(visibility)
      .filter((name) => name.startsWith('maySee'))
      .toSorted(),
  );
});

test(
  'a list holds exactly what its reader may view, in any organisation',
  { timeout },
  async () => {
    const seen = new Set<string>();
    await forEachOrganisation(async (organisation, tx) => {
      for (const actor of [...organisation.actors, ...delegates(organisation)]) {
        const byRule: Seen = Object.fromEntries(
          Object.entries(twins).map(([name, twin]) => [
            name,
            ids(twin.byRule(actor, organisation)),
          ]),
        );
        expect(await listed(tx, actor)).toEqual(byRule);
        for (const [name, found] of Object.entries(byRule)) if (found.length > 0) seen.add(name);
      }
    });
    const unseen = Object.keys(twins).filter((name) => !seen.has(name));
    expect(unseen).toEqual(['maySeePractice']);
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
