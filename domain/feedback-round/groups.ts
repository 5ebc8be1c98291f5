/**
 * With whom together answers are shown. Nothing is shown of fewer than three, and nothing from which it
 * could be reckoned: groups that are too small are one group, or belong to another, never to none.
 */
export const raterGroups = ['manager', 'peers', 'reports'] as const;
export type RaterGroup = (typeof raterGroups)[number];
export const shownGroups = ['peers', 'reports', 'others'] as const;
export type ShownGroup = (typeof shownGroups)[number];

/** Of answers in a group that is shown, beside the manager's, who reads them too and knows their own. */
export const shownTogetherMin = 3;

type Counts<Group extends string> = Readonly<Partial<Record<Group, number>>>;

/**
 * By group, as what it is shown: by its own name when it is large enough, else as one of the others. Where
 * the others would be too few as well, the smallest large group is one of them. The manager is one of
 * them and counts for nobody. Null when all of them together are too few: then nothing is shown.
 */
export function shownTogether<Group extends RaterGroup | ShownGroup>(
  counts: Counts<Group>,
): Readonly<Record<Group, ShownGroup>> | null {
  const groups = (Object.entries(counts) as [Group, number][]).filter(([, count]) => count > 0);
  const large = groups
    .filter(([group, count]) => isShownGroup(group) && count >= shownTogetherMin)
    .toSorted(([, a], [, b]) => a - b);
  const left = groups.filter((one) => !large.includes(one));
  const isEnough = (): boolean =>
    left.length === 0 ||
    left.reduce((sum, [group, count]) => sum + (group === 'manager' ? 0 : count), 0) >=
      shownTogetherMin;
  while (!isEnough()) {
    const smallest = large.shift();
    if (smallest === undefined) return null;
    left.push(smallest);
  }
  if (large.length + left.length === 0) return null;
  const isLarge = new Set(large.map(([group]) => group));
  return Object.fromEntries(
    groups.map(([group]) => [group, isLarge.has(group) ? group : 'others']),
  ) as Record<Group, ShownGroup>;
}

const isShownGroup = (group: string): boolean => group === 'peers' || group === 'reports';
