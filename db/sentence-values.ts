/** Names for ids and clocks for people: what sentences are filled with when they are read. */
import { type RawBuilder, sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Names } from '../domain/holidays/published-holiday.ts';
import type { NoticeParams, NoticeValue } from '../domain/loop.ts';
import type { RenderValue, RenderValues } from '../locales/render.ts';
import type { Query } from './client.ts';
import { readContents } from './contents.ts';

interface Named {
  readonly people: ReadonlyMap<string, { readonly name: string; readonly zone: string }>;
  readonly accounts: ReadonlyMap<string, string>;
  readonly regions: ReadonlyMap<string, string>;
  /** Of texts; what is erased has none. */
  readonly titles: ReadonlyMap<string, string>;
  readonly teams: ReadonlyMap<string, string>;
  /** By region and day. */
  readonly holidays: ReadonlyMap<string, RenderValue>;
}

const nobodyNamed: Named = {
  people: new Map(),
  accounts: new Map(),
  regions: new Map(),
  teams: new Map(),
  titles: new Map(),
  holidays: new Map(),
};

interface Noun {
  readonly id: string;
  readonly name: string;
}

interface Row {
  readonly people: readonly (Noun & { readonly zone: string })[];
  readonly accounts: readonly Noun[];
  readonly regions: readonly Noun[];
  readonly teams: readonly Noun[];
  readonly holidays: readonly {
    readonly region: string;
    readonly day: string;
    readonly name: string | null;
    readonly names: Names;
  }[];
}

/** In the order of `sentences`. What is gone is shown by its id; a holiday that is, by its day. */
export async function sentenceValues(
  query: Query,
  sentences: readonly NoticeParams[],
): Promise<readonly RenderValues[]> {
  const values = sentences.flatMap(valuesIn);
  const named = await readNames(query, values);
  return sentences.map((params) => shownAll(params, named));
}

/** Also those of a sentence within. */
const valuesIn = (params: NoticeParams): readonly NoticeValue[] =>
  Object.values(params).flatMap((value) =>
    typeof value === 'object' && 'sentence' in value ? valuesIn(value.params) : [value],
  );

async function readNames(query: Query, values: readonly NoticeValue[]): Promise<Named> {
  const objects = values.filter((value) => typeof value === 'object');
  const people = objects.flatMap((value) =>
    'person' in value ? [value.person] : 'alsoFor' in value && value.alsoFor ? [value.alsoFor] : [],
  );
  const accounts = objects.flatMap((value) => ('account' in value ? [value.account] : []));
  const regions = objects.flatMap((value) => ('region' in value ? [value.region] : []));
  const teams = objects.flatMap((value) => ('team' in value ? [value.team] : []));
  const holidays = objects.flatMap((value) => ('holiday' in value ? [value.holiday] : []));
  const titles = objects.flatMap((value) => ('title' in value ? [value.title] : []));
  const wanted = [people, accounts, regions, teams, holidays, titles];
  if (wanted.every(({ length }) => length === 0)) return nobodyNamed;
  const titleRows = titles.length === 0 ? new Map() : await readContents(query, titles);
  // One statement: a message is worth no more, and each costs a way to Postgres and back.
  const { rows } = await sql<Row>`
    SELECT ${listOf(sql`SELECT id, name, zone FROM person WHERE id = ANY (${people}::text[])`)} AS people,
      ${namesOf('account', accounts)} AS accounts, ${namesOf('region', regions)} AS regions,
      ${namesOf('team', teams)} AS teams,
      ${listOf(sql`SELECT region_id AS region, day, name, names FROM region_holiday
        WHERE region_id = ANY (${holidays.map(({ region }) => region)}::text[])
          AND day = ANY (${holidays.map(({ day }) => day)}::date[])`)} AS holidays`.execute(query);
  const found = present(rows[0], 'the one row of names');
  return {
    people: new Map(found.people.map((row) => [row.id, row])),
    accounts: byId(found.accounts),
    regions: byId(found.regions),
    teams: byId(found.teams),
    titles: new Map([...titleRows].map(([id, { body }]) => [id, titleOf(body)])),
    holidays: new Map(
      found.holidays.map(({ region, day, name, names }) => [
        `${region}/${day}`,
        { name: name ?? '', names },
      ]),
    ),
  };
}

const listOf = (rows: RawBuilder<unknown>) =>
  sql`(SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (${rows}) r)`;
const namesOf = (noun: 'account' | 'region' | 'team', ids: readonly string[]) =>
  listOf(sql`SELECT id, name FROM ${sql.table(noun)} WHERE id = ANY (${ids}::text[])`);
const byId = (rows: readonly Noun[]): ReadonlyMap<string, string> =>
  new Map(rows.map(({ id, name }) => [id, name]));

const titleOf = (body: unknown): string =>
  (body as { readonly title?: string } | null)?.title ?? '';

const shownAll = (params: NoticeParams, named: Named): RenderValues =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value, named)]));

function shown(value: NoticeValue, named: Named): RenderValue {
  const { people, accounts, regions, teams, holidays, titles } = named;
  if (typeof value !== 'object') return value;
  if ('sentence' in value) {
    return { sentence: value.sentence, values: shownAll(value.params, named) };
  }
  if ('person' in value) return people.get(value.person)?.name ?? value.person;
  if ('account' in value) return accounts.get(value.account) ?? value.account;
  if ('term' in value || 'day' in value || 'country' in value || 'language' in value) return value;
  if ('money' in value) return value;
  if ('budgetLine' in value) return value.purpose;
  if ('title' in value) return titles.get(value.title) ?? '';
  if ('region' in value) return regions.get(value.region) ?? value.region;
  if ('team' in value) return teams.get(value.team) ?? value.team;
  if ('holiday' in value) {
    const { region, day } = value.holiday;
    return holidays.get(`${region}/${day}`) ?? { day };
  }
  const { instant, alsoFor } = value;
  const also = alsoFor && people.get(alsoFor);
  return also ? { instant, alsoZone: also.zone, alsoName: also.name } : { instant };
}
