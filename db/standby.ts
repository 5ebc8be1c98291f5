/** Who holds an account on while nobody of its rotation works: counted as planned, corrected as it was. */
import { sql } from 'kysely';
import { standbyOf } from '../domain/fairness/standby.ts';
import type { AccountId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Range } from '../domain/time/range.ts';
import type { AskedOutside } from '../domain/fairness/asked.ts';
import type { Query } from './client.ts';
import { correctionKind, insertAsked, outsideOf } from './fairness.ts';

const kind = 'rotation.hold';
/** A row of its own: what was counted stays as it was. */
const corrected = correctionKind(kind);

interface Standby extends Range {
  readonly loop: LoopId;
  readonly sequence: number;
  readonly person: PersonId;
}

/** For whoever is reached for an account while nobody who may hold it works: a part of that time. */
export async function recordStandby(
  query: Query,
  { account, ...standby }: Standby & { readonly account: AccountId },
): Promise<void> {
  const { loop, sequence, person, from, until } = standby;
  await sql`
    INSERT INTO standby (loop_id, sequence, account_id, person_id, begins_at, ends_at)
    VALUES (${loop}, ${sequence}, ${account}, ${person}, ${from}::timestamptz, ${until}::timestamptz)
    ON CONFLICT DO NOTHING`.execute(query);
  const asked = await countedOf(query, standby);
  if (asked.outsideMinutes === 0) return;
  await insertAsked(query, [{ loop, sequence, kind, person, at: from, until: null, ...asked }]);
}

type Ending =
  | { readonly at: Instant; readonly account: AccountId }
  | { readonly at: Instant; readonly loop: LoopId };

/**
 * They hold it on no longer: the account goes on, or its rotation does. What they held it less than
 * planned is taken away, what they held it longer is added. Safe to repeat.
 */
export async function settleStandby(query: Query, { at, ...of }: Ending): Promise<void> {
  const mine = 'loop' in of ? sql`loop_id = ${of.loop}` : sql`account_id = ${of.account}`;
  const { rows } = await sql<Standby & AskedOutside>`
    UPDATE standby s SET settled_at = ${at}::timestamptz
    WHERE s.settled_at IS NULL AND s.${mine}
    RETURNING s.loop_id AS loop, s.sequence, s.person_id AS person, s.begins_at AS "from",
      s.ends_at AS until, ${counted('outside_minutes')} AS "outsideMinutes",
      ${counted('rest_minutes')} AS "restMinutes", ${counted('points')} AS points`.execute(query);
  for (const { outsideMinutes, restMinutes, points, until, ...standby } of rows) {
    if (until === at) continue;
    const { loop, sequence, person, from } = standby;
    const was = await countedOf(query, { ...standby, until: at });
    const more = {
      outsideMinutes: was.outsideMinutes - outsideMinutes,
      restMinutes: was.restMinutes - restMinutes,
      points: was.points - points,
    };
    if (Object.values(more).every((one) => one === 0)) continue;
    const row = { loop, sequence, kind: corrected, person, at: from, until: null, ...more };
    await insertAsked(query, [row]);
  }
}

const counted = (column: string) => sql`(SELECT coalesce(sum(a.${sql.raw(column)}), 0)::int
  FROM asked_outside a WHERE a.loop_id = s.loop_id AND a.sequence = s.sequence
    AND a.person_id = s.person_id AND a.kind = ${kind})`;

const nothing: AskedOutside = { outsideMinutes: 0, restMinutes: 0, points: 0 };

async function countedOf(
  query: Query,
  { person, from, until }: Range & { readonly person: PersonId },
): Promise<AskedOutside> {
  if (until <= from) return nothing;
  const { outsideMinutes } = await outsideOf(query, person, { from, until });
  const part = standbyOf({ from, until }, outsideMinutes);
  return part === null ? nothing : outsideOf(query, person, part);
}
