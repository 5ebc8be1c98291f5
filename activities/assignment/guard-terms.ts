/** What terms must fit when they are proposed: people, days, accounts, and hours that can be shared. */
import type { Transaction } from 'kysely';
import { loadActors } from '../../db/actors.ts';
import { placeZone } from '../../db/assignment-facts.ts';
import { accountsToCover, bindsOn, coversOn } from '../../db/assignments.ts';
import { loadCalendars } from '../../db/calendars.ts';
import { regionLines } from '../../db/regions.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { daysOf, spanOf } from '../../domain/assignment/place.ts';
import { gatesOf } from '../../domain/assignment/signers.ts';
import {
  type AssignmentState,
  assignmentDaysMax,
  isAtHost,
  type Span,
  type Terms,
} from '../../domain/assignment/state.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, type ProblemCode } from '../../domain/problem.ts';
import { overlap } from '../../domain/time/overlap.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import type { GuardAnswer } from '../loop-record.ts';

type Tx = Transaction<DB>;

interface TermsStep {
  readonly id: LoopId;
  readonly at: Instant;
  readonly before: AssignmentState;
  readonly after: AssignmentState;
}

const refused = (code: ProblemCode, params = {}): GuardAnswer => ({
  refused: problem(code, params),
});

export async function guardTerms(tx: Tx, step: TermsStep, terms: Terms): Promise<GuardAnswer> {
  const state = step.after;
  return (
    (await guardPeople(tx, step, terms)) ??
    (await guardDays(tx, step, terms)) ??
    (await guardAccounts(tx, step, terms)) ??
    (terms.overlapHours > 0 && !isAtHost(state.kind) ? guardOverlap(tx, step, terms) : null)
  );
}

/** Each on the side that they sign for; a region that was merged is whatever it has become. */
async function guardPeople(
  tx: Tx,
  { at, after }: TermsStep,
  { home, host }: Terms,
): Promise<GuardAnswer> {
  const { participant, homeRegion, hostRegion, compliance } = after;
  // Whoever has said already that regulations allow these days is not asked of them again.
  const approver = gatesOf(after).isApproved ? null : compliance;
  const three = [participant, home, host];
  const named = approver === null ? three : [...three, approver];
  const people = await loadActors(tx, named, at);
  for (const person of named) {
    const found = people.get(person);
    if (!found) return refused('person.unknown', { person });
    if (!found.isActive) return refused('person.left', { person });
  }
  const known = (id: PersonId) => present(people.get(id), 'somebody named');
  const lines = await regionLines(tx, [homeRegion, hostRegion]);
  const isOf = (region: RegionId | null, place: RegionId): boolean =>
    region !== null && lines.get(place)?.includes(region) === true;
  const manages = (id: PersonId, place: RegionId): boolean =>
    known(id).grants.some(({ role, region }) => role === 'regional-manager' && isOf(region, place));
  const isHome = known(participant).line.includes(home) || manages(home, homeRegion);
  const isHost = isOf(known(host).region, hostRegion) || manages(host, hostRegion);
  if (!isOf(known(participant).region, homeRegion) || !isHome || !isHost) {
    return refused('assignment.not_signer');
  }
  const judges = (id: PersonId): boolean =>
    known(id).grants.some(
      ({ role, region }) => role === 'compliance' && (region === null || isOf(region, hostRegion)),
    );
  const isJudged = approver === null || judges(approver);
  return isJudged && (compliance === null || !three.includes(compliance))
    ? null
    : refused('assignment.not_approver');
}

async function guardDays(tx: Tx, step: TermsStep, terms: Terms): Promise<GuardAnswer> {
  const { id, at, before, after } = step;
  if (daysOf(terms) > assignmentDaysMax) {
    return refused('assignment.too_long', { days: assignmentDaysMax });
  }
  const zone = await placeZone(tx, after);
  const first = spanOf({ firstDay: terms.firstDay, lastDay: terms.firstDay }, zone);
  const isRunning = before.status === 'running';
  const ends = isRunning ? spanOf(terms, zone).until : first.until;
  if (ends <= at) return refused('assignment.days_past');
  if (after.kind === 'mentorship') return null;
  const days = `[${terms.firstDay},${terms.lastDay}]`;
  const { participant } = after;
  const taken = await bindsOn(tx, { participant, days, except: id });
  return taken && refused('assignment.overlaps', taken);
}

/** Their own; what somebody else covers for them at the moment counts, and so does what was agreed. */
async function guardAccounts(
  tx: Tx,
  { id, before, after }: TermsStep,
  { accounts, firstDay, lastDay }: Terms,
): Promise<GuardAnswer> {
  const days = `[${firstDay},${lastDay}]`;
  const taken = await coversOn(tx, { accounts, days, except: id });
  if (taken) return refused('assignment.account_covered', taken);
  const agreed = before.terms?.accounts ?? [];
  const added = accounts.filter((account) => !agreed.includes(account));
  if (added.length === 0) return null;
  const asked = { participant: after.participant, accounts: added, from: farAhead };
  const theirs = new Set(await accountsToCover(tx, asked));
  const other = added.find((account) => !theirs.has(account));
  return other === undefined ? null : refused('assignment.not_their_account', { account: other });
}

const farAhead = Date.parse('2199-01-01T00:00:00Z');
/** Looked at for a working minute that both have. */
const lookedAtMs = 28 * 86_400_000;

async function guardOverlap(tx: Tx, { after }: TermsStep, terms: Terms): Promise<GuardAnswer> {
  const { participant } = after;
  const calendars = await loadCalendars(tx, [participant, terms.host]);
  const clocks = [...calendars.values()].map((calendar) => openCalendar(calendar));
  const span: Span = spanOf(terms, await placeZone(tx, after));
  const range = { from: span.from, until: Math.min(span.until, span.from + lookedAtMs) };
  const shared = overlap(clocks, range);
  if ('reason' in shared) return refused('time.horizon');
  return shared.length > 0 ? null : refused('assignment.no_common_minute');
}
