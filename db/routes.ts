/** The ways by which a person is reached, and which of them are known to fail. */
import { sql } from 'kysely';
import type { NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { allowedBy, type ChannelFacts } from '../domain/notice/choose-channel.ts';
import type { ChannelName } from '../domain/people/preferences.ts';
import type { Query } from './client.ts';
import { policyValue } from './policies.ts';

export interface Routes extends ChannelFacts {
  /** A chat's is a secret. */
  readonly addresses: Readonly<Partial<Record<ChannelName, string>>>;
  /** Providers that rest, and until when. */
  readonly paused: Readonly<Partial<Record<ChannelName, Instant>>>;
}

interface Row {
  readonly wanted: readonly ChannelName[] | null;
  readonly policy: unknown;
  readonly addresses: Readonly<Record<string, string>>;
  readonly off: readonly ChannelName[];
  readonly failed: readonly ChannelName[];
  readonly paused: Readonly<Record<string, string>>;
}

interface RoutesAsked {
  readonly person: PersonId;
  /** Null for none: then no channel has failed for it. */
  readonly notice: NoticeId | null;
  readonly now: Instant;
  /** On the person's own calendar, such as `2026-11-23`. */
  readonly day: string;
}

export async function findRoutes(
  query: Query,
  { person, notice, now, day }: RoutesAsked,
): Promise<Routes | null> {
  const { rows } = await sql<Row>`
    WITH place AS (
      SELECT channel, address FROM contact WHERE person_id = ${person}
      UNION ALL SELECT 'email', email FROM person WHERE id = ${person}
    )
    SELECT
      (SELECT channels FROM preference WHERE person_id = p.id) AS wanted,
      ${policyValue({ key: 'message.channels', region: sql.ref('p.region_id'), day })} AS policy,
      (SELECT jsonb_object_agg(channel, address) FROM place) AS addresses,
      ARRAY(SELECT o.channel FROM channel_off o JOIN place USING (channel) WHERE o.person_id = p.id
        AND o.address_hash = sha256(convert_to(place.address, 'UTF8'))) AS off,
      ARRAY(SELECT DISTINCT channel FROM notice_event
        WHERE notice_id = ${notice} AND what = 'rerouted') AS failed,
      (SELECT coalesce(jsonb_object_agg(channel, until), '{}') FROM channel_pause
        WHERE until > ${now}::timestamptz) AS paused
    FROM person p WHERE p.id = ${person}`.execute(query);
  const [row] = rows;
  if (!row) return null;
  const { wanted, policy, addresses, off, failed, paused } = row;
  return {
    wanted,
    allowed: allowedBy(policy),
    reachable: Object.keys(addresses) as ChannelName[],
    off,
    failed,
    addresses,
    paused: Object.fromEntries(
      Object.entries(paused).map(([channel, until]) => [channel, Date.parse(until)]),
    ),
  };
}

interface Pause {
  readonly channel: string;
  readonly until: Instant;
  readonly at: Instant;
  readonly reason: string;
}

/** Until the later of two, when another worker has found the same. */
export async function pauseChannel(query: Query, pause: Pause): Promise<void> {
  const { channel, until, at, reason } = pause;
  await sql`
    INSERT INTO channel_pause (channel, until, reason, since)
    VALUES (${channel}, ${until}::timestamptz, ${reason}, ${at}::timestamptz)
    ON CONFLICT (channel) DO UPDATE SET until = greatest(channel_pause.until, excluded.until),
      reason = excluded.reason`.execute(query);
}

export interface Rerouted {
  readonly id: NoticeId;
  readonly attempts: number;
  readonly from: string;
  readonly to: ChannelName;
  readonly at: Instant;
}

/** To the next channel, as a new revision: rendered anew, with all of its tries. False when it was not ours. */
export async function rerouteNotice(query: Query, rerouted: Rerouted): Promise<boolean> {
  const { id, attempts, from, to, at } = rerouted;
  const { rows } = await sql<{ readonly id: string }>`
    WITH moved AS (
      UPDATE notice SET status = 'planned', revision = revision + 1, attempts = 0, rendered = NULL,
        lease_until = NULL, channel = ${to}, send_at = ${at}::timestamptz, reason = 'rerouted',
        reason_params = '{}'
      WHERE id = ${id} AND status = 'sending' AND attempts = ${attempts} RETURNING id
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'rerouted', ${from}, 'rerouted' FROM moved
    RETURNING notice_id AS id`.execute(query);
  return rows.length > 0;
}

/** Of a chat: the newest counts, and whatever was known to fail is another address's affair. */
export async function saveContact(
  query: Query,
  person: PersonId,
  { channel, address }: { readonly channel: ChannelName; readonly address: string },
): Promise<void> {
  await query
    .insertInto('contact')
    .values({ person_id: person, channel, address })
    .onConflict((conflict) => conflict.columns(['person_id', 'channel']).doUpdateSet({ address }))
    .execute();
}

/** Whether there was one. */
export async function removeContact(
  query: Query,
  person: PersonId,
  channel: ChannelName,
): Promise<boolean> {
  const { numDeletedRows } = await query
    .deleteFrom('contact')
    .where('person_id', '=', person)
    .where('channel', '=', channel)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
