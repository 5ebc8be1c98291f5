/** Somebody as authority looks at them: where they stand, what they hold, for whom they decide. */
import type { PersonId, RegionId } from './id.ts';
import type { LoopName } from './loop.ts';
import type { Role } from './people/role.ts';
import type { TeamKind } from './people/team.ts';
import type { Placed } from './subjects.ts';

/** A role of the directory; a guest is whoever is on an assignment in a region, until it ends. */
export type Office = Role | 'guest';

/** An office that counts in one region or, with null, everywhere. */
export interface Grant {
  readonly role: Office;
  readonly region: RegionId | null;
}

export interface Actor extends Placed {
  readonly isActive: boolean;
  readonly teamKind: TeamKind;
  /** Managing a region is the grant `regional-manager` in it. */
  readonly grants: readonly Grant[];
  /** For whom this person may decide now in everything, by delegation. */
  readonly principals: readonly PersonId[];
  /** For whom else, in the steps of one loop alone. */
  readonly principalsIn: Readonly<Partial<Record<LoopName, readonly PersonId[]>>>;
}

export const isOrLeads = (actor: Actor, person: Placed): boolean =>
  actor.id === person.id || person.line.includes(actor.id);

/** Oneself, and everyone one decides for: a delegate sees what the principal is asked. */
export const isSelf = (actor: Actor, id: PersonId): boolean =>
  actor.id === id || actor.principals.includes(id);

export const standsOver = (actor: Actor, person: Placed): boolean =>
  isSelf(actor, person.id) || person.line.some((manager) => isSelf(actor, manager));

/** A grant in a region counts for that region only; with `region` null it must count everywhere. */
export function holds(actor: Actor, offices: readonly Office[], region: RegionId | null): boolean {
  return actor.grants.some(
    (grant) => offices.includes(grant.role) && (grant.region === null || grant.region === region),
  );
}
