/** Practices that the first message of a handoff or an assignment offers: which fit, and what was offered. */
import { type RawBuilder, sql, type SqlBool, type Transaction } from 'kysely';
import type { OfferWay } from '../domain/exchange/offer.ts';
import type { Reader } from '../domain/exchange/gate.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import type { FrozenReading } from './practice-deliveries.ts';
import { mayReadPractice } from './practice-gate.ts';
import type { DB } from './schema.ts';

/** The newest that fit, and the newest of those that somebody reported on: of them the best proven is taken. */
const candidatesMax = { newest: 20, reported: 50 } as const;

/** What begins: the products of the account that it is about, or what is to be learned. */
export interface Occasion {
  readonly products: readonly string[];
  readonly competencies: readonly string[];
}

/** Of a handoff its account’s products, of an assignment the competencies of its goals. */
export async function occasionOf(query: Query, loop: LoopId): Promise<Occasion> {
  const { rows } = await sql<Occasion>`
    SELECT coalesce(a.products, '{}') AS products, coalesce(jsonb_path_query_array(
      i.state, '$.state.terms.goals[*].competency'), '[]') AS competencies
    FROM loop_instance i LEFT JOIN account a ON a.id = i.account_id WHERE i.id = ${loop}`.execute(
    query,
  );
  return rows[0] ?? { products: [], competencies: [] };
}

interface Fitting {
  readonly id: LoopId;
  readonly publishedAt: Instant;
}

/** None of their own, none that was offered to them before, and none that they have reported on. */
export async function fittingPractices(
  query: Query,
  reader: Reader,
  { products, competencies }: Occasion,
): Promise<readonly Fitting[]> {
  const known = products.filter((one) => reader.products === null || reader.products.includes(one));
  const about = known.length === 0 ? reader : { ...reader, products: known };
  if (known.length === 0 && competencies.length === 0) return [];
  const learned = known.length > 0 ? sql`` : sql`AND p.competency = ANY (${competencies}::text[])`;
  const said = (by: RawBuilder<unknown>) => sql<SqlBool>`EXISTS (
    SELECT FROM practice_verdict v WHERE v.practice_id = p.id ${by})`;
  const fitting = (more: RawBuilder<unknown>, most: number) => sql`(
    SELECT p.id, p.published_at AS "publishedAt" FROM practice p
    WHERE p.status = 'published' AND p.author_id <> ${reader.id} ${learned} ${more}
      AND ${mayReadPractice(about, sql.ref('p.id'))}
      AND NOT EXISTS (SELECT FROM practice_delivery d WHERE d.practice_id = p.id
        AND d.person_id = ${reader.id} AND d.via IN ('handoff', 'assignment'))
      AND NOT ${said(sql`AND v.person_id = ${reader.id}`)}
    ORDER BY p.published_at DESC, p.id LIMIT ${most})`;
  const { newest, reported } = candidatesMax;
  const { rows } = await sql<Fitting>`
    ${fitting(sql``, newest)} UNION ${fitting(sql`AND ${said(sql``)}`, reported)}`.execute(query);
  return rows;
}

interface KeptOffer {
  readonly notice: NoticeId;
  readonly practice: LoopId;
  readonly person: PersonId;
  readonly via: OfferWay;
  readonly version: number;
  readonly locale: string;
}

export async function keepOffer(tx: Transaction<DB>, offer: KeptOffer): Promise<void> {
  const { notice, practice, person, via, version, locale } = offer;
  await sql`
    INSERT INTO practice_offer (notice_id, practice_id, person_id, via, version, locale)
    VALUES (${notice}, ${practice}, ${person}, ${via}, ${version}, ${locale})
    ON CONFLICT (notice_id) DO UPDATE SET practice_id = excluded.practice_id,
      version = excluded.version, locale = excluded.locale`.execute(tx);
}

/** What these messages offered when they were made before, by the message. */
export async function offersOf(
  query: Query,
  notices: readonly NoticeId[],
): Promise<ReadonlyMap<NoticeId, LoopId>> {
  const { rows } = await sql<{ notice: NoticeId; practice: LoopId }>`
    SELECT notice_id AS notice, practice_id AS practice FROM practice_offer
    WHERE notice_id = ANY (${notices}::uuid[])`.execute(query);
  return new Map(rows.map(({ notice, practice }) => [notice, practice]));
}

const within = (lead: NoticeId) => sql`o.notice_id IN (
  SELECT id FROM notice WHERE id = ${lead} OR bundled_in = ${lead})`;

/** In the bytes of a message, also of what goes out within it. */
export async function frozenOffers(
  query: Query,
  lead: NoticeId,
): Promise<readonly FrozenReading[]> {
  const { rows } = await sql<FrozenReading>`
    SELECT o.practice_id AS practice, o.version, r.content_id AS content
    FROM practice_offer o LEFT JOIN practice_delivery r
      ON (r.practice_id, r.person_id, r.version, r.locale, r.via)
        = (o.practice_id, o.person_id, o.version, o.locale, o.via)
    WHERE ${within(lead)}`.execute(query);
  return rows;
}

/** What is made anew offers anew. What is under way with the bytes of before stays known to a recall. */
export async function dropOffers(query: Query, lead: NoticeId): Promise<void> {
  await sql`DELETE FROM practice_offer o WHERE ${within(lead)}`.execute(query);
}

/** It reached nobody, and nobody is called back from what they never had; whether it offered anything. */
export async function forgetOffers(query: Query, lead: NoticeId): Promise<boolean> {
  const { rows } = await sql`
    WITH gone AS (DELETE FROM practice_offer o WHERE ${within(lead)} RETURNING o.*)
    DELETE FROM practice_delivery d USING gone
    WHERE (d.practice_id, d.person_id, d.via, d.version, d.locale)
      = (gone.practice_id, gone.person_id, gone.via, gone.version, gone.locale)
    RETURNING d.practice_id`.execute(query);
  return rows.length > 0;
}
