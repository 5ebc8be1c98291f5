/** A place in a list, handed to the reader as a text they only give back. */
import { problem, Refusal } from '../domain/problem.ts';

type Kind = 'text' | 'uuid' | 'integer' | 'day';
type ValueOf<K extends Kind> = K extends 'integer' ? number : string;
type Place<Kinds extends readonly Kind[] = readonly Kind[]> = {
  readonly [I in keyof Kinds]: ValueOf<Kinds[I]>;
};

export const pageLimitMax = 100;
export const pageLimitByDefault = 50;

export const encodeCursor = (place: Place): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** The values of a place of these kinds; null where the list begins. */
export function decodeCursor<const Kinds extends readonly Kind[]>(
  cursor: string | undefined,
  kinds: Kinds,
): Place<Kinds> | null {
  if (cursor === undefined) return null;
  const place = parsed(cursor);
  const fits =
    Array.isArray(place) &&
    place.length === kinds.length &&
    kinds.every((kind, index) => isValue[kind](place[index]));
  if (!fits) throw new Refusal(problem('request.cursor_invalid'));
  return place as unknown as Place<Kinds>;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** Instants of the years 1 to 9999, which Postgres reads; every other number in a place is far smaller. */
const integerMin = Date.parse('0001-01-01T00:00:00Z');
const integerMax = Date.parse('9999-12-31T23:59:59.999Z');
const day = /^(?!0000)\d{4}-\d\d-\d\d$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isDay = (text: string): boolean => {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};
const isValue = {
  text: (value: unknown) => typeof value === 'string' && !value.includes('\u0000'),
  uuid: (value: unknown) => typeof value === 'string' && uuid.test(value),
  day: (value: unknown) => typeof value === 'string' && day.test(value) && isDay(value),
  integer: (value: unknown) =>
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= integerMin &&
    value <= integerMax,
} as const;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly next: string | null;
}

/** Of one row more than was asked for: whether there is a next page, and where it begins. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  as: { item(row: Row): Item; place(row: Row): Place },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map((row) => as.item(row)),
    next: last === undefined ? null : encodeCursor(as.place(last)),
  };
}
