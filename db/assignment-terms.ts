/** What terms must fit when they are proposed: people, days, accounts, and hours that can be shared. */
import { present } from '../domain/assert.ts';
import { daysOf, spanOf } from '../domain/assignment/place.ts';
import { gatesOf } from '../domain/assignment/signers.ts';
import {
  type AssignmentState,
  assignmentDaysMax,
  isAtHost,
  type Terms,
} from '../domain/assignment/state.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem, type Problem } from '../domain/problem.ts';
import { sharedMinutes } from '../domain/time/shared-minutes.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { loadActors } from './actors.ts';
import { placeZone } from './assignment-facts.ts';
import { accountsToCover, bindsOn, coversOn } from './assignments.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { regionLines } from './regions.ts';

interface TermsStep {
  readonly id: LoopId;
  readonly at: Instant;
  readonly before: AssignmentState;
  readonly after: AssignmentState;
}

/** Null where they fit; asked of the same people and days whether they are proposed or only previewed. */
export async function termsProblem(
  query: Query,
  step: TermsStep,
  terms: Terms,
): Promise<Problem | null> {
  const state = step.after;
  return (
    (await peopleProblem(query, step, terms)) ??
    (await daysProblem(query, step, terms)) ??
    (await accountsProblem(query, step, terms)) ??
    (terms.overlapHours > 0 && !isAtHost(state.kind) ? overlapProblem(query, step, terms) : null)
  );
}

/** Each on the side that they sign for; a region that was merged is whatever it has become. */
async function peopleProblem(
  query: Query,
  { at, after }: TermsStep,
  { home, host }: Terms,
): Promise<Problem | null> {
  const { participant, homeRegion, hostRegion, compliance } = after;
  // Whoever has said already that regulations allow these days is not asked of them again.
  const approver = gatesOf(after).isApproved ? null : compliance;
  const three = [participant, home, host];
  const named = approver === null ? three : [...three, approver];
  const people = await loadActors(query, named, at);
  for (const person of named) {
    const found = people.get(person);
    if (!found) return problem('person.unknown', { person });
    if (!found.isActive) return problem('person.left', { person });
  }
  const known = (id: PersonId) => present(people.get(id), 'somebody named');
  const lines = await regionLines(query, [homeRegion, hostRegion]);
  const isOf = (region: RegionId | null, place: RegionId): boolean =>
    region !== null && lines.get(place)?.includes(region) === true;
  const manages = (id: PersonId, place: RegionId): boolean =>
    known(id).grants.some(({ role, region }) => role === 'regional-manager' && isOf(region, place));
  const isHome = known(participant).line.includes(home) || manages(home, homeRegion);
  const isHost = isOf(known(host).region, hostRegion) || manages(host, hostRegion);
  if (!isOf(known(participant).region, homeRegion) || !isHome || !isHost) {
    return problem('assignment.not_signer');
  }
  const judges = (id: PersonId): boolean =>
    known(id).grants.some(
      ({ role, region }) => role === 'compliance' && (region === null || isOf(region, hostRegion)),
    );
  const isJudged = approver === null || judges(approver);
  return isJudged && (compliance === null || !three.includes(compliance))
    ? null
    : problem('assignment.not_approver');
}

async function daysProblem(query: Query, step: TermsStep, terms: Terms): Promise<Problem | null> {
  const { id, at, before, after } = step;
  if (daysOf(terms) > assignmentDaysMax) {
    return problem('assignment.too_long', { days: assignmentDaysMax });
  }
  const zone = await placeZone(query, after);
  const first = spanOf({ firstDay: terms.firstDay, lastDay: terms.firstDay }, zone);
  const isRunning = before.status === 'running';
  const ends = isRunning ? spanOf(terms, zone).until : first.until;
  if (ends <= at) return problem('assignment.days_past');
  if (after.kind === 'mentorship') return null;
  const days = `[${terms.firstDay},${terms.lastDay}]`;
  const { participant } = after;
  const taken = await bindsOn(query, { participant, days, except: id });
  return taken && problem('assignment.overlaps', { ...taken });
}

/** Their own; what somebody else covers for them at the moment counts, and so does what was agreed. */
async function accountsProblem(
  query: Query,
  { id, before, after }: TermsStep,
  { accounts, firstDay, lastDay }: Terms,
): Promise<Problem | null> {
  const days = `[${firstDay},${lastDay}]`;
  const taken = await coversOn(query, { accounts, days, except: id });
  if (taken) return problem('assignment.account_covered', { ...taken });
  const agreed = before.terms?.accounts ?? [];
  const added = accounts.filter((account) => !agreed.includes(account));
  if (added.length === 0) return null;
  const asked = { participant: after.participant, accounts: added, from: farAhead };
  const theirs = new Set(await accountsToCover(query, asked));
  const other = added.find((account) => !theirs.has(account));
  return other === undefined ? null : problem('assignment.not_their_account', { account: other });
}

const farAhead = Date.parse('2199-01-01T00:00:00Z');
/** How far ahead people are looked at for hours that they share. */
const lookedAtMs = 28 * 86_400_000;
const weekMs = 7 * 86_400_000;

const overlapProblem = async (
  query: Query,
  { after }: TermsStep,
  terms: Terms,
): Promise<Problem | null> => {
  const hours = await hoursTogether(query, after, terms);
  if (typeof hours !== 'number') return hours;
  return hours > 0 ? null : problem('assignment.no_common_minute');
};

/** Hours a week in which participant and host both work, in the first weeks of these days. */
export async function hoursTogether(
  query: Query,
  state: Pick<AssignmentState, 'kind' | 'participant' | 'hostRegion'>,
  terms: Terms,
): Promise<number | Problem> {
  const calendars = await loadCalendars(query, [state.participant, terms.host]);
  const { from, until } = spanOf(terms, await placeZone(query, state));
  const range = { from, until: Math.min(until, from + lookedAtMs) };
  const worked: Float64Array[] = [];
  for (const calendar of calendars.values()) {
    const stretches = openCalendar(calendar).stretches(range);
    if ('reason' in stretches) return problem('time.horizon');
    worked.push(stretches);
  }
  const [one = new Float64Array(), other = new Float64Array()] = worked;
  return (sharedMinutes(one, other) / 60 / (range.until - range.from)) * weekMs;
}
