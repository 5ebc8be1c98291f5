/**
 * Who may read what: country × product × role × partner. The only place that decides it; lists ask its
 * SQL twin (`db/practice-gate.ts`), which a property test holds equal to this. It is asked when listing,
 * when composing, and once more in the transaction that delivers.
 */
import type { PersonId, RegionId } from '../id.ts';
import type { Role } from '../people/role.ts';
import type { TeamKind } from '../people/team.ts';
import type { Audience, PracticeStatus, Scope } from './practice.ts';

export interface Reader {
  readonly id: PersonId;
  readonly isActive: boolean;
  readonly teamKind: TeamKind;
  readonly region: RegionId;
  /** Of their region; whoever is in none reads nothing. */
  readonly country: string | null;
  /**
   * What they are trained for, or null for everything. Own people who name nothing are trained for
   * everything; partners who name nothing, for the products of their team's accounts.
   */
  readonly products: readonly string[] | null;
  readonly roles: readonly Role[];
  readonly locale: string;
  readonly regionLocale: string;
}

export interface Clearance extends Scope {
  /** Both reviews approved the version of now, and its verification is not stale. */
  readonly isReadable: boolean;
}

export interface Gated extends Audience {
  readonly status: PracticeStatus;
  readonly clearances: readonly Clearance[];
}

export function mayRead(reader: Reader, practice: Gated): boolean {
  return (
    reader.isActive &&
    practice.status === 'published' &&
    (reader.teamKind === 'own' || practice.isForPartners) &&
    isForRoles(reader, practice) &&
    practice.clearances.some((clearance) => isClearedFor(reader, clearance))
  );
}

const isForRoles = (reader: Reader, { roles }: Gated): boolean =>
  roles.length === 0 || roles.some((role) => reader.roles.includes(role));

const isClearedFor = (reader: Reader, { country, product, isReadable }: Clearance): boolean =>
  isReadable &&
  country === reader.country &&
  (reader.products === null || reader.products.includes(product));
