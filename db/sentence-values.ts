/** Names for ids and clocks for people: what sentences are filled with when they are read. */
import type { NoticeParams, NoticeValue } from '../domain/loop.ts';
import type { RenderValue, RenderValues } from '../locales/render.ts';
import type { Query } from './client.ts';

interface Named {
  readonly people: ReadonlyMap<string, { readonly name: string; readonly zone: string }>;
  readonly accounts: ReadonlyMap<string, string>;
}

/** In the order of `sentences`. A person or account that is gone is shown by its id. */
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
  const [personRows, accountRows] = await Promise.all([
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
  ]);
  return {
    people: new Map(personRows.map((row) => [row.id, row])),
    accounts: new Map(accountRows.map((row) => [row.id, row.name])),
  };
}

function shown(value: NoticeValue, { people, accounts }: Named): RenderValue {
  if (typeof value !== 'object') return value;
  if ('person' in value) return people.get(value.person)?.name ?? value.person;
  if ('account' in value) return accounts.get(value.account) ?? value.account;
  if ('term' in value) return value;
  const { instant, alsoFor } = value;
  const also = alsoFor && people.get(alsoFor);
  return also ? { instant, alsoZone: also.zone, alsoName: also.name } : { instant };
}
