/** Practices as those see them who work on them, and as the gate lets others read them. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type {
  DutyStatus,
  PracticeKind,
  PracticeStatus,
  RecallKind,
  RecallSeverity,
  ReviewStatus,
  TranslationStatus,
} from '../domain/exchange/practice.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Competency } from '../domain/people/competency.ts';
import type { Role } from '../domain/people/role.ts';
import type { Query } from './client.ts';
import { maySeePractice } from './visibility.ts';

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface PracticeRow {
  readonly id: LoopId;
  readonly status: PracticeStatus;
  readonly kind: PracticeKind;
  readonly competency: Competency;
  readonly author: Named<PersonId>;
  readonly isAuthorHidden: boolean;
  readonly sourceLocale: string;
  readonly sourceHash: string;
  readonly version: number;
  readonly content: ContentId;
  readonly countries: readonly string[];
  readonly products: readonly string[];
  readonly roles: readonly Role[];
  readonly isForPartners: boolean;
  readonly draftedAt: Instant;
  readonly publishedAt: Instant | null;
  readonly withdrawnAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
  /** By those who work on it. */
  readonly isSeen: boolean;
  readonly clearances: readonly ClearanceRow[];
  readonly duties: readonly DutyRow[];
  readonly translations: readonly TranslationRow[];
}

export interface ClearanceRow {
  readonly country: string;
  readonly product: string;
  readonly clinical: ReviewStatus;
  readonly compliance: ReviewStatus;
  readonly isReadable: boolean;
}

export interface DutyRow {
  readonly country: string;
  readonly expert: Named<PersonId>;
  readonly status: DutyStatus;
  readonly verifiedAt: string;
  readonly dueAt: string;
}

export interface TranslationRow {
  readonly locale: string;
  readonly status: TranslationStatus;
  readonly content: ContentId;
  readonly proposer: PersonId | null;
  readonly approvedFor: readonly string[];
}

const selectPractices = (actor: Actor) => sql`
  SELECT p.id, p.status, p.kind, p.competency, p.is_author_hidden AS "isAuthorHidden",
    jsonb_build_object('id', author.id, 'name', author.name) AS author,
    p.source_locale AS "sourceLocale", p.source_hash AS "sourceHash", p.version,
    p.content_id AS content, p.countries, p.products, p.roles,
    p.is_for_partners AS "isForPartners", p.drafted_at AS "draftedAt",
    p.published_at AS "publishedAt", p.withdrawn_at AS "withdrawnAt", i.revision,
    i.held_at IS NOT NULL AS "isHeld", ${maySeePractice(actor, sql.ref('p.id'))} AS "isSeen",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('country', c.country, 'product', c.product,
        'clinical', c.clinical, 'compliance', c.compliance, 'isReadable', c.is_readable)
        ORDER BY c.country, c.product), '[]')
      FROM practice_clearance c WHERE c.practice_id = p.id) AS clearances,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('country', d.country,
        'expert', jsonb_build_object('id', e.id, 'name', e.name), 'status', d.status,
        'verifiedAt', d.verified_at, 'dueAt', d.due_at) ORDER BY d.country), '[]')
      FROM practice_duty d JOIN person e ON e.id = d.expert_id
      WHERE d.practice_id = p.id) AS duties,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('locale', t.locale, 'status', t.status,
        'content', t.content_id, 'proposer', t.proposed_by, 'approvedFor', t.approved_for)
        ORDER BY t.locale, t.status = 'approved', t.content_id), '[]')
      FROM practice_wording t WHERE t.practice_id = p.id) AS translations
  FROM practice p
  JOIN loop_instance i ON i.id = p.id
  JOIN person author ON author.id = p.author_id`;

/** Whoever asks, it is there: what may be shown of it is for the caller to say, by `isSeen` and the gate. */
export async function findPractice(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<PracticeRow | null> {
  const { rows } = await sql<PracticeRow>`
    ${selectPractices(actor)} WHERE p.id = ${id}`.execute(query);
  return rows[0] ?? null;
}

export const practiceQueues = ['mine', 'review', 'stale'] as const;
export type PracticeQueue = (typeof practiceQueues)[number];

export interface QueuePage {
  readonly queue: PracticeQueue;
  readonly after: { readonly draftedAt: Instant; readonly id: string } | null;
  readonly limit: number;
}

const inQueue = (actor: Actor, queue: PracticeQueue) => {
  switch (queue) {
    case 'mine':
      return sql`p.author_id = ${actor.id}`;
    case 'review':
      return sql`p.status IN ('in_review', 'published') AND EXISTS (
        SELECT FROM practice_clearance c WHERE c.practice_id = p.id
          AND 'open' IN (c.clinical, c.compliance))`;
    case 'stale':
      return sql`p.status = 'published' AND EXISTS (
        SELECT FROM practice_duty d WHERE d.practice_id = p.id AND d.status <> 'current')`;
  }
};

/** Of those that the actor works on, the newest first. */
export async function listPractices(
  query: Query,
  actor: Actor,
  { queue, after, limit }: QueuePage,
): Promise<readonly PracticeRow[]> {
  const { rows } = await sql<PracticeRow>`
    ${selectPractices(actor)}
    WHERE ${maySeePractice(actor, sql.ref('p.id'))} AND ${inQueue(actor, queue)}
      AND (${after === null} OR (p.drafted_at, p.id)
        < (${after?.draftedAt ?? 0}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY p.drafted_at DESC, p.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

export interface ReachRow {
  readonly person: Named<PersonId>;
  readonly isPartner: boolean;
  /** Each text that they received. */
  readonly received: readonly {
    readonly version: number;
    readonly locale: string;
    readonly via: string;
    readonly at: string;
  }[];
  /** Each time that they were told it was called back. */
  readonly recalls: readonly {
    readonly sequence: number;
    readonly locale: string;
    /** Of the message; null for whoever had left. */
    readonly status: string | null;
    /** Null where a message reached them, or nothing was about patients. */
    readonly inPerson: {
      readonly asked: Named<PersonId>[];
      readonly toldAt: string | null;
      readonly toldBy: Named<PersonId> | null;
    } | null;
  }[];
}

export interface RecallRow {
  readonly sequence: number;
  readonly kind: RecallKind;
  readonly severity: RecallSeverity;
  readonly at: Instant;
  readonly recipients: number;
  /** Null while some are still to be told. */
  readonly toldAllAt: Instant | null;
}

/** Of a row of `practice_unreached u`; null where there is none. */
const toldInPerson = sql`CASE WHEN u.id IS NOT NULL THEN jsonb_build_object(
  'asked', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) ORDER BY w.nth),
      '[]') FROM unnest(u.asked) WITH ORDINALITY AS w (id, nth) JOIN person a ON a.id = w.id),
  'toldAt', u.reached_at,
  'toldBy', (SELECT jsonb_build_object('id', b.id, 'name', b.name) FROM person b
    WHERE b.id = u.reached_by)) END`;

/** Everyone who received it, and what each was told since; by id. */
export async function reachOf(
  query: Query,
  { id, after, limit }: { readonly id: LoopId; readonly after: string; readonly limit: number },
): Promise<readonly ReachRow[]> {
  const { rows } = await sql<ReachRow>`
    SELECT jsonb_build_object('id', p.id, 'name', p.name) AS person,
      t.kind = 'partner' AS "isPartner",
      (SELECT jsonb_agg(jsonb_build_object('version', d.version, 'locale', d.locale, 'via', d.via,
          'at', d.at) ORDER BY d.at, d.via)
        FROM practice_delivery d WHERE d.practice_id = ${id} AND d.person_id = p.id) AS received,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('sequence', r.sequence, 'locale', r.locale,
          'status', n.status, 'inPerson', ${toldInPerson}) ORDER BY r.sequence), '[]')
        FROM practice_recall_recipient r LEFT JOIN notice n ON n.id = r.notice_id
        LEFT JOIN practice_unreached u ON u.practice_id = r.practice_id
          AND u.sequence = r.sequence AND u.person_id = r.person_id
        WHERE r.practice_id = ${id} AND r.person_id = p.id) AS recalls
    FROM person p JOIN team t ON t.id = p.team_id
    WHERE p.id > ${after}
      AND p.id IN (SELECT person_id FROM practice_delivery WHERE practice_id = ${id})
    ORDER BY p.id LIMIT ${limit}`.execute(query);
  return rows;
}

export async function recallsOf(query: Query, id: LoopId): Promise<readonly RecallRow[]> {
  const { rows } = await sql<RecallRow>`
    SELECT r.sequence, r.kind, r.severity, r.at, r.told_all_at AS "toldAllAt",
      (SELECT count(*)::int FROM practice_recall_recipient x
        WHERE x.practice_id = r.practice_id AND x.sequence = r.sequence) AS recipients
    FROM practice_recall r WHERE r.practice_id = ${id} ORDER BY r.at, r.sequence`.execute(query);
  return rows;
}

/** What somebody received of it before it was withdrawn: the title as they read it, and no more. */
export async function receivedTitle(
  query: Query,
  { id, person }: { readonly id: LoopId; readonly person: PersonId },
): Promise<{ readonly locale: string; readonly title: string } | null> {
  const { rows } = await sql<{ locale: string; title: string }>`
    SELECT d.locale, coalesce(c.body->>'title', '') AS title
    FROM practice_delivery d JOIN content c ON c.id = d.content_id
    WHERE d.practice_id = ${id} AND d.person_id = ${person}
    ORDER BY d.last_at DESC LIMIT 1`.execute(query);
  return rows[0] ?? null;
}
