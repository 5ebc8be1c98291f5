/** Whom an account goes to, with what is to be done for it, when its owner leaves. */
import { type RawBuilder, sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import { lineOfPerson } from './actors.ts';

/** Who has what the owner of custody `c` leaves; those of `leaving` count as gone. Null: nobody is there. */
export const heirOfCustody = (
  leaving: readonly PersonId[] = [],
): RawBuilder<PersonId | null> => sql`(
  SELECT heir.id
  FROM person
  JOIN account left_account ON left_account.id = c.account_id
  JOIN team left_team ON left_team.id = left_account.team_id
  JOIN region left_region ON left_region.id = left_team.region_id
  CROSS JOIN unnest(ARRAY[person.backup_id] || ${lineOfPerson} || ARRAY[left_region.manager_id])
    WITH ORDINALITY AS next (id, place)
  JOIN person heir ON heir.id = next.id AND heir.left_at IS NULL
    AND heir.id <> ALL (${leaving}::text[])
  WHERE person.id = c.owner_id ORDER BY next.place LIMIT 1)`;

/** Whether a loop that goes on finds the next owner of custody `c`. */
export const isInHand: RawBuilder<boolean> = sql`(
  EXISTS (SELECT FROM handoff h WHERE h.account_id = c.account_id AND h.closed_at IS NULL)
  OR EXISTS (SELECT FROM cover v WHERE v.account_id = c.account_id AND v.closed_at IS NULL
    AND v.status = 'running' AND v.taker_id = c.owner_id))`;
