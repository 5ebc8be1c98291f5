/**
 * The euro foreign exchange reference rates as the European Central Bank publishes them: a day a line,
 * a currency a column, `N/A` where none was set, and a comma at the end of each line. Days are such as
 * 2026-11-23 in `eurofxref-hist.csv`, and 23 November 2026 in the daily `eurofxref.csv`.
 */
import { parseRate } from '../money.ts';

export interface PublishedRate {
  readonly day: string;
  readonly currency: string;
  /** Units of the currency for one euro, as written. */
  readonly unitsPerEuro: string;
}

export type ReadRates =
  | { readonly ok: true; readonly rates: readonly PublishedRate[] }
  /** `line` counts from 1. */
  | { readonly ok: false; readonly line: number; readonly what: string };

/** All of it or nothing: the first line that is not as it should be is named. */
export function readReferenceRates(text: string): ReadRates {
  const [head = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const [date, ...currencies] = cellsOf(head);
  const refuse = (line: number, what: string): ReadRates => ({ ok: false, line, what });
  if (date !== 'Date' || !currencies.length) return refuse(1, 'begins with Date and currencies');
  const odd = currencies.find((currency) => !/^[A-Z]{3}$/.test(currency));
  if (odd !== undefined) return refuse(1, 'names currencies by three capital letters');
  if (new Set(currencies).size < currencies.length) return refuse(1, 'names a currency once');
  const rates: PublishedRate[] = [];
  const days = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const [written = '', ...cells] = cellsOf(line);
    const day = dayOf(written);
    const number = index + 2;
    if (day === null) return refuse(number, 'begins with a day such as 2026-11-23');
    if (days.has(day)) return refuse(number, 'is of a day that no other line is of');
    if (cells.length !== currencies.length) return refuse(number, 'has a rate for each currency');
    days.add(day);
    for (const [column, cell] of cells.entries()) {
      if (cell === 'N/A' || cell === '') continue;
      if (!parseRate(cell)) return refuse(number, 'has rates such as 1.0777, or N/A');
      rates.push({ day, currency: currencies[column] ?? '', unitsPerEuro: cell });
    }
  }
  return { ok: true, rates };
}

function cellsOf(line: string): readonly string[] {
  const cells = line.split(',').map((cell) => cell.trim());
  return cells.at(-1) === '' ? cells.slice(0, -1) : cells;
}

const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

/** As in ISO 8601; null for what is no day. */
function dayOf(written: string): string | null {
  const [, day = '', month = '', year = ''] =
    /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(written) ?? [];
  const nth = String(months.indexOf(month) + 1).padStart(2, '0');
  const text = year === '' ? written : `${year}-${nth}-${day.padStart(2, '0')}`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : null;
}
