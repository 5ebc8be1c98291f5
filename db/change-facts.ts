/** What a change of the organisation may touch, as one transaction sees it. */
import { sql, type RawBuilder } from 'kysely';
import type {
  AskedStep,
  Change,
  ChangeFacts,
  DatedPolicy,
  DayDifference,
  Delegated,
  MemberFact,
  Office,
  OpenItem,
  OpenLoop,
  OwnedAccount,
  RegionFact,
  ScheduledChange,
  TeamFact,
} from '../domain/change/change.ts';
import type { PersonId, RegionId, WebhookId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { lineOfPerson } from './actors.ts';
import type { Query } from './client.ts';
import { heirOfCustody, isInHand } from './heirs.ts';
import { lostCountries } from './lost-clearances.ts';

export interface ChangeAsked {
  /** Null where it is not scheduled yet. */
  readonly id: string | null;
  readonly change: Change;
  readonly at: Instant;
  readonly fromDay: string;
}

/** Where days off are compared: as far as a preview tells of them. */
const daysAhead = 366;

const none = sql`false`;
const rowsOf = async <T>(query: Query, statement: RawBuilder<T>): Promise<readonly T[]> =>
  (await statement.execute(query)).rows;

export async function changeFacts(query: Query, asked: ChangeAsked): Promise<ChangeFacts> {
  const { change, at, fromDay } = asked;
  const regions = await rowsOf(query, regionFacts);
  const members = await rowsOf(query, membersOf(change));
  const ids = members.map(({ id }) => id);
  const accounts = await rowsOf(query, accountsOf(change, ids));
  const near: readonly PersonId[] = [
    ...ids,
    ...accounts.map(({ owner }) => owner),
    ...regions.map(({ manager }) => manager),
  ];
  const leaving = isLeaving(change) ? ids : [];
  return {
    at,
    fromDay,
    regions,
    members,
    accounts,
    teams: await rowsOf(query, teamFacts),
    offices: await officesIn(query, change.kind === 'region_merged' ? change.region : null),
    webhooks: await webhooksIn(query, change.kind === 'region_merged' ? change.region : null),
    admins: (await officesOf(query, 'admin'))
      .filter(({ region }) => region === null)
      .map(({ person }) => person),
    compliance: await officesOf(query, 'compliance'),
    delegations: await delegationsOf(query, leaving, at),
    items: [...(await itemsOf(query, leaving)), ...(await itemsClosing(query, change))],
    steps: await stepsOf(query, leaving),
    policies: change.kind === 'policy_changed' ? await policiesOf(query, change) : [],
    lostIn: change.kind === 'clearance_lost' ? await lostCountries(query, change.product) : [],
    days: change.kind === 'region_merged' ? await daysBetween(query, change, fromDay) : [],
    loops: await loopsNear(query, { near, accounts: accounts.map(({ id }) => id) }),
    scheduled: await scheduledBeside(query, asked.id),
  };
}

const isLeaving = (change: Change): boolean =>
  change.kind === 'team_dissolved' && change.people === 'leave';

const regionFacts = sql<RegionFact>`
  SELECT g.id, g.manager_id AS manager, g.merged_at IS NOT NULL AS "isMerged",
    concat_ws(' ', w.intervals, w.holiday_rule, (
      SELECT string_agg(concat_ws(' ', first_day, last_day, weeks), ',' ORDER BY first_day)
      FROM roster WHERE region_id = g.id)) AS hours
  FROM region g JOIN working_week w ON w.id = g.week_id ORDER BY g.id`;

const teamFacts = sql<TeamFact>`
  SELECT id, kind, region_id AS region, dissolved_at IS NOT NULL AS "isDissolved"
  FROM team ORDER BY id`;

function membersOf(change: Change): RawBuilder<MemberFact> {
  const isOne =
    change.kind === 'region_merged'
      ? sql`person.region_id = ${change.region}`
      : change.kind === 'team_dissolved'
        ? sql`person.team_id = ${change.team}`
        : none;
  return sql<MemberFact>`
    SELECT person.id, person.region_id AS region, person.team_id AS team,
      ARRAY(SELECT m.id FROM unnest(${lineOfPerson}) WITH ORDINALITY AS above (id, height)
        JOIN person m ON m.id = above.id AND m.left_at IS NULL ORDER BY height) AS line,
      person.week_id IS NULL AND NOT EXISTS (
        SELECT FROM roster WHERE roster.person_id = person.id) AS "worksAsRegion"
    FROM person WHERE person.left_at IS NULL AND ${isOne} ORDER BY person.id`;
}

function accountsOf(change: Change, members: readonly PersonId[]): RawBuilder<OwnedAccount> {
  const leaving = isLeaving(change) ? members : [];
  const isOne =
    change.kind === 'region_merged'
      ? sql`t.region_id = ${change.region}`
      : change.kind === 'team_dissolved'
        ? sql`(a.team_id = ${change.team} OR (c.owner_id = ANY (${members}::text[]) AND a.closed_at IS NULL))`
        : change.kind === 'clearance_lost'
          ? sql`${change.product} = ANY (a.products) AND a.closed_at IS NULL`
          : change.kind === 'account_closed'
            ? sql`a.id IN (${change.account}, ${change.into}) OR a.merged_into = ${change.account}`
            : none;
  return sql<OwnedAccount>`
    SELECT a.id, a.team_id AS team, a.products, a.countries, c.owner_id AS owner,
      a.closed_at IS NOT NULL AS "isClosed", a.merged_into AS "mergedInto",
      ${isInHand} AS "isInHand",
      CASE WHEN c.owner_id = ANY (${leaving}::text[]) THEN ${heirOfCustody(leaving)} END AS heir
    FROM account a JOIN team t ON t.id = a.team_id
    JOIN custody c ON c.account_id = a.id AND upper_inf(c.period)
    WHERE ${isOne} ORDER BY a.id`;
}

const officesIn = (query: Query, region: RegionId | null): Promise<readonly Office[]> =>
  rowsOf(
    query,
    sql<Office>`SELECT person_id AS person, role, region_id AS region FROM person_role
      WHERE region_id = ${region} ORDER BY person_id, role`,
  );

const officesOf = (query: Query, role: string): Promise<readonly Office[]> =>
  rowsOf(
    query,
    sql<Office>`SELECT r.person_id AS person, r.role, r.region_id AS region FROM person_role r
      JOIN person p ON p.id = r.person_id AND p.left_at IS NULL
      WHERE r.role = ${role} ORDER BY r.person_id`,
  );

const webhooksIn = (query: Query, region: RegionId | null) =>
  rowsOf(
    query,
    sql<{ id: WebhookId; region: RegionId }>`SELECT id, region_id AS region FROM webhook_endpoint
      WHERE region_id = ${region} AND url IS NOT NULL ORDER BY id`,
  );

const delegationsOf = (query: Query, people: readonly PersonId[], at: Instant) =>
  rowsOf(
    query,
    sql<Delegated>`SELECT id, principal_id AS principal, delegate_id AS delegate FROM delegation
      WHERE (principal_id = ANY (${people}::text[]) OR delegate_id = ANY (${people}::text[]))
        AND upper(period) > ${at}::timestamptz ORDER BY id`,
  );

const itemsOf = (query: Query, people: readonly PersonId[]) =>
  rowsOf(
    query,
    sql<OpenItem>`SELECT i.id, i.owner_id AS owner,
        CASE WHEN c.owner_id = ANY (${people}::text[]) THEN ${heirOfCustody(people)}
          ELSE c.owner_id END AS heir
      FROM action_item_now i
      JOIN custody c ON c.account_id = i.account_id AND upper_inf(c.period)
      WHERE i.is_open AND i.owner_id = ANY (${people}::text[]) ORDER BY i.id`,
  );

/** What the owner of a closing account has to do for it goes to the owner of the one it becomes. */
const itemsClosing = async (query: Query, change: Change): Promise<readonly OpenItem[]> =>
  change.kind !== 'account_closed' || change.into === null
    ? []
    : rowsOf(
        query,
        sql<OpenItem>`
          SELECT i.id, i.owner_id AS owner, heir.owner_id AS heir FROM action_item_now i
          JOIN account a ON a.id = i.account_id
          JOIN custody c ON c.account_id = a.id AND upper_inf(c.period)
          JOIN custody heir ON heir.account_id = ${change.into} AND upper_inf(heir.period)
          WHERE i.is_open AND ${change.account} IN (a.id, a.merged_into)
            AND i.owner_id = c.owner_id AND heir.owner_id <> c.owner_id ORDER BY i.id`,
      );

const stepsOf = (query: Query, people: readonly PersonId[]) =>
  rowsOf(
    query,
    sql<AskedStep>`SELECT id, loop_id AS loop, kind, person_id AS person FROM task
      WHERE closed_sequence IS NULL AND person_id = ANY (${people}::text[]) ORDER BY id`,
  );

const policiesOf = (
  query: Query,
  { key, region }: { readonly key: string; readonly region: RegionId | null },
) =>
  rowsOf(
    query,
    sql<DatedPolicy>`SELECT region_id AS region, valid_from AS "validFrom", value FROM policy
      WHERE key = ${key} AND (region_id IS NULL OR region_id = ${region}) ORDER BY valid_from`,
  );

const daysBetween = (
  query: Query,
  { region, into }: { readonly region: RegionId; readonly into: RegionId },
  fromDay: string,
) =>
  rowsOf(
    query,
    sql<DayDifference>`
      SELECT coalesce(a.day, b.day) AS day, a.kind AS "from", b.kind AS "to"
      FROM (SELECT * FROM region_holiday WHERE region_id = ${region}) a
      FULL JOIN (SELECT * FROM region_holiday WHERE region_id = ${into}) b ON b.day = a.day
      WHERE (a.kind, a.half_until_minute, a.like_weekday)
          IS DISTINCT FROM (b.kind, b.half_until_minute, b.like_weekday)
        AND coalesce(a.day, b.day) BETWEEN ${fromDay}::date AND ${fromDay}::date + ${daysAhead}::int
      ORDER BY 1`,
  );

const loopsNear = (
  query: Query,
  of: { readonly near: readonly PersonId[]; readonly accounts: readonly string[] },
) =>
  rowsOf(
    query,
    sql<OpenLoop>`
      SELECT i.id, i.loop, i.account_id AS account,
        ARRAY(SELECT jsonb_object_keys(t.computed_with->'calendarRevisions')) AS "plannedWith",
        ARRAY(SELECT person_id FROM loop_party WHERE loop_id = i.id ORDER BY 1) AS parties
      FROM loop_instance i
      JOIN transition t ON t.loop_id = i.id AND t.sequence = i.sequence - 1
      WHERE i.closed_at IS NULL AND (i.account_id = ANY (${of.accounts}::text[])
        OR t.computed_with->'calendarRevisions' ?| ${of.near}::text[])
      ORDER BY i.id`,
  );

const scheduledBeside = (query: Query, id: string | null) =>
  rowsOf(
    query,
    sql<ScheduledChange>`SELECT id, change, at, from_day AS "fromDay" FROM directory_change
      WHERE status = 'scheduled' AND id IS DISTINCT FROM ${id}::uuid ORDER BY at, id`,
  );
