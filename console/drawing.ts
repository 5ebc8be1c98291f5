/** What every drawing has in common: server-made SVG that no script and no style is needed for. */

/** A tenth of a unit is finer than any screen. */
export const place = (value: number): number => Math.round(value * 10) / 10;

/** Names are written the other way than what stands around them, or not: each by itself. */
export const isolated = (name: string): string => `\u2068${name}\u2069`;
