/** What the look-ahead needs to know of many accounts: as many statements for a thousand as for one. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { AccountId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { allowedBy, chooseChannel } from '../domain/notice/choose-channel.ts';
import {
  type AccountFacts,
  daysAhead,
  daysBack,
  type Limits,
  limitsByDefault,
  type Owner,
} from '../domain/outlook/facts.ts';
import { isAllowed, type PolicyKey } from '../domain/policy/policies.ts';
import { type ByDay, onWallDay } from '../domain/policy/wall-day.ts';
import type { ChannelName } from '../domain/people/preferences.ts';
import { dayMs } from '../domain/time/zone.ts';
import { matchLocale } from '../locales/catalogue.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { policyByDay } from './policies.ts';

interface AccountRow {
  readonly account: AccountId;
  readonly owner: PersonId;
  readonly ownedSince: Instant;
  readonly superior: PersonId;
  readonly stead: readonly PersonId[];
  readonly covers: readonly { taker: PersonId; from: Instant; until: Instant }[];
  readonly zone: string;
  readonly gap: ByDay;
  readonly leave: ByDay;
}

/** Those of `accounts` that exist, in the order of their ids. */
export async function outlookFacts(
  query: Query,
  accounts: readonly AccountId[],
  now: Instant,
): Promise<readonly AccountFacts[]> {
  const rows = await readAccounts(query, accounts, now);
  const ids = rows.flatMap(({ owner, stead, covers }) => [
    owner,
    ...stead,
    ...covers.map(({ taker }) => taker),
  ]);
  const people = await readPeople(query, [...new Set(ids)], now);
  const known = (id: PersonId) => present(people.get(id), `person ${id} of an outlook`);
  return rows.map(({ zone, gap, leave, ...row }) => ({
    ...row,
    owner: known(row.owner),
    stead: row.stead.map(known),
    covers: row.covers.map(({ taker, ...window }) => ({ ...window, taker: known(taker) })),
    limits: limitsOf(onWallDay(gap, zone, now), onWallDay(leave, zone, now)),
  }));
}

/** What is no number of minutes is as if never said. */
const limitsOf = (gap: unknown, leave: unknown): Limits => ({
  gapMinutes: isAllowed('outlook.gapMinutes', gap) ? Number(gap) : limitsByDefault.gapMinutes,
  leaveMinutes: isAllowed('outlook.leaveMinutes', leave)
    ? Number(leave)
    : limitsByDefault.leaveMinutes,
});

/** While a cover goes on the account is its owner's still, who has it back when the cover ends. */
async function readAccounts(
  query: Query,
  accounts: readonly AccountId[],
  now: Instant,
): Promise<readonly AccountRow[]> {
  const policy = (key: PolicyKey) => policyByDay({ key, region: sql.ref('t.region_id'), at: now });
  const ms = (at: string) => sql`(extract(epoch FROM ${sql.raw(at)}) * 1000)::float8`;
  const { rows } = await sql<AccountRow>`
    SELECT a.id AS account, o.id AS owner, ${ms('lower(c.period)')} AS "ownedSince",
      coalesce(CASE WHEN m.left_at IS NULL THEN m.id END,
        CASE WHEN mm.left_at IS NULL THEN mm.id END, g.manager_id) AS superior,
      array_remove(ARRAY[CASE WHEN b.left_at IS NULL THEN b.id END,
        CASE WHEN m.left_at IS NULL THEN m.id END], NULL) AS stead,
      covers.list AS covers, g.zone, ${policy('outlook.gapMinutes')} AS gap,
      ${policy('outlook.leaveMinutes')} AS leave
    FROM account a
    JOIN team t ON t.id = a.team_id
    JOIN region g ON g.id = t.region_id
    JOIN custody c ON c.account_id = a.id AND upper_inf(c.period)
    LEFT JOIN LATERAL (
      SELECT v.owner_id FROM cover v
      WHERE v.account_id = a.id AND v.status = 'running' AND v.taker_id = c.owner_id
      ORDER BY lower(v.period) DESC LIMIT 1
    ) running ON true
    JOIN person o ON o.id = coalesce(running.owner_id, c.owner_id)
    LEFT JOIN person m ON m.id = o.manager_id
    LEFT JOIN person mm ON mm.id = m.manager_id
    LEFT JOIN person b ON b.id = o.backup_id
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
        'taker', v.taker_id,
        'from', ${ms('lower(v.period)')}, 'until', ${ms('upper(v.period)')})), '[]') AS list
      FROM cover v WHERE v.account_id = a.id AND v.closed_at IS NULL
        AND (v.status = 'taken' OR v.status = 'running' AND v.taker_id = c.owner_id)
    ) covers
    WHERE a.id = ANY (${accounts}::text[]) AND a.closed_at IS NULL ORDER BY a.id`.execute(query);
  return rows;
}

interface PersonRow {
  readonly id: PersonId;
  readonly region: RegionId;
  readonly locale: string;
  readonly leavesAt: Instant | null;
  readonly wanted: readonly ChannelName[] | null;
  readonly zone: string;
  readonly policy: ByDay;
  readonly reachable: readonly ChannelName[];
  readonly off: readonly ChannelName[];
}

async function readPeople(
  query: Query,
  ids: readonly PersonId[],
  now: Instant,
): Promise<ReadonlyMap<PersonId, Owner>> {
  const [from = '', until = ''] = [-daysBack - 1, daysAhead + 1].map((days) =>
    new Date(now + days * dayMs).toISOString().slice(0, 10),
  );
  const policy = policyByDay({ key: 'message.channels', region: sql.ref('p.region_id'), at: now });
  const { rows } = await sql<PersonRow>`
    WITH place AS (
      SELECT person_id, channel, address FROM contact WHERE person_id = ANY (${ids}::text[])
      UNION ALL
      SELECT id, 'email', email FROM person WHERE id = ANY (${ids}::text[]) AND email <> ''
    )
    SELECT p.id, p.region_id AS region, coalesce(p.locale, g.locale) AS locale,
      p.left_at AS "leavesAt", preference.channels AS wanted,
      g.zone, ${policy} AS policy,
      ARRAY(SELECT channel FROM place WHERE place.person_id = p.id) AS reachable,
      ARRAY(SELECT off.channel FROM channel_off off JOIN place USING (person_id, channel)
        WHERE off.person_id = p.id
          AND off.address_hash = sha256(convert_to(place.address, 'UTF8'))) AS off
    FROM person p JOIN region g ON g.id = p.region_id
    LEFT JOIN preference ON preference.person_id = p.id
    WHERE p.id = ANY (${ids}::text[])`.execute(query);
  const calendars = await loadCalendars(query, ids);
  const regions = [...new Set(rows.map(({ region }) => region))];
  const provisional = await provisionalDays(query, { regions, from, until });
  return new Map(
    rows.map(({ id, region, zone, locale, leavesAt, wanted, policy, reachable, off }) => [
      id,
      {
        id,
        region,
        locale,
        leavesAt,
        calendar: present(calendars.get(id), `calendar of ${id}`),
        provisional: provisional.get(region) ?? [],
        isReachable: isReachable({ wanted, policy: onWallDay(policy, zone, now), reachable, off }),
        hasCatalogue: matchLocale(locale) !== null,
      },
    ]),
  );
}

const isReachable = ({
  policy,
  ...facts
}: Pick<PersonRow, 'wanted' | 'reachable' | 'off'> & { readonly policy: unknown }): boolean =>
  chooseChannel({ ...facts, allowed: allowedBy(policy), failed: [] }).candidates.length > 0;

interface Days {
  readonly regions: readonly RegionId[];
  readonly from: string;
  readonly until: string;
}

async function provisionalDays(
  query: Query,
  { regions, from, until }: Days,
): Promise<ReadonlyMap<RegionId, readonly string[]>> {
  const { rows } = await sql<{ region: RegionId; days: readonly string[] }>`
    SELECT region_id AS region, array_agg(day::text ORDER BY day) AS days FROM region_holiday
    WHERE region_id = ANY (${regions}::text[]) AND status = 'provisional'
      AND day BETWEEN ${from}::date AND ${until}::date
    GROUP BY region_id`.execute(query);
  return new Map(rows.map(({ region, days }) => [region, days]));
}
