/** Random organisations: written to Postgres, and judged from the same plain values beside it. */
import {
  type Arbitrary,
  array,
  boolean,
  constantFrom,
  integer,
  nat,
  option,
  record,
  tuple,
} from 'fast-check';
import type { Transaction } from 'kysely';
import type { Database } from '../../db/client.ts';
import type { DB } from '../../db/schema.ts';
import type { Actor } from '../../domain/authority.ts';
import type {
  AccountSubject,
  HandoffSubject,
  PersonSubject,
  Placed,
} from '../../domain/subjects.ts';
import type { AccountId, LoopId, PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { roles } from '../../domain/people/role.ts';
import { teamKinds } from '../../domain/people/team.ts';
import {
  anyGrowth,
  growthSubjects,
  partiesOfGrowth,
  type GrowthSubjects,
  writeGrowth,
} from './organisation-growth.ts';
import { undone } from './undone.ts';

/** Delegations of the steps of one loop alone. */
const scopesOfOne = [
  'handoff',
  'cover',
  'developmentPlan',
  'quarterlyReview',
  'feedbackRound',
] as const;

/** Numbers are taken modulo the length of the list they point into. */
const anyPlan = record({
  people: array(
    record({
      manager: option(nat(), { freq: 5 }),
      region: nat(),
      team: nat(),
      hasLeft: constantFrom(false, false, false, true),
    }),
    { minLength: 2, maxLength: 14 },
  ),
  regionManagers: array(nat(), { minLength: 2, maxLength: 3 }),
  teamKinds: array(constantFrom(...teamKinds), { minLength: 2, maxLength: 4 }),
  grants: array(record({ person: nat(), role: constantFrom(...roles), region: option(nat()) }), {
    maxLength: 6,
  }),
  delegations: array(
    record({
      principal: nat(),
      delegate: nat(),
      scope: constantFrom('all', 'all', ...scopesOfOne),
      days: tuple(integer({ min: -3, max: 1 }), integer({ min: 1, max: 3 })).map(
        ([from, length]) => [from, from + length] as const,
      ),
    }),
    { maxLength: 5 },
  ),
  accounts: array(record({ team: nat(), owner: nat(), wasOwnedBefore: boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
  handoffs: array(
    record({
      account: nat(),
      parties: array(nat(), { minLength: 1, maxLength: 4 }),
      asked: array(nat(), { maxLength: 2 }),
    }),
    { maxLength: 5 },
  ),
  growth: anyGrowth,
});
type Plan = typeof anyPlan extends Arbitrary<infer T> ? T : never;

export interface Organisation {
  readonly at: number;
  readonly actors: readonly Actor[];
  readonly persons: readonly PersonSubject[];
  readonly accounts: readonly (AccountSubject & { readonly id: AccountId })[];
  readonly handoffs: readonly (HandoffSubject & { readonly id: LoopId })[];
  readonly growth: GrowthSubjects;
  readonly plan: Plan;
}

const at = Date.UTC(2026, 10, 23, 12);
const dayMs = 86_400_000;
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
const personId = (index: number) => `person-${index}` as PersonId;
const regionId = (index: number) => `region-${index}` as RegionId;
const teamId = (index: number) => `team-${index}` as TeamId;
const loopId = (index: number) => `00000000-0000-4000-8000-00000000000${index}` as LoopId;

/** The manager comes earlier in the list, so lines never lead back. */
function lineOf(plan: Plan, index: number): readonly PersonId[] {
  const manager = plan.people[index]?.manager ?? null;
  if (manager === null || index === 0) return [];
  return [personId(manager % index), ...lineOf(plan, manager % index)];
}

export const anyOrganisation: Arbitrary<Organisation> = anyPlan.map((plan) => {
  const placed = plan.people.map((person, index): Placed => ({
    id: personId(index),
    region: regionId(person.region % plan.regionManagers.length),
    team: teamId(person.team % plan.teamKinds.length),
    line: lineOf(plan, index),
  }));
  const handoffs = plan.handoffs.map((handoff, index) => {
    const parties = [...new Set(handoff.parties.map((party) => pick(placed, party)))];
    const asked = new Set(handoff.asked.map((party) => pick(parties, party).id));
    return { id: loopId(index), giver: parties[0]!, parties, asked: [...asked] };
  });
  const growth = growthSubjects(plan.growth, {
    people: placed,
    regions: plan.regionManagers.map((_manager, index) => regionId(index)),
  });
  const together = [
    ...handoffs.map(({ parties }) => parties.map(({ id }) => id)),
    ...partiesOfGrowth(growth),
  ];
  const meets = (id: PersonId) => together.flatMap((all) => (all.includes(id) ? all : []));
  return {
    at,
    plan,
    growth,
    handoffs,
    actors: placed.map((person, index) => actorOf(plan, person, index)),
    persons: placed.map((person) => ({ ...person, meets: meets(person.id) })),
    accounts: plan.accounts.map((account, index) => ({
      id: `account-${index}` as AccountId,
      owner: pick(placed, account.owner),
      team: teamId(account.team % plan.teamKinds.length),
      parties: handoffs.flatMap(({ parties }, nth) =>
        plan.handoffs[nth]!.account % plan.accounts.length === index
          ? parties.map((party) => party.id)
          : [],
      ),
    })),
  };
});

function actorOf(plan: Plan, placed: Placed, index: number): Actor {
  const count = plan.people.length;
  const grants = plan.grants
    .filter(({ person }) => person % count === index)
    .map(({ role, region }) => ({
      role,
      region: region === null ? null : regionId(region % plan.regionManagers.length),
    }));
  const managed = plan.regionManagers.flatMap((manager, region) =>
    manager % count === index
      ? [{ role: 'regional-manager' as const, region: regionId(region) }]
      : [],
  );
  const scopes = scopesOf(plan, index);
  const inOne = (scope: (typeof scopesOfOne)[number]) =>
    [...scopes].filter(([, held]) => !held.has('all') && held.has(scope)).map(([id]) => id);
  return {
    ...placed,
    isActive: !plan.people[index]!.hasLeft,
    teamKind: pick(plan.teamKinds, plan.people[index]!.team),
    grants: [...grants, ...managed],
    principals: [...scopes].filter(([, held]) => held.has('all')).map(([id]) => id),
    principalsIn: Object.fromEntries(
      scopesOfOne.map((scope) => [scope, inOne(scope)]).filter(([, found]) => found!.length > 0),
    ),
  };
}

const chainMax = 4;

/** For whom, and in what: walked link by link from whoever decides back to whoever is away. */
function scopesOf(plan: Plan, delegate: number): ReadonlyMap<PersonId, ReadonlySet<string>> {
  const count = plan.people.length;
  const found = new Map<PersonId, Set<string>>();
  const isThere = (index: number) => !plan.people[index]!.hasLeft;
  const visit = (to: number, scope: string, passed: readonly number[]): void => {
    for (const link of plan.delegations) {
      const [of, by] = [link.principal % count, link.delegate % count];
      const holds = link.days[0] <= 0 && link.days[1] > 0 && isThere(of) && isThere(by);
      const fits = scope === 'all' || link.scope === 'all' || scope === link.scope;
      if (by !== to || of === by || !holds || !fits || passed.includes(of)) continue;
      if (passed.length > chainMax) continue;
      const narrow = scope === 'all' ? link.scope : scope;
      found.set(personId(of), (found.get(personId(of)) ?? new Set()).add(narrow));
      visit(of, narrow, [...passed, of]);
    }
  };
  visit(delegate, 'all', [delegate]);
  return found;
}

/** Replaces whatever the database held. */
type Tx = Transaction<DB>;

export const withOrganisation = (
  db: Database,
  organisation: Organisation,
  check: (tx: Tx) => Promise<void>,
): Promise<void> =>
  undone(db, async (tx) => {
    await writeOrganisation(tx, organisation);
    await check(tx);
  });

async function writeOrganisation(tx: Tx, organisation: Organisation): Promise<void> {
  await writePeople(tx, organisation);
  await writeAccounts(tx, organisation);
  await writeGrowth(tx, organisation.growth, at);
}

const instant = (days: number) => new Date(at + days * dayMs).toISOString();

async function writePeople(tx: Tx, { plan, persons }: Organisation): Promise<void> {
  await tx.insertInto('working_week').values({ id: 'week', intervals: {} }).execute();
  const regions = plan.regionManagers.map((manager, index) => ({
    id: regionId(index),
    name: 'A region',
    locale: 'en',
    zone: 'UTC',
    manager_id: personId(manager % plan.people.length),
    week_id: 'week',
  }));
  await tx.insertInto('region').values(regions).execute();
  const teams = plan.teamKinds.map((kind, index) => ({
    id: teamId(index),
    name: 'A team',
    kind,
    region_id: regionId(0),
  }));
  await tx.insertInto('team').values(teams).execute();
  const rows = persons.map((person, index) => ({
    id: person.id,
    name: 'A person',
    email: 'somebody@example.test',
    zone: 'UTC',
    region_id: person.region,
    team_id: person.team,
    manager_id: person.line[0] ?? null,
    left_at: plan.people[index]!.hasLeft ? at - dayMs : null,
  }));
  await tx.insertInto('person').values(rows).execute();
  for (const { person, role, region } of plan.grants) {
    const region_id = region === null ? null : regionId(region % plan.regionManagers.length);
    const grant = { person_id: personId(person % plan.people.length), role, region_id };
    await tx
      .insertInto('person_role')
      .values(grant)
      .onConflict((on) => on.doNothing())
      .execute();
  }
  for (const [
    index,
    {
      principal,
      delegate,
      scope,
      days: [from, until],
    },
  ] of plan.delegations.entries()) {
    const [of, to] = [principal % plan.people.length, delegate % plan.people.length];
    if (of === to) continue;
    const period = `[${instant(from)},${instant(until)})`;
    const row = {
      id: `delegation-${index}`,
      principal_id: personId(of),
      delegate_id: personId(to),
      scope,
      period,
    };
    await tx.insertInto('delegation').values(row).execute();
  }
}

async function writeAccounts(tx: Tx, { plan, accounts, handoffs }: Organisation): Promise<void> {
  for (const [index, account] of accounts.entries()) {
    const row = {
      id: account.id,
      name: 'An account',
      team_id: account.team,
      products: [],
      countries: [],
    };
    await tx
      .insertInto('account')
      .values({ ...row, sites: [{ name: 'Site', zone: 'UTC' }] })
      .execute();
    const began = plan.accounts[index]!.wasOwnedBefore ? -2 : null;
    const custody = [
      ...(began === null
        ? []
        : [{ owner_id: personId(0), period: `[${instant(began)},${instant(-1)})` }]),
      { owner_id: account.owner.id, period: `[${instant(-1)},)` },
    ];
    await tx
      .insertInto('custody')
      .values(custody.map((period) => ({ account_id: account.id, ...period })))
      .execute();
  }
  for (const [index, handoff] of handoffs.entries()) {
    const account_id = pick(accounts, plan.handoffs[index]!.account).id;
    const { id, giver, parties, asked } = handoff;
    await tx.insertInto('loop_instance').values({ id, loop: 'handoff', account_id }).execute();
    await tx
      .insertInto('loop_party')
      .values(parties.map((party) => ({ loop_id: id, person_id: party.id })))
      .execute();
    const content = {
      id,
      author_id: giver.id,
      kind: 'packet',
      body: {},
      salt: Buffer.of(1),
      hash: Buffer.of(1),
      created_at: at,
    };
    await tx.insertInto('content').values(content).execute();
    const row = {
      id,
      account_id,
      giver_id: giver.id,
      receiver_id: giver.id,
      status: 'closed',
      severity: 'steady',
      packet_id: id,
    };
    await tx
      .insertInto('handoff')
      .values({ ...row, offered_at: at, closed_at: at })
      .execute();
    for (const [nth, person_id] of asked.entries()) {
      const task = {
        id: `00000000-0000-4000-8000-0000000${index}${nth}000`.slice(0, 36),
        loop_id: id,
        person_id,
        kind: 'handoff.read_back',
      };
      await tx
        .insertInto('task')
        .values({ ...task, since: at, opened_sequence: 0 })
        .execute();
    }
  }
}
