/**
 * What a request for money would be decided by: its lines, its rules and its people, as they are
 * now. A preview shows it, a submission carries it, and the record finds the same again.
 */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import { type FiscalRegion, fiscalYearOf } from '../domain/budget/fiscal-year.ts';
import type { BudgetPolicy } from '../domain/budget/policy.ts';
import { type InForce, policyOf } from './budget-policies.ts';
import {
  type Asking,
  mayDecide,
  planRoute,
  type RouteRequest,
  type RouteStep,
  stepsFor,
  superiorsFor,
} from '../domain/budget/route.ts';
import { liveSteps, peopleOf } from '../domain/budget/seats.ts';
import {
  type BudgetFacts,
  exceptionStep,
  leadershipKinds,
  type LiveStep,
  seatsMax,
  splittingDays,
  type Submission,
} from '../domain/budget/state.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { convert, minorMax } from '../domain/money.ts';
import { type Problem, problem, Refusal } from '../domain/problem.ts';
import { atWall } from '../domain/time/wall.ts';
import { dayMs, wallTime } from '../domain/time/zone.ts';
import { findRates } from './budget-rates.ts';
import type { Query } from './client.ts';
import { loadRouteWorld } from './budget-route.ts';
import { anyDelegatesOf } from './delegations.ts';

/** What the rules and the lines do not change. */
const passedOn = [
  'requester',
  'purpose',
  'kind',
  'involvesProfessionals',
  'isException',
  'gap',
  'plan',
  'serviceMonths',
  'currency',
] as const;
type PassedOn = (typeof passedOn)[number];

/** What somebody asks for; days are those of their region. */
export interface AskedBudget extends Pick<Submission, PassedOn> {
  readonly instalments: readonly { readonly due: string; readonly minor: string }[];
  /** The last day of what is paid for. */
  readonly ends: string;
  /** Who submits it, where that is not the requester. */
  readonly submittedBy?: PersonId | undefined;
}

export interface PreparedBudget {
  readonly submission: Submission;
  readonly lineCurrency: string;
  /** Of this request alone, in minor units of the lines' currency. */
  readonly inLine: bigint;
  readonly live: readonly LiveStep[];
  readonly holdsNew: boolean;
}

export type Prepared =
  | ({ readonly ok: true } & PreparedBudget)
  | { readonly ok: false; readonly problem: Problem };

const refuse = (code: Problem['code'], params: Problem['params'] = {}): Prepared => ({
  ok: false,
  problem: problem(code, params),
});

export async function prepareBudget(
  query: Query,
  asked: AskedBudget,
  at: Instant,
): Promise<Prepared> {
  if (sumOf(asked.instalments.map(({ minor }) => BigInt(minor))) > minorMax) {
    return refuse('money.too_large');
  }
  const region = await regionOf(query, asked.requester);
  if (!region) return refuse('person.unknown', { person: asked.requester });
  const found = await findLines(query, asked, region, at);
  if ('code' in found) return { ok: false, problem: found };
  const converted = await convertAll(query, {
    ...asked,
    region: region.id,
    at,
    inLineCurrency: found.currency,
  });
  if ('code' in converted) return { ok: false, problem: converted };
  const inLine = sumOf(converted.amounts);
  if (inLine > minorMax) return refuse('money.too_large');
  const policy = await policyOf(query, { region, at, currency: found.currency });
  if ('code' in policy) return { ok: false, problem: policy };
  const { requester, kind, involvesProfessionals } = asked;
  const request = { requester, kind, involvesProfessionals, region: region.id, minor: inLine };
  const others = await lately(query, { requester, currency: found.currency, at });
  const { rules, isSplit } = rulesFor(policy, request, others);
  const routed = isSplit ? inLine + others : inLine;
  return withPeople(query, asked, {
    policy,
    region: region.id,
    lines: found,
    inLine,
    routed,
    isSplit,
    rules,
  });
}

interface Region extends FiscalRegion {
  readonly id: RegionId;
}

async function regionOf(query: Query, person: PersonId): Promise<Region | null> {
  const { rows } = await sql<Region>`
    SELECT r.id, r.zone, r.fiscal_start_month AS "fiscalStartMonth"
    FROM person p JOIN region r ON r.id = p.region_id WHERE p.id = ${person}`.execute(query);
  return rows[0] ?? null;
}

interface Lines {
  readonly currency: string;
  readonly instalments: Submission['instalments'];
  readonly ends: string;
  readonly endsAt: Instant;
}

const dayNumber = (day: string): number => Date.parse(`${day}T00:00Z`) / dayMs;

/** The first instant of a day on the wall of a zone. */
function beginOf(day: string, zone: string): Instant | null {
  const begins = atWall(zone, { day: dayNumber(day), minute: 0 });
  return 'at' in begins ? begins.at : null;
}

/** Each instalment has the line of the fiscal year that its day lies in, as its region counts. */
async function findLines(
  query: Query,
  { purpose, kind, instalments, ends }: AskedBudget,
  region: Region,
  at: Instant,
): Promise<Lines | Problem> {
  const today = wallTime(at, region.zone).day;
  const endsAt = beginOf(ends, region.zone);
  if (endsAt === null) return problem('time.horizon');
  const years = new Map<string, number>();
  for (const { due } of instalments) {
    const dueAt = beginOf(due, region.zone);
    if (dueAt === null) return problem('time.horizon');
    if (dayNumber(due) < today) return problem('budget.day_past', { day: due });
    years.set(due, fiscalYearOf(dueAt, region).year);
  }
  const known = await linesOf(query, { region: region.id, years: [...years.values()], purpose });
  const lines: Submission['instalments'][number][] = [];
  const currencies = new Set<string>();
  for (const { due, minor } of instalments) {
    const year = present(years.get(due), 'the year of an instalment');
    const line = known.get(year);
    if (!line) return problem('budget.line_unknown', { year, purpose });
    if (line.isRingFenced && !leadershipKinds.includes(kind)) return problem('budget.ring_fenced');
    lines.push({ line: line.id, due, minor });
    currencies.add(line.currency);
  }
  const [currency = '', ...more] = currencies;
  if (more.length > 0) return problem('budget.currencies_differ');
  return { currency, instalments: lines, ends, endsAt: endsAt + dayMs };
}

interface LinesAsked {
  readonly region: RegionId;
  readonly years: readonly number[];
  readonly purpose: string;
}

async function linesOf(query: Query, { region, years, purpose }: LinesAsked) {
  const rows = await query
    .selectFrom('budget_line')
    .select(['id', 'fiscal_year as year', 'currency', 'is_ring_fenced as isRingFenced'])
    .where('region_id', '=', region)
    .where('fiscal_year', 'in', years)
    .where('purpose', '=', purpose)
    .execute();
  return new Map(rows.map((line) => [line.year, line]));
}

const sumOf = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((sum, amount) => sum + amount, 0n);

interface Converting extends Pick<AskedBudget, 'currency' | 'instalments'> {
  readonly region: RegionId;
  readonly at: Instant;
  readonly inLineCurrency: string;
}

/** Each rounded by itself, as it is kept. */
async function convertAll(
  query: Query,
  { currency, instalments, region, at, inLineCurrency }: Converting,
): Promise<{ readonly amounts: readonly bigint[] } | Problem> {
  const rates =
    currency === inLineCurrency
      ? null
      : await findRates(query, { from: currency, to: inLineCurrency, at, region });
  if (rates && 'code' in rates) return rates;
  const amounts: bigint[] = [];
  for (const { minor } of instalments) {
    const money = { minor: BigInt(minor), currency };
    const converted = rates ? convert(money, inLineCurrency, rates.rate) : { money };
    if (!converted) return problem('money.too_large');
    if (converted.money.minor <= 0n) return problem('money.not_positive');
    amounts.push(converted.money.minor);
  }
  return { amounts };
}

export interface InLine {
  readonly lineCurrency: string;
  readonly inLine: bigint;
  /** How much of each line. */
  readonly byLine: ReadonlyMap<string, bigint>;
}

/** What a request is in the currency of its lines, by the rates of this instant. */
export async function convertedInLine(
  query: Query,
  { currency, instalments, region }: Pick<Submission, 'currency' | 'instalments' | 'region'>,
  at: Instant,
): Promise<InLine> {
  const line = await query
    .selectFrom('budget_line')
    .select('currency')
    .where('id', '=', present(instalments[0], 'an instalment').line)
    .executeTakeFirstOrThrow();
  const wanted = { currency, instalments, region, at, inLineCurrency: line.currency };
  const converted = await convertAll(query, wanted);
  if ('code' in converted) throw new Refusal(converted);
  const byLine = new Map<string, bigint>();
  for (const [index, amount] of converted.amounts.entries()) {
    const id = present(instalments[index], 'the instalment').line;
    byLine.set(id, (byLine.get(id) ?? 0n) + amount);
  }
  return { lineCurrency: line.currency, inLine: sumOf(converted.amounts), byLine };
}

interface Lately {
  readonly requester: PersonId;
  readonly currency: string;
  readonly at: Instant;
  /** The request that is looked at itself. */
  readonly but?: LoopId | null;
}

/** What the requester has asked for lately and nobody refused, in minor units of the lines' currency. */
export async function lately(
  query: Query,
  { requester, currency, at, but = null }: Lately,
): Promise<bigint> {
  const since = at - splittingDays * dayMs;
  const { rows } = await sql<{ sum: bigint }>`
    SELECT least(coalesce(sum(in_line), 0), ${String(minorMax)}::numeric)::bigint AS sum FROM budget_request
    WHERE requester_id = ${requester} AND line_currency = ${currency}
      AND submitted_at > ${since}::timestamptz
      AND id IS DISTINCT FROM ${but}::uuid
      AND status NOT IN ('rejected', 'withdrawn', 'lapsed')`.execute(query);
  return present(rows[0], 'the sum of what was asked for lately').sum;
}

/** Who splits what they ask for is decided about as if they had not. */
export function rulesFor(
  { layers }: BudgetPolicy,
  request: RouteRequest,
  others: bigint,
): { readonly rules: readonly RouteStep[]; readonly isSplit: boolean } {
  const alone = stepsFor(layers, request);
  const together = stepsFor(layers, { ...request, minor: request.minor + others });
  const isSplit = JSON.stringify(alone) !== JSON.stringify(together);
  return { rules: isSplit ? together : alone, isSplit };
}

interface Ruled {
  readonly policy: InForce;
  readonly region: RegionId;
  readonly lines: Lines;
  readonly inLine: bigint;
  readonly routed: bigint;
  readonly isSplit: boolean;
  readonly rules: readonly RouteStep[];
}

async function withPeople(query: Query, asked: AskedBudget, ruled: Ruled): Promise<Prepared> {
  const { policy, region, lines, inLine, routed, isSplit } = ruled;
  const { requester, submittedBy, isException } = asked;
  const askedBy = submittedBy === undefined ? [] : [submittedBy];
  const found = await decidersOf(query, {
    requester,
    askedBy,
    region,
    isException,
    rules: ruled.rules,
    approver: policy.exceptionApprover,
  });
  if ('code' in found) return { ok: false, problem: found };
  const { rules, live } = found;
  const submission: Submission = {
    ...unchanged(asked),
    region,
    instalments: lines.instalments,
    routed: String(routed),
    isSplit,
    ends: lines.ends,
    endsAt: lines.endsAt,
    policy: policy.version,
    rules,
    terms: policy.terms,
    steps: live.map(peopleOf),
  };
  const { holdsNew } = policy;
  return { ok: true, submission, lineCurrency: lines.currency, inLine, live, holdsNew };
}

const unchanged = (asked: AskedBudget): Pick<Submission, PassedOn> =>
  Object.fromEntries(passedOn.map((name) => [name, asked[name]])) as unknown as Pick<
    Submission,
    PassedOn
  >;

interface Ruling extends Asking {
  readonly region: RegionId;
  readonly rules: readonly RouteStep[];
}

interface Deciding extends Ruling {
  readonly isException: boolean;
  /** The named approver of exceptions. */
  readonly approver: PersonId | null;
}

/** An exception is decided by its named approver before all others, and by nobody in their place. */
export async function decidersOf(
  query: Query,
  { isException, approver, ...ruling }: Deciding,
): Promise<Problem | { readonly rules: readonly RouteStep[]; readonly live: readonly LiveStep[] }> {
  if (isException && approver === null) return problem('budget.no_exception_approver');
  const rules: readonly RouteStep[] =
    isException && approver !== null
      ? [{ name: exceptionStep, asked: [{ person: approver }], needs: 'any' }, ...ruling.rules]
      : ruling.rules;
  const live = await livePeople(query, { ...ruling, rules });
  if (live === null) return problem('budget.nobody_decides');
  const isNamed = approver !== null && live[0]?.named.includes(approver) === true;
  return isException && !isNamed ? problem('budget.no_exception_approver') : { rules, live };
}

/** Who fills the steps today; null where nobody may, or too many would be asked at once. */
async function livePeople(query: Query, ruling: Ruling): Promise<readonly LiveStep[] | null> {
  const { live } = await loadLive(query, { ...ruling, others: [] });
  const isTooMany = (live ?? []).some(({ named }) => named.length > seatsMax);
  return isTooMany ? null : live;
}

/** The people of today beside whoever stands above each of `others`. */
export async function loadLive(
  query: Query,
  {
    requester,
    askedBy = [],
    region,
    rules,
    others,
  }: Ruling & { readonly others: readonly PersonId[] },
): Promise<BudgetFacts> {
  const delegates = await anyDelegatesOf(query, others);
  const around = [...others, ...delegates];
  const world = await loadRouteWorld(query, {
    requester,
    region,
    rules,
    others: [...around, ...askedBy],
  });
  const layer = { from: 0n, kinds: null, regions: null, involvesProfessionals: null, steps: rules };
  const asking = { requester, askedBy };
  const request = { ...asking, region, minor: 0n, kind: '', involvesProfessionals: false };
  const live = liveSteps(planRoute([layer], request, world));
  const superiors = Object.fromEntries(
    others.map((person) => [person, superiorsFor(person, asking, world)]),
  );
  const barred = delegates.filter((person) => !mayDecide(person, asking, world));
  return { live, superiors, barred };
}
