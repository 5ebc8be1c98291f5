/** Loads what `domain/authority.ts` judges: who asks, and what it is about. */
import { type RawBuilder, sql } from 'kysely';
import type { Actor, Grant } from '../domain/authority.ts';
import type {
  AccountSubject,
  ActionsSubject,
  ActionSubject,
  HandoffSubject,
  PersonSubject,
  Placed,
} from '../domain/subjects.ts';
import { present } from '../domain/assert.ts';
import type { AccountId, LoopId, PersonId, RegionId, TeamId } from '../domain/id.ts';
import type { Instant, LoopName } from '../domain/loop.ts';
import type { DelegationScope } from '../domain/people/delegation.ts';
import type { TeamKind } from '../domain/people/team.ts';
import type { Query } from './client.ts';
import { principalsAt } from './delegations.ts';

interface PlacedRow {
  readonly id: PersonId;
  readonly region: RegionId;
  readonly team: TeamId;
  readonly line: readonly PersonId[];
}

interface ActorRow extends PlacedRow {
  readonly is_active: boolean;
  readonly team_kind: TeamKind;
  readonly grants: readonly Grant[];
  readonly decides_for: readonly { readonly person: PersonId; readonly scope: DelegationScope }[];
}

/** The managers above `person`, the nearest first; ends also where a cycle would not. */
export const lineOfPerson = sql<readonly PersonId[]>`ARRAY(
  WITH RECURSIVE above AS (
    SELECT person.manager_id AS id, 1 AS height WHERE person.manager_id IS NOT NULL
    UNION ALL
    SELECT m.manager_id, above.height + 1 FROM above JOIN person m ON m.id = above.id
    WHERE m.manager_id IS NOT NULL
  ) CYCLE id SET is_cycle USING path
  SELECT id FROM above WHERE NOT is_cycle ORDER BY height)`;

/** As they are now, with the delegations that hold at `at`; null when nobody has this id. */
export async function loadActor(query: Query, id: PersonId, at: Instant): Promise<Actor | null> {
  // One id is compared as one: of a list Postgres plans each question anew, which takes longer than it.
  return (await actorsWhere(query, sql`person.id = ${id}`, at)).get(id) ?? null;
}

/** Those of `ids` that exist. */
export const loadActors = (
  query: Query,
  ids: readonly PersonId[],
  at: Instant,
): Promise<ReadonlyMap<PersonId, Actor>> =>
  actorsWhere(query, sql`person.id = ANY (${ids}::text[])`, at);

async function actorsWhere(
  query: Query,
  isAsked: RawBuilder<unknown>,
  at: Instant,
): Promise<ReadonlyMap<PersonId, Actor>> {
  const { rows } = await sql<ActorRow>`
    SELECT person.id, person.region_id AS region, person.team_id AS team, ${lineOfPerson} AS line,
      person.left_at IS NULL AS is_active, team.kind AS team_kind,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'region', g.region)), '[]') FROM (
        SELECT role, region_id AS region FROM person_role WHERE person_id = person.id
        UNION SELECT 'regional-manager', id FROM region WHERE manager_id = person.id
        UNION SELECT 'guest', region_line(region_id) FROM host_access
        WHERE person_id = person.id AND period @> ${at}::timestamptz) g) AS grants,
      ${principalsAt(at)} AS decides_for
    FROM person JOIN team ON team.id = person.team_id
    WHERE ${isAsked}`.execute(query);
  return new Map(
    rows.map(({ is_active: isActive, team_kind: teamKind, decides_for: given, ...rest }) => [
      rest.id,
      { ...rest, isActive, teamKind, ...principalsOf(given) },
    ]),
  );
}

/** Whoever delegated everything is not named again in one loop. */
function principalsOf(given: ActorRow['decides_for']): Pick<Actor, 'principals' | 'principalsIn'> {
  const principals = given.filter(({ scope }) => scope === 'all').map(({ person }) => person);
  const principalsIn: { -readonly [L in LoopName]?: PersonId[] } = {};
  for (const { person, scope } of given) {
    if (scope === 'all' || principals.includes(person)) continue;
    (principalsIn[scope] ??= []).push(person);
  }
  return { principals, principalsIn };
}

/** Those of `ids` that exist. */
async function placePeople(query: Query, ids: readonly PersonId[]): Promise<Map<PersonId, Placed>> {
  const { rows } = await sql<PlacedRow>`
    SELECT id, region_id AS region, team_id AS team, ${lineOfPerson} AS line
    FROM person WHERE id = ANY (${ids}::text[])`.execute(query);
  return new Map(rows.map((row) => [row.id, row]));
}

export async function handoffSubject(query: Query, id: LoopId): Promise<HandoffSubject | null> {
  const { rows } = await sql<{ giver: PersonId; parties: PersonId[]; asked: PersonId[] }>`
    SELECT giver_id AS giver,
      ARRAY(SELECT person_id FROM loop_party WHERE loop_id = handoff.id) AS parties,
      ARRAY(SELECT DISTINCT person_id FROM task
        WHERE loop_id = handoff.id AND closed_sequence IS NULL AND kind = 'handoff.read_back') AS asked
    FROM handoff WHERE id = ${id}`.execute(query);
  const row = rows[0];
  if (!row) return null;
  const placed = await placePeople(query, [row.giver, ...row.parties]);
  return {
    giver: present(placed.get(row.giver), 'the giver'),
    parties: [...placed.values()],
    asked: row.asked,
  };
}

export async function accountSubject(query: Query, id: AccountId): Promise<AccountSubject | null> {
  const { rows } = await sql<{ team: TeamId; owner: PersonId; parties: PersonId[] }>`
    SELECT team_id AS team, custody.owner_id AS owner,
      ARRAY(SELECT DISTINCT person_id FROM loop_instance
        JOIN loop_party ON loop_party.loop_id = loop_instance.id
        WHERE loop_instance.account_id = account.id) AS parties
    FROM account
    JOIN custody ON custody.account_id = account.id AND upper_inf(custody.period)
    WHERE account.id = ${id}`.execute(query);
  const row = rows[0];
  if (!row) return null;
  const placed = await placePeople(query, [row.owner]);
  return {
    owner: present(placed.get(row.owner), 'the owner'),
    team: row.team,
    parties: row.parties,
  };
}

/** Of an account there is. */
export async function actionsSubject(query: Query, id: AccountId): Promise<ActionsSubject | null> {
  const { rows } = await sql<{ team: TeamId; owner: PersonId; parties: PersonId[] }>`
    SELECT team_id AS team, custody.owner_id AS owner,
      ARRAY(SELECT DISTINCT person_id FROM handoff JOIN loop_party ON loop_party.loop_id = handoff.id
        WHERE handoff.account_id = account.id AND handoff.closed_at IS NULL) AS parties
    FROM account
    JOIN custody ON custody.account_id = account.id AND upper_inf(custody.period)
    WHERE account.id = ${id}`.execute(query);
  const row = rows[0];
  if (!row) return null;
  const placed = await placePeople(query, [row.owner]);
  const { team, parties } = row;
  return { custodian: present(placed.get(row.owner), 'the custodian'), team, parties };
}

export async function actionSubject(
  query: Query,
  { owner, custodian }: { readonly owner: PersonId; readonly custodian: PersonId },
): Promise<ActionSubject> {
  const placed = await placePeople(query, [owner, custodian]);
  return {
    owner: present(placed.get(owner), 'the owner'),
    custodian: present(placed.get(custodian), 'the custodian'),
  };
}

export async function personSubject(query: Query, id: PersonId): Promise<PersonSubject | null> {
  const { rows } = await sql<PlacedRow & { meets: readonly PersonId[] }>`
    SELECT id, region_id AS region, team_id AS team, ${lineOfPerson} AS line,
      ARRAY(SELECT DISTINCT b.person_id FROM loop_party a JOIN loop_party b ON b.loop_id = a.loop_id
        WHERE a.person_id = person.id) AS meets
    FROM person WHERE id = ${id}`.execute(query);
  return rows[0] ?? null;
}
