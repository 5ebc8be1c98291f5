/** The ways by which a person is reached, and which of them are known to fail. */
import { type RawBuilder, sql } from 'kysely';
import type { NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { allowedBy, type ChannelFacts, isWholeIn } from '../domain/notice/choose-channel.ts';
import type { ChannelName } from '../domain/people/preferences.ts';
import type { PolicyKey } from '../domain/policy/policies.ts';
import type { Query } from './client.ts';

export interface Routes extends ChannelFacts {
  /** A chat's is a secret. */
  readonly addresses: Readonly<Partial<Record<ChannelName, string>>>;
  /** Providers that rest, and until when. */
  readonly paused: Readonly<Partial<Record<ChannelName, Instant>>>;
  /** A chat shows all of a message, and not only what it is about. */
  readonly isWholeByChat: boolean;
}

/** As they lie in Postgres, for whichever day it is where the person is. */
export interface RouteFacts {
  readonly wanted: readonly ChannelName[] | null;
  /** Values of the policy, the one that counts first, for those that have begun. */
  readonly policies: readonly Begun[];
  /** Of how much a chat shows; none are asked for of whoever has no chat. */
  readonly chatTexts: readonly Begun[];
  readonly addresses: Readonly<Record<string, string>>;
  readonly off: readonly ChannelName[];
  readonly failed: readonly ChannelName[];
  readonly paused: Readonly<Record<string, string>>;
}

interface Begun {
  readonly from: string;
  readonly value: unknown;
}

interface FactsAsked {
  readonly person: RawBuilder<unknown>;
  readonly notice: RawBuilder<unknown>;
  readonly now: Instant;
}

/** No day begins earlier than this before that of UTC. */
const dayAheadMs = 14 * 3_600_000;
/** Of each region, and of all, at most two have begun somewhere and not where the person is. */
const policiesMax = 6;

const begun = (key: PolicyKey, now: Instant): RawBuilder<unknown> => sql`
  (SELECT coalesce(jsonb_agg(jsonb_build_object('from', valid_from, 'value', value)), '[]') FROM (
    SELECT value, valid_from FROM policy
    WHERE key = ${key} AND (region_id = p.region_id OR region_id IS NULL)
      AND valid_from <= ${new Date(now + dayAheadMs).toISOString().slice(0, 10)}::date
    ORDER BY region_id NULLS LAST, valid_from DESC LIMIT ${policiesMax}) latest)`;

/** A part of a statement: one row of RouteFacts, or none where nobody has the id. */
export const routeFacts = ({ person, notice, now }: FactsAsked): RawBuilder<unknown> => sql`
  SELECT
    (SELECT channels FROM preference WHERE person_id = p.id) AS wanted,
    ${begun('message.channels', now)} AS policies,
    CASE WHEN EXISTS (SELECT FROM contact WHERE person_id = p.id)
      THEN ${begun('message.chatText', now)} ELSE '[]' END AS "chatTexts",
    (SELECT jsonb_object_agg(channel, address) FROM (
      SELECT channel, address FROM contact WHERE person_id = p.id
      UNION ALL SELECT 'email', p.email) place) AS addresses,
    (SELECT coalesce(jsonb_agg(o.channel), '[]') FROM channel_off o
      LEFT JOIN contact c ON c.person_id = o.person_id AND c.channel = o.channel
      WHERE o.person_id = p.id AND o.address_hash = sha256(convert_to(
        CASE o.channel WHEN 'email' THEN p.email ELSE c.address END, 'UTF8'))) AS off,
    (SELECT coalesce(jsonb_agg(DISTINCT e.channel), '[]') FROM notice_event e
      WHERE e.notice_id = ${notice} AND e.reason IN ('rerouted', 'returned_refused')
        AND e.number > (SELECT coalesce(max(number), 0) FROM notice_event r
          WHERE r.notice_id = ${notice} AND r.what = 'retried')) AS failed,
    (SELECT coalesce(jsonb_object_agg(channel, until), '{}') FROM channel_pause
      WHERE until > ${now}::timestamptz) AS paused
  FROM person p WHERE p.id = ${person}`;

/** `day`: on the person's own calendar, such as `2026-11-23`. */
export function routesOn(facts: RouteFacts, day: string): Routes {
  const { policies, chatTexts, paused, addresses, ...rest } = facts;
  const onDay = (begunOn: readonly Begun[]): unknown =>
    begunOn.find(({ from }) => from <= day)?.value;
  return {
    ...rest,
    allowed: allowedBy(onDay(policies)),
    isWholeByChat: isWholeIn(onDay(chatTexts)),
    reachable: Object.keys(addresses) as ChannelName[],
    addresses,
    paused: Object.fromEntries(
      Object.entries(paused).map(([channel, until]) => [channel, Date.parse(until)]),
    ),
  };
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
  const asked = { person: sql`${person}`, notice: sql`${notice}::uuid`, now };
  const { rows } = await sql<RouteFacts>`${routeFacts(asked)}`.execute(query);
  const [facts] = rows;
  return facts ? routesOn(facts, day) : null;
}

/** Of a chat: the newest counts, and whoever gives the same again says that it reaches them. */
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
  await query
    .deleteFrom('channel_off')
    .where('person_id', '=', person)
    .where('channel', '=', channel)
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
