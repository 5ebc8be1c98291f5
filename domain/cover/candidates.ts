/** Who is asked to cover an account, in which order, and why: reasons a person can read and dispute. */
import type { PersonId } from '../id.ts';
import { candidatesMax } from './state.ts';

/** What is known of somebody who could cover. Minutes are within the window. */
export interface Colleague {
  readonly id: PersonId;
  readonly isBackup: boolean;
  readonly isSameTeam: boolean;
  readonly isSameRegion: boolean;
  /** Trained for every product of the account; whoever names no products is trained for those of their team. */
  readonly isCleared: boolean;
  /** Works in the language of the account's region. */
  readonly speaks: boolean;
  readonly workedMinutes: number;
  /** Of these, minutes in which the owner would usually have worked too. */
  readonly sharedMinutes: number;
  /** What the owner would have worked in the window, were they there. */
  readonly ownerMinutes: number;
  /** Minutes asked of them outside their hours in the last three months. */
  readonly askedOutsideMinutes: number;
}

export const candidateReasons = [
  'backup',
  'same_team',
  'same_region',
  'language',
  /** Percent of the owner's hours in the window that they work too. */
  'overlap',
  /** Minutes asked outside their hours lately: the fewer, the sooner they are asked. */
  'asked_outside',
  /** A swap: their own account is covered by whoever asks. */
  'in_return',
] as const;
export interface CandidateReason {
  readonly code: (typeof candidateReasons)[number];
  readonly points: number;
  readonly amount?: number;
}

export interface Candidate {
  readonly id: PersonId;
  readonly points: number;
  readonly reasons: readonly CandidateReason[];
}

/**
 * Points: 40 for the backup, 30 for the same team, 15 for the same region, 20 for the language, up to
 * 40 for shared working hours, minus a point for each ten minutes asked outside hours, 30 at most.
 * Whoever is not trained for the products, or works at no minute of the window, is not asked.
 */
export function rankCandidates(colleagues: readonly Colleague[]): readonly Candidate[] {
  return colleagues
    .filter(({ isCleared, workedMinutes }) => isCleared && workedMinutes > 0)
    .map((colleague) => {
      const reasons = reasonsFor(colleague);
      const points = reasons.reduce((sum, reason) => sum + reason.points, 0);
      return { id: colleague.id, points, reasons };
    })
    .sort((a, b) => b.points - a.points || (a.id < b.id ? -1 : 1))
    .slice(0, candidatesMax);
}

function reasonsFor(one: Colleague): readonly CandidateReason[] {
  const share = one.ownerMinutes > 0 ? Math.min(1, one.sharedMinutes / one.ownerMinutes) : 0;
  const asked = Math.round(one.askedOutsideMinutes);
  const all: readonly (CandidateReason | false)[] = [
    one.isBackup && { code: 'backup', points: 40 },
    one.isSameTeam && { code: 'same_team', points: 30 },
    one.isSameRegion && { code: 'same_region', points: 15 },
    one.speaks && { code: 'language', points: 20 },
    { code: 'overlap', points: Math.round(share * 40), amount: Math.round(share * 100) },
    asked > 0 && {
      code: 'asked_outside',
      points: -Math.min(30, Math.floor(asked / 10)),
      amount: asked,
    },
  ];
  return all.filter((reason) => reason !== false);
}
