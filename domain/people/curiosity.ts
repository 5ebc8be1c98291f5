/** Who tried something and shared it, won or lost: recognised beside their quota, and never by it. */
import type { PersonId } from '../id.ts';

export interface Shared {
  readonly person: PersonId;
  readonly name: string;
  readonly wins: number;
  readonly failures: number;
}

const sharedOf = ({ wins, failures }: Shared): number => wins + failures;

/** By what was shared, a failure counting as much as a win; then by name. Quota is not looked at. */
export const inOrder = <Entry extends Shared>(entries: readonly Entry[]): readonly Entry[] =>
  entries.toSorted(
    (a, b) =>
      sharedOf(b) - sharedOf(a) ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : a.person < b.person ? -1 : 1),
  );
