/** Names for ids and clocks for people: what sentences are filled with when they are read. */
import { sql } from 'kysely';
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

/** In the order of `sentences`. What is gone is shown by its id; a holiday that is, by its day. */
export async function sentenceValues(
  query: Query,
  sentences: readonly NoticeParams[],
): Promise<readonly RenderValues[]> {
  const values = sentences.flatMap((params) => Object.values(params));
  const named = await readNames(query, values);
  return sentences.map((params) =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value, named)])),
  );
}

async function readNames(query: Query, values: readonly NoticeValue[]): Promise<Named> {
  const objects = values.filter((value) => typeof value === 'object');
  const people = objects.flatMap((value) =>
    'person' in value ? [value.person] : 'alsoFor' in value && value.alsoFor ? [value.alsoFor] : [],
  );
  const accountsNamed = objects.flatMap((value) => ('account' in value ? [value.account] : []));
  const regionsNamed = objects.flatMap((value) => ('region' in value ? [value.region] : []));
  const teamsNamed = objects.flatMap((value) => ('team' in value ? [value.team] : []));
  const holidays = objects.flatMap((value) => ('holiday' in value ? [value.holiday] : []));
  const titles = objects.flatMap((value) => ('title' in value ? [value.title] : []));
  const [personRows, accounts, regions, teams, holidayRows, titleRows] = await Promise.all([
    people.length === 0
      ? []
      : query
          .selectFrom('person')
          .select(['id', 'name', 'zone'])
          .where('id', 'in', people)
          .execute(),
    namesOf(query, 'account', accountsNamed),
    namesOf(query, 'region', regionsNamed),
    namesOf(query, 'team', teamsNamed),
    holidays.length === 0
      ? []
      : query
          .selectFrom('region_holiday')
          .select(['region_id', 'day', 'name', 'names'])
          .where(
            'region_id',
            'in',
            holidays.map(({ region }) => region),
          )
          .execute(),
    titles.length === 0 ? new Map() : readContents(query, titles),
  ]);
  return {
    people: new Map(personRows.map((row) => [row.id, row])),
    accounts,
    regions,
    titles: new Map([...titleRows].map(([id, { body }]) => [id, titleOf(body)])),
    teams,
    holidays: new Map(
      holidayRows.map(({ region_id: region, day, name, names }) => [
        `${region}/${day}`,
        { name: name ?? '', names: names as Names },
      ]),
    ),
  };
}

/** By id. */
async function namesOf(
  query: Query,
  noun: 'account' | 'region' | 'team',
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM ${sql.table(noun)} WHERE id = ANY (${ids}::text[])`.execute(query);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const titleOf = (body: unknown): string =>
  (body as { readonly title?: string } | null)?.title ?? '';

function shown(value: NoticeValue, named: Named): RenderValue {
  const { people, accounts, regions, teams, holidays, titles } = named;
  if (typeof value !== 'object') return value;
  if ('person' in value) return people.get(value.person)?.name ?? value.person;
  if ('account' in value) return accounts.get(value.account) ?? value.account;
  if ('term' in value || 'day' in value || 'country' in value || 'language' in value) return value;
  if ('money' in value) return value;
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
