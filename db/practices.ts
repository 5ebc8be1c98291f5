/** Practices: what their loop reads of the world, and the read model that it writes. */
import { sql, type Transaction } from 'kysely';
import { present } from '../domain/assert.ts';
import { reviewerRoles, reviewKinds } from '../domain/exchange/practice.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { isAllowed } from '../domain/policy/policies.ts';
import { type ByDay, onWallDay } from '../domain/policy/wall-day.ts';
import type {
  Cleared,
  PracticeFacts,
  PracticeState,
  Translation,
} from '../domain/practice/state.ts';
import { verificationDaysByDefault } from '../domain/practice/state.ts';
import type { PracticeSubject } from '../domain/subjects.ts';
import type { Query } from './client.ts';
import { policyByDay } from './policies.ts';
import type { DB } from './schema.ts';

/** Considered for one country and kind; more are there than anybody asks. */
const clearedMax = 200;

/** Who may review in these countries: of the own people, by an office everywhere or in a region there. */
export async function clearedPeople(
  query: Query,
  countries: readonly string[],
): Promise<readonly Cleared[]> {
  if (countries.length === 0) return [];
  const offices = reviewKinds.map((kind) => ({ kind, role: reviewerRoles[kind] }));
  const { rows } = await sql<Cleared>`
    SELECT c.id, c.kind, c.country, c.products, c.locales FROM (
      SELECT p.id, o.kind, w.country, w.place,
        CASE WHEN cardinality(p.products) > 0 THEN p.products END AS products,
        p.languages || coalesce(p.locale, home.locale) AS locales,
        bool_or(g.country = w.country) AS is_near,
        (SELECT count(*) FROM task WHERE task.person_id = p.id AND task.closed_sequence IS NULL
          AND task.kind LIKE 'practice.%') AS load,
        row_number() OVER (PARTITION BY o.kind, w.country ORDER BY p.id) AS nth
      FROM unnest(${countries}::text[]) WITH ORDINALITY AS w (country, place)
      CROSS JOIN jsonb_to_recordset(${JSON.stringify(offices)}::text::jsonb)
        AS o (kind text, role text)
      JOIN person_role r ON r.role = o.role
      LEFT JOIN region g ON g.id = r.region_id
      JOIN person p ON p.id = r.person_id AND p.left_at IS NULL
      JOIN region home ON home.id = p.region_id
      JOIN team t ON t.id = p.team_id AND t.kind = 'own'
      WHERE r.region_id IS NULL OR g.country = w.country
      GROUP BY p.id, home.locale, o.kind, w.country, w.place
    ) c WHERE c.nth <= ${clearedMax}
    ORDER BY c.place, c.kind, c.is_near DESC NULLS LAST, c.load, c.id`.execute(query);
  return rows;
}

interface FactsRow {
  readonly country: string;
  readonly zone: string;
  readonly steward: PersonId;
  readonly days: ByDay;
}

export async function practiceFacts(
  tx: Transaction<DB>,
  { terms }: PracticeState,
  at: Instant,
): Promise<PracticeFacts> {
  const countries = terms?.countries ?? [];
  const { rows } = await sql<FactsRow>`
    SELECT DISTINCT ON (g.country) g.country, g.zone, g.manager_id AS steward, ${policyByDay({
      key: 'exchange.verificationDays',
      region: sql.ref('g.id'),
      at,
    })} AS days
    FROM region g WHERE g.country = ANY (${countries}::text[])
    ORDER BY g.country, g.id`.execute(tx);
  return {
    cleared: await clearedPeople(tx, countries),
    stewards: Object.fromEntries(rows.map(({ country, steward }) => [country, steward])),
    verificationDays: Object.fromEntries(
      rows.map(({ country, zone, days }) => [country, daysOf(onWallDay(days, zone, at))] as const),
    ),
  };
}

/** What the policy does not say readably is as it is everywhere. */
const daysOf = (value: unknown): number =>
  isAllowed('exchange.verificationDays', value) ? Number(value) : verificationDaysByDefault;

interface ProjectedPractice {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: PracticeState;
  readonly facts: PracticeFacts;
}

/** The practice row comes first: whoever delivers holds it, and is through before anything else changes. */
export async function projectPractice(tx: Transaction<DB>, step: ProjectedPractice): Promise<void> {
  const { id, at, after } = step;
  const terms = present(after.terms, 'the terms of a practice');
  const { content, hashes, kind, competency, isAuthorHidden, locale, countries, products } = terms;
  const status = statusOf(after);
  await sql`
    INSERT INTO practice (id, status, kind, competency, author_id, is_author_hidden, source_locale,
      version, content_id, source_hash, countries, products, roles, is_for_partners, drafted_at,
      published_at, withdrawn_at, changed_at)
    VALUES (${id}, ${status}, ${kind}, ${competency}, ${after.author}, ${isAuthorHidden}, ${locale},
      ${after.version}, ${content}, ${hashes.text}, ${countries}::text[], ${products}::text[],
      ${terms.roles}::text[], ${terms.isForPartners}, ${after.draftedAt}::timestamptz,
      ${after.publishedAt}::timestamptz, ${status === 'withdrawn' ? at : null}::timestamptz,
      ${after.changedAt}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, kind = excluded.kind,
      competency = excluded.competency, is_author_hidden = excluded.is_author_hidden,
      source_locale = excluded.source_locale, version = excluded.version,
      content_id = excluded.content_id, source_hash = excluded.source_hash,
      countries = excluded.countries, products = excluded.products, roles = excluded.roles,
      is_for_partners = excluded.is_for_partners, published_at = excluded.published_at,
      withdrawn_at = excluded.withdrawn_at, changed_at = excluded.changed_at`.execute(tx);
  await sql`
    INSERT INTO practice_version (practice_id, version, content_id, source_hash, at)
    VALUES (${id}, ${after.version}, ${content}, ${hashes.text}, ${after.changedAt}::timestamptz)
    ON CONFLICT (practice_id, version) DO UPDATE SET content_id = excluded.content_id,
      source_hash = excluded.source_hash`.execute(tx);
  await projectClearances(tx, step);
  await projectDuties(tx, step);
  await projectTranslations(tx, step);
}

function statusOf({ status, publishedAt }: PracticeState): string {
  if (status === 'withdrawn') return 'withdrawn';
  if (status === 'draft') return 'draft';
  return publishedAt === null ? 'in_review' : 'published';
}

async function projectClearances(
  tx: Transaction<DB>,
  { id, after }: ProjectedPractice,
): Promise<void> {
  const { reviews, duties, status } = after;
  const rows = reviews.flatMap((clinical) => {
    if (clinical.kind !== 'clinical') return [];
    const { country, product } = clinical;
    const compliance = present(
      reviews.find(
        (one) => one.kind === 'compliance' && one.country === country && one.product === product,
      ),
      'the compliance review',
    );
    const isCleared = clinical.status === 'approved' && compliance.status === 'approved';
    const duty = duties.find((one) => one.country === country);
    return [
      {
        country,
        product,
        clinical: clinical.status,
        compliance: compliance.status,
        clinical_reviewer_id: clinical.by,
        compliance_reviewer_id: compliance.by,
        cleared_at: isCleared ? iso(Math.max(clinical.at, compliance.at)) : null,
        is_readable: isCleared && status === 'open' && duty?.status !== 'stale',
      },
    ];
  });
  const given = JSON.stringify(rows);
  await sql`
    DELETE FROM practice_clearance c WHERE practice_id = ${id} AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset(${given}::text::jsonb) AS r (country text, product text)
      WHERE r.country = c.country AND r.product = c.product)`.execute(tx);
  await sql`
    INSERT INTO practice_clearance
    SELECT ${id}, r.* FROM jsonb_to_recordset(${given}::text::jsonb) AS r (country text,
      product text, clinical text, compliance text, clinical_reviewer_id text,
      compliance_reviewer_id text, cleared_at timestamptz, is_readable boolean)
    ON CONFLICT (practice_id, country, product) DO UPDATE SET clinical = excluded.clinical,
      compliance = excluded.compliance, clinical_reviewer_id = excluded.clinical_reviewer_id,
      compliance_reviewer_id = excluded.compliance_reviewer_id, cleared_at = excluded.cleared_at,
      is_readable = excluded.is_readable`.execute(tx);
}

const iso = (at: Instant | null): string | null =>
  at === null ? null : new Date(at).toISOString();

const dayMs = 86_400_000;

async function projectDuties(
  tx: Transaction<DB>,
  { id, after, facts }: ProjectedPractice,
): Promise<void> {
  const rows = after.duties.map(({ country, expert, status, verifiedAt }) => {
    const days = facts.verificationDays[country] ?? verificationDaysByDefault;
    const dueAt = iso(verifiedAt + days * dayMs);
    return { country, expert_id: expert, status, verified_at: iso(verifiedAt), due_at: dueAt };
  });
  await sql`DELETE FROM practice_duty WHERE practice_id = ${id}
    AND country <> ALL (${rows.map(({ country }) => country)}::text[])`.execute(tx);
  await sql`
    INSERT INTO practice_duty
    SELECT ${id}, r.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS r (
      country text, expert_id text, status text, verified_at timestamptz, due_at timestamptz)
    ON CONFLICT (practice_id, country) DO UPDATE SET expert_id = excluded.expert_id,
      status = excluded.status, verified_at = excluded.verified_at,
      due_at = excluded.due_at`.execute(tx);
}

/** Of a language, the one in force that was approved last; where none is, the one that waits. */
const isBefore = (a: Translation, b: Translation): number =>
  Number(b.status === 'approved') - Number(a.status === 'approved') ||
  (b.approvedAt ?? 0) - (a.approvedAt ?? 0);

async function projectTranslations(
  tx: Transaction<DB>,
  { id, after }: ProjectedPractice,
): Promise<void> {
  const inOrder = after.translations.toSorted(isBefore);
  const isFirst = ({ locale, content }: Translation): boolean =>
    inOrder.find((one) => one.locale === locale)?.content === content;
  const rows = inOrder.filter(isFirst).map(rowOf);
  // A text changes its table when it succeeds another: it is in one at a time.
  await sql`DELETE FROM practice_successor WHERE practice_id = ${id}`.execute(tx);
  await sql`DELETE FROM practice_translation WHERE practice_id = ${id}
    AND locale <> ALL (${rows.map(({ locale }) => locale)}::text[])`.execute(tx);
  await sql`
    INSERT INTO practice_translation
    SELECT ${id}, r.* FROM ${translationRows(rows)}
    ON CONFLICT (practice_id, locale) DO UPDATE SET status = excluded.status,
      source_hash = excluded.source_hash, content_id = excluded.content_id,
      proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at,
      approved_by = excluded.approved_by, approved_at = excluded.approved_at,
      approved_for = excluded.approved_for`.execute(tx);
  const others = inOrder.filter((one) => !isFirst(one)).map(rowOf);
  await sql`
    INSERT INTO practice_successor SELECT ${id}, r.* FROM ${translationRows(others)}`.execute(tx);
}

const rowOf = (one: Translation) => ({
  locale: one.locale,
  status: one.status,
  source_hash: one.sourceHash,
  content_id: one.content,
  proposed_by: one.proposer,
  proposed_at: iso(one.proposedAt),
  approved_by: one.approver,
  approved_at: iso(one.approvedAt),
  approved_for: one.approvedFor,
});

const translationRows = (rows: readonly ReturnType<typeof rowOf>[]) => sql`
  jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS r (
    locale text, status text, source_hash text, content_id uuid, proposed_by text,
    proposed_at timestamptz, approved_by text, approved_at timestamptz, approved_for text[])`;

/** Those of `countries` that a region is in. */
export async function knownCountries(
  query: Query,
  countries: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ country: string }>`
    SELECT DISTINCT country FROM region WHERE country = ANY (${countries}::text[])`.execute(query);
  return rows.map(({ country }) => country);
}

async function regionsOf(query: Query, countries: readonly string[]): Promise<readonly RegionId[]> {
  const { rows } = await sql<{ id: RegionId }>`
    SELECT id FROM region WHERE country = ANY (${countries}::text[]) ORDER BY id`.execute(query);
  return rows.map(({ id }) => id);
}

/** Of the regions in these countries. */
export async function localesOf(
  query: Query,
  countries: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ locale: string }>`
    SELECT DISTINCT locale FROM region WHERE country = ANY (${countries}::text[])
    ORDER BY locale`.execute(query);
  return rows.map(({ locale }) => locale);
}

interface Looked {
  readonly author: PersonId;
  readonly isDraft: boolean;
  readonly duties: readonly { readonly country: string; readonly expert: PersonId }[];
}

/** What authority is asked about whoever looks after a practice in some of its countries. */
export async function practiceSubject(
  query: Query,
  { author, isDraft, duties }: Looked,
  countries: readonly string[],
): Promise<PracticeSubject> {
  const here = duties.filter(({ country }) => countries.includes(country));
  return {
    author,
    isDraft,
    parties: [],
    experts: here.map(({ expert }) => expert),
    regions: await regionsOf(query, countries),
  };
}

/** Whoever wrote it and is not named: nothing of theirs may show who they are. */
export async function isHiddenAuthor(
  query: Query,
  { id, person }: { readonly id: LoopId; readonly person: PersonId },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM practice WHERE id = ${id} AND author_id = ${person} AND is_author_hidden`.execute(
    query,
  );
  return rows.length > 0;
}
