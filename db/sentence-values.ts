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

interface Noun {
  readonly id: string;
  readonly name: string;
}

/** As they lie in Postgres. */
export interface NamesRead {
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

/**
 * A part of a statement: one row of NamesRead, of everything that the sentences of a jsonb list speak
 * of. Postgres finds their ids itself, so that it plans the statement once and not at each message.
 */
export const namesIn = (sentences: RawBuilder<unknown>): RawBuilder<NamesRead> => sql`
  WITH spoken AS MATERIALIZED (
    SELECT value FROM jsonb_path_query(${sentences}, '$.** ? (@.type() == "object")') AS value
  )
  SELECT
    ${listOf(sql`SELECT id, name, zone FROM person
      WHERE id = ANY (${said(sql`coalesce(value->>'person', value->>'alsoFor')`)})`)} AS people,
    ${namesOf('account')} AS accounts, ${namesOf('region')} AS regions, ${namesOf('team')} AS teams,
    ${listOf(sql`SELECT region_id AS region, day, name, names FROM region_holiday
      WHERE region_id = ANY (${said(sql`value->'holiday'->>'region'`)})
        AND day::text = ANY (${said(sql`value->'holiday'->>'day'`)})`)} AS holidays`;

const listOf = (rows: RawBuilder<unknown>) =>
  sql`(SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (${rows}) r)`;
const namesOf = (noun: 'account' | 'region' | 'team') =>
  listOf(sql`SELECT id, name FROM ${sql.table(noun)}
    WHERE id = ANY (${said(sql`value->>${sql.lit(noun)}`)})`);
/** As a list they are looked up; joined, the planner would read whole tables for one name. */
const said = (id: RawBuilder<unknown>) => sql`ARRAY(SELECT ${id} FROM spoken)`;

/**
 * In the order of `sentences`. What is gone is shown by its id; a holiday that is, by its day. `read`:
 * the names, where they came along with something else.
 */
export async function sentenceValues(
  query: Query,
  sentences: readonly NoticeParams[],
  read: NamesRead | null = null,
): Promise<readonly RenderValues[]> {
  const values = sentences.flatMap(valuesIn);
  const titles = values.flatMap((value) =>
    typeof value === 'object' && 'title' in value ? [value.title] : [],
  );
  const [names, texts] = await Promise.all([
    read ?? (values.some(isNoun) ? readNames(query, sentences) : null),
    readContents(query, titles),
  ]);
  const named = namedBy(names, texts);
  return sentences.map((params) => shownAll(params, named));
}

/** Also those of a sentence within. */
const valuesIn = (params: NoticeParams): readonly NoticeValue[] =>
  Object.values(params).flatMap((value) =>
    typeof value === 'object' && 'sentence' in value ? valuesIn(value.params) : [value],
  );

const isNoun = (value: NoticeValue): boolean =>
  typeof value === 'object' && nouns.some((noun) => noun in value);
const nouns = ['person', 'alsoFor', 'account', 'region', 'team', 'holiday'] as const;

async function readNames(query: Query, sentences: readonly NoticeParams[]): Promise<NamesRead> {
  const list = sql`${JSON.stringify(sentences)}::text::jsonb`;
  const { rows } = await namesIn(list).execute(query);
  return present(rows[0], 'the one row of names');
}

function namedBy(names: NamesRead | null, texts: Awaited<ReturnType<typeof readContents>>): Named {
  const { people = [], accounts = [], regions = [], teams = [], holidays = [] } = names ?? {};
  return {
    people: new Map(people.map((row) => [row.id, row])),
    accounts: byId(accounts),
    regions: byId(regions),
    teams: byId(teams),
    titles: new Map([...texts].map(([id, { body }]) => [id, titleOf(body)])),
    holidays: new Map(
      holidays.map(({ region, day, name, names: named }) => [
        `${region}/${day}`,
        { name: name ?? '', names: named },
      ]),
    ),
  };
}

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
