/** What Postgres keeps as JSON text: no NUL, no half of a surrogate pair. */
export const isStorable = (text: string): boolean =>
  text.isWellFormed() && !text.includes('\u0000');

type Place = readonly (string | number)[];

/** Where in something parsed there is text that cannot be kept; null where all of it can. */
export function unstorablePlace(value: unknown): Place | null {
  if (typeof value === 'string') return isStorable(value) ? null : [];
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inside] of Object.entries(value)) {
    // A name that cannot be kept cannot be told either: its place is that of what it is in.
    if (!isStorable(key)) return [];
    const place = unstorablePlace(inside);
    if (place !== null) return [Array.isArray(value) ? Number(key) : key, ...place];
  }
  return null;
}
