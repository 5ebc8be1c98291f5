import { present } from '../domain/assert.ts';
import { allowanceMinutesByDefault, allowanceMinutesMax } from '../domain/handoff/packet.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { wallDay } from '../domain/time/wall.ts';
import type { Query } from './client.ts';
import { findPolicy } from './policies.ts';

/** Working minutes that a receiver has to read back, by the policy of their region on their day. */
export async function acceptanceMinutes(
  query: Query,
  receiver: PersonId,
  at: Instant,
): Promise<number> {
  const found = await query
    .selectFrom('person')
    .select(['region_id', 'zone'])
    .where('id', '=', receiver)
    .executeTakeFirst();
  const { region_id: region, zone } = present(found, `person ${receiver}`);
  const day = wallDay(at, zone);
  const key = 'handoff.acceptanceMinutes';
  const value = await findPolicy(query, { key, region: region as RegionId, day });
  const isAllowance = Number.isInteger(value) && (value as number) > 0;
  return isAllowance ? Math.min(value as number, allowanceMinutesMax) : allowanceMinutesByDefault;
}
