/**
 * Numbers about few people are numbers about each of them. A group under five is not shown, nor is
 * one that could be had by taking shown groups from each other: complementary suppression, as
 * statistical offices do it (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).
 */
export const groupSizeMin = 5;

/**
 * Which parts of a whole may be shown beside the whole. Parts are disjoint and make up the whole;
 * none where the whole itself is too small. What is hidden is together at least five people, or
 * nobody: sums and differences of what is shown never tell of fewer.
 */
export function shownParts<Id extends string>(sizes: ReadonlyMap<Id, number>): ReadonlySet<Id> {
  const byName = [...sizes].filter(([, size]) => size > 0);
  const parts = byName.sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  let hidden = 0;
  const shown = new Set<Id>();
  for (const [id, size] of parts) {
    const wouldTell = hidden > 0 && hidden < groupSizeMin;
    if (size < groupSizeMin || wouldTell) hidden += size;
    else shown.add(id);
  }
  return shown;
}
