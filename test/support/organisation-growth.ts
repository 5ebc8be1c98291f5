/** What grows in a random organisation: plans, audits, reviews, money and offers, with those named in each. */
import { type Arbitrary, array, constantFrom, nat, option, record, tuple } from 'fast-check';
import { sql, type Transaction } from 'kysely';
import type { DB } from '../../db/schema.ts';
import type { OpportunitySubject } from '../../domain/assignment/authority.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import type {
  AuditSubject,
  Placed,
  PlanSubject,
  QuarterSubject,
  RoundSubject,
} from '../../domain/subjects.ts';

/** Numbers are taken modulo the length of the list they point into. */
export const anyGrowth = record({
  coachings: array(tuple(nat(), nat()), { maxLength: 3 }),
  plans: array(record({ subject: nat(), manager: nat(), coach: option(nat()) }), { maxLength: 3 }),
  audits: array(record({ region: nat(), pairs: array(tuple(nat(), nat()), { maxLength: 3 }) }), {
    maxLength: 3,
  }),
  rounds: array(
    record({
      subject: nat(),
      manager: nat(),
      starter: nat(),
      asked: array(nat(), { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  reviews: array(
    record({ region: nat(), participants: array(nat(), { minLength: 1, maxLength: 3 }) }),
    {
      maxLength: 3,
    },
  ),
  lines: array(nat(), { maxLength: 3 }),
  offers: array(
    record({
      region: nat(),
      host: nat(),
      drafter: nat(),
      status: constantFrom('draft', 'published'),
    }),
    { maxLength: 3 },
  ),
});
type Growth = typeof anyGrowth extends Arbitrary<infer T> ? T : never;

type Known<Subject> = readonly (Subject & { readonly id: LoopId })[];

export interface GrowthSubjects {
  /** Whoever coaches somebody now. */
  readonly coaches: ReadonlyMap<PersonId, readonly PersonId[]>;
  readonly plans: Known<PlanSubject>;
  readonly audits: Known<AuditSubject & { readonly pairs: readonly (readonly [Placed, Placed])[] }>;
  readonly rounds: Known<RoundSubject>;
  readonly reviews: Known<QuarterSubject>;
  readonly lines: Known<{ readonly region: RegionId }>;
  readonly offers: Known<OpportunitySubject>;
}

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
const idOf = (kind: number, index: number) =>
  `00000000-0000-4000-8${kind}00-00000000000${index}` as LoopId;
const others = (pairs: readonly (readonly [number, number])[], people: readonly Placed[]) =>
  pairs
    .map(([of, by]) => [pick(people, of), pick(people, by)] as const)
    .filter(([of, by]) => of.id !== by.id);

export function growthSubjects(
  growth: Growth,
  {
    people,
    regions,
  }: { readonly people: readonly Placed[]; readonly regions: readonly RegionId[] },
): GrowthSubjects {
  const coaches = new Map<PersonId, readonly PersonId[]>();
  for (const [{ id }, { id: coach }] of others(growth.coachings, people)) {
    coaches.set(id, [...new Set([...(coaches.get(id) ?? []), coach])]);
  }
  return {
    coaches,
    plans: growth.plans.map(({ subject, manager, coach }, index) => ({
      id: idOf(1, index),
      subject: pick(people, subject),
      manager: pick(people, manager).id,
      coaches: coach === null ? [] : [pick(people, coach).id],
    })),
    audits: growth.audits.map(({ region, pairs }, index) => {
      const rated = new Map(others(pairs, people).map((pair) => [pair[0].id, pair]));
      const named = [...rated.values()].flatMap(([of, by]) => [of.id, by.id]);
      return {
        id: idOf(2, index),
        region: pick(regions, region),
        named,
        pairs: [...rated.values()],
      };
    }),
    rounds: growth.rounds.map(({ subject, manager, starter, asked }, index) => ({
      id: idOf(6, index),
      subject: pick(people, subject),
      manager: pick(people, manager).id,
      starter: pick(people, starter).id,
      asked: [...new Set(asked.map((one) => pick(people, one).id))],
    })),
    reviews: growth.reviews.map(({ region, participants }, index) => {
      const named = [...new Set(participants.map((one) => pick(people, one).id))];
      const place = pick(regions, region);
      return { id: idOf(3, index), region: place, chair: named[0]!, participants: named };
    }),
    lines: growth.lines.map((region, index) => ({
      id: idOf(4, index),
      region: pick(regions, region),
    })),
    offers: growth.offers.map(({ region, host, drafter, status }, index) => ({
      id: idOf(5, index),
      region: pick(regions, region),
      host: pick(people, host).id,
      drafter: pick(people, drafter).id,
      isPublished: status === 'published',
      homeRegions: [pick(regions, region + 1)],
    })),
  };
}

const partiesOf = ({ subject, manager, coaches }: PlanSubject): readonly PersonId[] => [
  ...new Set([subject.id, manager, ...coaches]),
];

/** Who meets whom in it. */
export const partiesOfGrowth = ({
  plans,
  reviews,
}: GrowthSubjects): readonly (readonly PersonId[])[] => [
  ...plans.map(partiesOf),
  ...reviews.map(({ participants }) => participants),
];

type Tx = Transaction<DB>;

export async function writeGrowth(tx: Tx, growth: GrowthSubjects, at: number): Promise<void> {
  for (const [person_id, coaches] of growth.coaches) {
    for (const coach_id of coaches) {
      await sql`INSERT INTO coaching (id, person_id, coach_id, since)
        VALUES (gen_random_uuid(), ${person_id}, ${coach_id}, ${at}::timestamptz)`.execute(tx);
    }
  }
  for (const plan of growth.plans) {
    const { id, subject, manager } = plan;
    await writeLoop(tx, { id, loop: 'developmentPlan', parties: partiesOf(plan) });
    await sql`INSERT INTO development_plan
      (id, subject_id, manager_id, status, map_version, last_day, started_at, closed_at)
      VALUES (${id}, ${subject.id}, ${manager}, 'closed', 1, '2027-01-01', ${at}::timestamptz,
        ${at}::timestamptz)`.execute(tx);
  }
  for (const { id, region, pairs } of growth.audits) {
    await writeLoop(tx, { id, loop: 'skillAudit', parties: [] });
    await sql`INSERT INTO skill_audit
      (id, region_id, quarter, owner_id, map_version, status, people, closes_at, opened_at)
      SELECT ${id}, ${region}, '2026-Q4', manager_id, 1, 'cancelled', 0, ${at}::timestamptz,
        ${at}::timestamptz FROM region WHERE id = ${region}`.execute(tx);
    for (const [of, by] of pairs) {
      await sql`INSERT INTO skill_audit_subject (audit_id, person_id, team_id, rater_id, targets)
        VALUES (${id}, ${of.id}, ${of.team}, ${by.id}, '{}')`.execute(tx);
    }
  }
  await writeRounds(tx, growth, at);
  await writePlaces(tx, growth, at);
}

async function writeRounds(tx: Tx, { rounds }: GrowthSubjects, at: number): Promise<void> {
  for (const { id, subject, manager, starter, asked } of rounds) {
    await writeLoop(tx, { id, loop: 'feedbackRound', parties: [] });
    await sql`INSERT INTO feedback_round
      (id, subject_id, starter_id, manager_id, status, closes_at, closed_at)
      VALUES (${id}, ${subject.id}, ${starter}, ${manager}, 'closed', ${at}::timestamptz,
        ${at}::timestamptz)`.execute(tx);
    for (const person of asked) {
      await sql`INSERT INTO feedback_ask (round_id, person_id, asked_at)
        VALUES (${id}, ${person}, ${at}::timestamptz)`.execute(tx);
    }
  }
}

async function writePlaces(tx: Tx, { reviews, lines, offers }: GrowthSubjects, at: number) {
  for (const [index, { id, region, chair, participants }] of reviews.entries()) {
    await writeLoop(tx, { id, loop: 'quarterlyReview', parties: participants });
    await sql`INSERT INTO quarterly_review (id, region_id, quarter, chair_id, status, opened_at)
      VALUES (${id}, ${region}, ${`20${index + 10}-Q1`}, ${chair}, 'proposed', ${at}::timestamptz)`.execute(
      tx,
    );
  }
  for (const [index, { id, region }] of lines.entries()) {
    await sql`INSERT INTO budget_line
      (id, region_id, fiscal_year, begins_at, ends_at, purpose, is_ring_fenced, currency)
      VALUES (${id}, ${region}, ${2_020 + index}, now(), now() + interval '1 day', 'development', true,
        'EUR')`.execute(tx);
  }
  for (const { id, region, host, drafter, isPublished, homeRegions } of offers) {
    await sql`INSERT INTO content (id, author_id, kind, body, salt, hash, created_at)
      VALUES (${id}, ${drafter}, 'opportunity', '{}', '1', '1', ${at}::timestamptz)`.execute(tx);
    await sql`INSERT INTO opportunity
      (id, kind, status, host_region_id, host_manager_id, drafted_by, content_id, home_regions, goals,
        weekly_hours, overlap_hours, languages, days, drafted_at, published_at)
      VALUES (${id}, 'virtual', ${isPublished ? 'published' : 'draft'}, ${region}, ${host}, ${drafter},
        ${id}, ${homeRegions}::text[], '[]', 8, 2, '{en}', '[2027-01-01,2027-02-01)',
        ${at}::timestamptz, ${isPublished ? at : null}::timestamptz)`.execute(tx);
  }
}

interface WrittenLoop {
  readonly id: LoopId;
  readonly loop: string;
  readonly parties: readonly PersonId[];
}

async function writeLoop(tx: Tx, { id, loop, parties }: WrittenLoop): Promise<void> {
  await tx.insertInto('loop_instance').values({ id, loop }).execute();
  const named = parties.map((person_id) => ({ loop_id: id, person_id }));
  if (named.length > 0) await tx.insertInto('loop_party').values(named).execute();
}
