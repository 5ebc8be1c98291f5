/**
 * One statement a noun: writes what differs from the file, and nothing where nothing does. Regions,
 * teams and weeks are never deleted, since people who left still point at them; nor are accounts.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Directory, DirectoryWeek, Row } from '../domain/directory/directory.ts';
import { weekdays } from '../domain/time/weekday.ts';
import { parseHours, parseTime } from '../domain/directory/hours.ts';
import { parseGrant } from '../domain/directory/grant.ts';
import type { Instant } from '../domain/loop.ts';

export interface Merged {
  readonly id: string;
  readonly action: 'INSERT' | 'UPDATE' | 'DELETE';
}
export type Merge = RawBuilder<Merged>;

/** Parameters are JSON, read on the other side by jsonb_to_recordset. */
export const rowsOf = <T>(rows: readonly Row<T>[], as: (value: T) => object) =>
  sql`${rows.map((row) => as(row.value))}::jsonb`;
export const asIs = (value: object): object => value;

export const mergeWeeks = ({ weeks }: Directory): Merge => sql<Merged>`
  MERGE INTO working_week t
  USING jsonb_to_recordset(${rowsOf(weeks, storedWeek)}) AS s (id text, intervals jsonb, holidays text)
  ON t.id = s.id
  WHEN MATCHED AND (t.intervals, t.holiday_rule) <> (s.intervals, s.holidays)
    THEN UPDATE SET intervals = s.intervals, holiday_rule = s.holidays
  WHEN NOT MATCHED THEN
    INSERT (id, intervals, holiday_rule) VALUES (s.id, s.intervals, s.holidays)
  RETURNING t.id, merge_action() AS action`;

function storedWeek(week: DirectoryWeek): object {
  const intervals = weekdays.map((day) => [day, (week[day] ?? []).map(parseHours).sort(byStart)]);
  const { id, holidays = 'shift' } = week;
  return { id, holidays, intervals: Object.fromEntries(intervals) as object };
}

export const mergeRosters = ({ rosters }: Directory): Merge => sql<Merged>`
  MERGE INTO roster t
  USING jsonb_to_recordset(${rowsOf(rosters, ({ firstDay, lastDay, ...roster }) => ({
    ...roster,
    first_day: firstDay,
    last_day: lastDay,
  }))}) AS s (id text, person text, region text, first_day date, last_day date, weeks text[])
  ON t.id = s.id
  WHEN MATCHED AND (t.person_id, t.region_id, t.first_day, t.last_day, t.weeks)
      IS DISTINCT FROM (s.person, s.region, s.first_day, s.last_day, s.weeks)
    THEN UPDATE SET person_id = s.person, region_id = s.region, first_day = s.first_day,
      last_day = s.last_day, weeks = s.weeks
  WHEN NOT MATCHED THEN INSERT (id, person_id, region_id, first_day, last_day, weeks)
    VALUES (s.id, s.person, s.region, s.first_day, s.last_day, s.weeks)
  WHEN NOT MATCHED BY SOURCE THEN DELETE
  RETURNING t.id, merge_action() AS action`;

const byStart = (a: readonly number[] | null, b: readonly number[] | null): number =>
  (a?.[0] ?? 0) - (b?.[0] ?? 0);

export const mergeRegions = ({ regions }: Directory): Merge => sql<Merged>`
  MERGE INTO region t
  USING jsonb_to_recordset(${rowsOf(regions, asIs)})
    AS s (id text, name text, locale text, zone text, manager text, week text, country text,
      subdivision text)
  ON t.id = s.id
  WHEN MATCHED AND (t.name, t.locale, t.zone, t.manager_id, t.week_id, t.country, t.subdivision)
      IS DISTINCT FROM (s.name, s.locale, s.zone, s.manager, s.week, s.country, s.subdivision)
    THEN UPDATE SET name = s.name, locale = s.locale, zone = s.zone, manager_id = s.manager,
      week_id = s.week, country = s.country, subdivision = s.subdivision
  WHEN NOT MATCHED THEN INSERT (id, name, locale, zone, manager_id, week_id, country, subdivision)
    VALUES (s.id, s.name, s.locale, s.zone, s.manager, s.week, s.country, s.subdivision)
  RETURNING t.id, merge_action() AS action`;

/** Before the regions: what was published for the country a region lay in is nothing to another. */
export const forgetPublished = ({ regions }: Directory): RawBuilder<unknown> => sql`
  DELETE FROM published_holiday p
  USING region t, jsonb_to_recordset(${rowsOf(regions, asIs)})
    AS s (id text, country text, subdivision text)
  WHERE t.id = p.region_id AND t.id = s.id
    AND (t.country, t.subdivision) IS DISTINCT FROM (s.country, s.subdivision)`;

export const mergeTeams = ({ teams }: Directory): Merge => sql<Merged>`
  MERGE INTO team t
  USING jsonb_to_recordset(${rowsOf(teams, asIs)}) AS s (id text, name text, kind text, region text)
  ON t.id = s.id
  WHEN MATCHED AND (t.name, t.kind, t.region_id) <> (s.name, s.kind, s.region)
    THEN UPDATE SET name = s.name, kind = s.kind, region_id = s.region
  WHEN NOT MATCHED THEN INSERT (id, name, kind, region_id) VALUES (s.id, s.name, s.kind, s.region)
  RETURNING t.id, merge_action() AS action`;

/** Who is no longer in the file has left, at the instant of the import; who is again, is back. */
export const mergePeople = ({ people }: Directory, at: Instant): Merge => sql<Merged>`
  MERGE INTO person t
  USING (
    SELECT id, name, email, locale, zone, region, team, manager, backup, week,
      coalesce(products, '{}') AS products, coalesce(languages, '{}') AS languages
    FROM jsonb_to_recordset(${rowsOf(people, asIs)})
      AS r (id text, name text, email text, locale text, zone text, region text, team text,
        manager text, backup text, week text, products text[], languages text[])
  ) s
  ON t.id = s.id
  WHEN MATCHED AND (t.name, t.email, t.locale, t.zone, t.region_id, t.team_id, t.manager_id,
      t.backup_id, t.week_id, t.products, t.languages, t.left_at) IS DISTINCT FROM
      (s.name, s.email, s.locale, s.zone, s.region, s.team, s.manager, s.backup, s.week,
        s.products, s.languages, NULL::timestamptz)
    THEN UPDATE SET name = s.name, email = s.email, locale = s.locale, zone = s.zone,
      region_id = s.region, team_id = s.team, manager_id = s.manager, backup_id = s.backup,
      week_id = s.week, products = s.products, languages = s.languages, left_at = NULL
  WHEN NOT MATCHED THEN
    INSERT (id, name, email, locale, zone, region_id, team_id, manager_id, backup_id, week_id,
      products, languages)
    VALUES (s.id, s.name, s.email, s.locale, s.zone, s.region, s.team, s.manager, s.backup, s.week,
      s.products, s.languages)
  WHEN NOT MATCHED BY SOURCE AND t.left_at IS NULL
    THEN UPDATE SET left_at = ${at}::timestamptz
  RETURNING t.id,
    CASE WHEN t.left_at IS NULL THEN merge_action() ELSE 'DELETE' END AS action`;

export function mergeRoles({ people }: Directory): Merge {
  const grants = people.flatMap(({ path, value: { id, roles } }) =>
    roles.map((text) => ({ path, value: { person: id, ...parseGrant(text) } })),
  );
  return sql<Merged>`
    MERGE INTO person_role t
    USING jsonb_to_recordset(${rowsOf(grants, asIs)}) AS s (person text, role text, region text)
    ON t.person_id = s.person AND t.role = s.role
      AND coalesce(t.region_id, '') = coalesce(s.region, '')
    WHEN NOT MATCHED THEN
      INSERT (person_id, role, region_id) VALUES (s.person, s.role, s.region)
    WHEN NOT MATCHED BY SOURCE THEN DELETE
    RETURNING t.person_id AS id, merge_action() AS action`;
}

export const mergeAccounts = ({ accounts }: Directory): Merge => sql<Merged>`
  MERGE INTO account t
  USING jsonb_to_recordset(${rowsOf(accounts, asIs)})
    AS s (id text, name text, team text, products text[], countries text[], sites jsonb)
  ON t.id = s.id
  WHEN MATCHED AND (t.name, t.team_id, t.products, t.countries, t.sites)
      <> (s.name, s.team, s.products, s.countries, s.sites)
    THEN UPDATE SET name = s.name, team_id = s.team, products = s.products,
      countries = s.countries, sites = s.sites
  WHEN NOT MATCHED THEN INSERT (id, name, team_id, products, countries, sites)
    VALUES (s.id, s.name, s.team, s.products, s.countries, s.sites)
  RETURNING t.id, merge_action() AS action`;

export const mergeHolidays = ({ holidays }: Directory): Merge => sql<Merged>`
  MERGE INTO holiday t
  USING jsonb_to_recordset(${rowsOf(holidays, ({ halfUntil, ...holiday }) => ({
    ...holiday,
    half_until: halfUntil === undefined ? null : parseTime(halfUntil),
    fetched_at: holiday.fetchedAt,
  }))}) AS s (region text, day date, kind text, half_until int, "like" text, name text, source text,
    status text, fetched_at timestamptz)
  ON t.region_id = s.region AND t.day = s.day
  WHEN MATCHED AND (t.kind, t.half_until_minute, t.like_weekday, t.name, t.source, t.status, t.fetched_at)
      IS DISTINCT FROM (s.kind, s.half_until, s."like", s.name, s.source, s.status, s.fetched_at)
    THEN UPDATE SET kind = s.kind, half_until_minute = s.half_until, like_weekday = s."like",
      name = s.name, source = s.source, status = s.status, fetched_at = s.fetched_at
  WHEN NOT MATCHED THEN
    INSERT (region_id, day, kind, half_until_minute, like_weekday, name, source, status, fetched_at)
    VALUES (s.region, s.day, s.kind, s.half_until, s."like", s.name, s.source, s.status, s.fetched_at)
  WHEN NOT MATCHED BY SOURCE THEN DELETE
  RETURNING t.region_id AS id, merge_action() AS action`;

export const mergeAbsences = ({ absences }: Directory): Merge => sql<Merged>`
  MERGE INTO absence t
  USING jsonb_to_recordset(${rowsOf(absences, ({ firstDay, lastDay, hours, ...absence }) => {
    const [from, until] = (hours === undefined ? null : parseHours(hours)) ?? [];
    const days = { first_day: firstDay, last_day: lastDay };
    return { ...absence, ...days, from_minute: from, until_minute: until };
  })}) AS s (id text, person text, first_day date, last_day date, from_minute int, until_minute int)
  ON t.id = s.id
  WHEN MATCHED AND (t.person_id, t.first_day, t.last_day, t.from_minute, t.until_minute)
      IS DISTINCT FROM (s.person, s.first_day, s.last_day, s.from_minute, s.until_minute)
    THEN UPDATE SET person_id = s.person, first_day = s.first_day, last_day = s.last_day,
      from_minute = s.from_minute, until_minute = s.until_minute
  WHEN NOT MATCHED THEN
    INSERT (id, person_id, first_day, last_day, from_minute, until_minute)
    VALUES (s.id, s.person, s.first_day, s.last_day, s.from_minute, s.until_minute)
  WHEN NOT MATCHED BY SOURCE AND t.source = 'directory' THEN DELETE
  RETURNING t.id, merge_action() AS action`;

export const mergeOneOffs = ({ oneOffs }: Directory): Merge => sql<Merged>`
  MERGE INTO one_off t
  USING jsonb_to_recordset(${rowsOf(oneOffs, ({ hours, ...oneOff }) => ({
    ...oneOff,
    intervals: hours.map(parseHours),
  }))}) AS s (id text, person text, day date, intervals jsonb)
  ON t.id = s.id
  WHEN MATCHED AND (t.person_id, t.day, t.intervals) <> (s.person, s.day, s.intervals)
    THEN UPDATE SET person_id = s.person, day = s.day, intervals = s.intervals
  WHEN NOT MATCHED THEN
    INSERT (id, person_id, day, intervals) VALUES (s.id, s.person, s.day, s.intervals)
  WHEN NOT MATCHED BY SOURCE THEN DELETE
  RETURNING t.id, merge_action() AS action`;

export const mergeDelegations = ({ delegations }: Directory): Merge => sql<Merged>`
  MERGE INTO delegation t
  USING (
    SELECT id, principal, delegate, tstzrange(opens, closes) AS period
    FROM jsonb_to_recordset(${rowsOf(delegations, ({ from, until, ...delegation }) => ({
      ...delegation,
      opens: from,
      closes: until,
    }))}) AS r (id text, principal text, delegate text, opens timestamptz, closes timestamptz)
  ) s
  ON t.id = s.id
  WHEN MATCHED AND (t.principal_id, t.delegate_id, t.period) <> (s.principal, s.delegate, s.period)
    THEN UPDATE SET principal_id = s.principal, delegate_id = s.delegate, period = s.period
  WHEN NOT MATCHED THEN INSERT (id, principal_id, delegate_id, period)
    VALUES (s.id, s.principal, s.delegate, s.period)
  WHEN NOT MATCHED BY SOURCE AND t.source = 'directory' THEN DELETE
  RETURNING t.id, merge_action() AS action`;

export const mergePolicies = ({ policies }: Directory): Merge => sql<Merged>`
  MERGE INTO policy t
  USING jsonb_to_recordset(${rowsOf(policies, ({ validFrom, ...policy }) => ({
    ...policy,
    valid_from: validFrom,
  }))}) AS s (key text, region text, valid_from date, value jsonb)
  ON t.key = s.key AND coalesce(t.region_id, '') = coalesce(s.region, '')
    AND t.valid_from = s.valid_from
  WHEN MATCHED AND t.value <> s.value THEN UPDATE SET value = s.value
  WHEN NOT MATCHED THEN INSERT (key, region_id, valid_from, value)
    VALUES (s.key, s.region, s.valid_from, s.value)
  WHEN NOT MATCHED BY SOURCE AND t.change_id IS NULL THEN DELETE
  RETURNING t.key AS id, merge_action() AS action`;

export const mergeIdentities = (identities: NonNullable<Directory['identities']>): Merge =>
  sql<Merged>`
  MERGE INTO identity t
  USING jsonb_to_recordset(${rowsOf(identities, asIs)})
    AS s (issuer text, subject text, person text)
  ON t.issuer = s.issuer AND t.subject = s.subject
  WHEN MATCHED AND t.person_id <> s.person THEN UPDATE SET person_id = s.person
  WHEN NOT MATCHED THEN
    INSERT (issuer, subject, person_id) VALUES (s.issuer, s.subject, s.person)
  WHEN NOT MATCHED BY SOURCE THEN DELETE
  RETURNING t.person_id AS id, merge_action() AS action`;
