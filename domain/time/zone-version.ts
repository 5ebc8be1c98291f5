/**
 * Names of zone data: a release of the IANA time-zone database such as `2026c`, or `2026c+2026f`: the
 * release that was built in, corrected to what a later one says.
 */

/** The release that such data agrees with: `2026f` of both `2026f` and `2026c+2026f`. */
export const agreesWith = (version: string): string => version.slice(version.indexOf('+') + 1);

/** Years and letters sort as text: 2026c is older than 2026f, and so than 2026c+2026f. */
export const isOlderZoneData = (version: string, than: string): boolean =>
  agreesWith(version) < agreesWith(than);
