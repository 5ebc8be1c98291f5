/** Names for ids and clocks for people: what sentences are filled with when they are read. */
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
  const accounts = objects.flatMap((value) => ('account' in value ? [value.account] : []));
  const regions = objects.flatMap((value) => ('region' in value ? [value.region] : []));
  const holidays = objects.flatMap((value) => ('holiday' in value ? [value.holiday] : []));
  const titles = objects.flatMap((value) => ('title' in value ? [value.title] : []));
  const [personRows, accountRows, regionRows, holidayRows, titleRows] = await Promise.all([
    people.length === 0
      ? []
      : query
          .selectFrom('person')
          .select(['id', 'name', 'zone'])
          .where('id', 'in', people)
          .execute(),
    accounts.length === 0
      ? []
      : query.selectFrom('account').select(['id', 'name']).where('id', 'in', accounts).execute(),
    regions.length === 0
      ? []
      : query.selectFrom('region').select(['id', 'name']).where('id', 'in', regions).execute(),
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
    accounts: new Map(accountRows.map((row) => [row.id, row.name])),
    regions: new Map(regionRows.map((row) => [row.id, row.name])),
    titles: new Map([...titleRows].map(([id, { body }]) => [id, titleOf(body)])),
    holidays: new Map(
      holidayRows.map(({ region_id: region, day, name, names }) => [
        `${region}/${day}`,
        { name: name ?? '', names: names as Names },
      ]),
    ),
  };
}

const titleOf = (body: unknown): string =>
  (body as { readonly title?: string } | null)?.title ?? '';

function shown(
  value: NoticeValue,
  { people, accounts, regions, holidays, titles }: Named,
): RenderValue {
  if (typeof value !== 'object') return value;
  if ('person' in value) return people.get(value.person)?.name ?? value.person;
  if ('account' in value) return accounts.get(value.account) ?? value.account;
  if ('term' in value || 'day' in value || 'country' in value || 'language' in value) return value;
  if ('title' in value) return titles.get(value.title) ?? '';
  if ('region' in value) return regions.get(value.region) ?? value.region;
  if ('holiday' in value) {
    const { region, day } = value.holiday;
    return holidays.get(`${region}/${day}`) ?? { day };
  }
  const { instant, alsoFor } = value;
  const also = alsoFor && people.get(alsoFor);
  return also ? { instant, alsoZone: also.zone, alsoName: also.name } : { instant };
}
