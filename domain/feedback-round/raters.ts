/** Who answers in a round, and with whom together. */
import type { PersonId } from '../id.ts';
import { type RaterGroup, type ShownGroup, shownTogether } from './groups.ts';
import type { Nominee, Rater } from './state.ts';

/** With the manager, who always answers. */
export const groupSizes = (nominees: readonly Nominee[]): Readonly<Record<RaterGroup, number>> => ({
  manager: 1,
  peers: nominees.filter(({ group }) => group === 'peers').length,
  reports: nominees.filter(({ group }) => group === 'reports').length,
});

interface Named {
  readonly subject: PersonId;
  readonly manager: PersonId;
  readonly nominees: readonly Nominee[];
}

/** Groups that could never be shown by themselves are not kept by themselves either. */
export function ratersOf({ subject, manager, nominees }: Named): readonly Rater[] {
  const together = shownTogether(groupSizes(nominees));
  const shownAs = (group: RaterGroup): ShownGroup => together?.[group] ?? 'others';
  const waits = { status: 'waiting', askedAt: null, isReminded: false } as const;
  return [
    { person: subject, group: 'self', shownAs: 'self', ...waits },
    { person: manager, group: 'manager', shownAs: shownAs('manager'), ...waits },
    ...nominees.map(({ person, group }) => ({ person, group, shownAs: shownAs(group), ...waits })),
  ];
}
