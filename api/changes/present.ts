/** A change as it is asked for, and as it is answered. */
import type { z } from '@hono/zod-openapi';
import { findZone } from '../../db/change-zone.ts';
import type { ChangeAsked } from '../../db/change-facts.ts';
import type { FoundChange, Planned } from '../../db/changes.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { organisation } from '../../domain/subjects.ts';
import type { Change, ChangePlan } from '../../domain/change/change.ts';
import { firstInstant } from '../../domain/change/first-instant.ts';
import type { Instant } from '../../domain/loop.ts';
import { type Problem, problem, Refusal } from '../../domain/problem.ts';
import type { DirectoryParts } from '../directory/parts.ts';
import { vocabulary } from '../directory/vocabulary.ts';
import type { Tell } from '../tell.ts';
import type { changeAnswer, changeBody, changesAnswer, previewAnswer } from './schema.ts';

export interface ChangeParts extends Pick<DirectoryParts, 'db' | 'clock'> {
  readonly tell: Tell;
}

export const iso = (at: Instant): string => new Date(at).toISOString();

/** Admins of the whole organisation; everybody else is told so. */
export function authoriseChange(actor: Actor): void {
  if (!may(actor, 'directory.change', organisation)) {
    throw new Refusal(problem('authority.forbidden'));
  }
}

/** Reading is for operators too; for everybody else there are no changes. */
export function authoriseReading(actor: Actor): void {
  if (!may(actor, 'directory.view', organisation)) throw new Refusal(problem('request.not_found'));
}

/** What is wrong with it by itself is refused before anything is looked up. */
export async function askedChange(
  { db, clock }: ChangeParts,
  { from, change: said }: z.output<typeof changeBody>,
): Promise<Omit<ChangeAsked, 'id'>> {
  const change = {
    ...said,
    ...('countries' in said && { countries: once(said.countries) }),
  } as Change;
  if (change.kind === 'clearance_lost') {
    const unknown = change.countries.find((country) => !vocabulary.isCountry(country));
    if (unknown !== undefined) throw new Refusal(problem('change.unknown', { what: unknown }));
  }
  const zone = (await findZone(db, change)) ?? 'Etc/UTC';
  const at = firstInstant({ day: from, zone, now: clock.now() });
  if (typeof at === 'object') throw new Refusal(at);
  return { change, fromDay: from, at };
}

const once = (countries: readonly string[]): readonly string[] =>
  [...new Set(countries)].toSorted();

type Preview = z.input<typeof previewAnswer>;

export async function shownPlan(
  { tell }: ChangeParts,
  actor: Actor,
  planned: Planned,
): Promise<Pick<Preview, 'plan' | 'refusals'>> {
  if (planned.ok) return { plan: shownMoves(planned.plan), refusals: [] };
  return { plan: null, refusals: await shownProblems(tell, actor, planned.problems) };
}

export async function shownProblems(
  tell: Tell,
  actor: Actor,
  problems: readonly Problem[],
): Promise<Preview['refusals']> {
  const told = await tell(
    actor.id,
    problems.flatMap(({ code, params }) => [
      { key: `problems.${code}.title`, params },
      { key: `problems.${code}.detail`, params },
    ]),
  );
  return problems.map(({ code }, index) => ({
    code,
    title: told[2 * index] ?? '',
    detail: told[2 * index + 1] ?? '',
  }));
}

/** Shown of each list; `counts` has all moves. */
const shownMax = 1_000;

export function shownMoves(plan: ChangePlan): NonNullable<Preview['plan']> {
  const cut = <T>(list: readonly T[]): T[] => list.slice(0, shownMax);
  const counts: Record<string, number> = {};
  for (const { what } of plan.moves) counts[what] = (counts[what] ?? 0) + 1;
  return {
    counts,
    moves: cut(plan.moves).map(({ detail = null, ...move }) => ({ ...move, detail })),
    hours: cut(plan.hours),
    days: cut(plan.days),
    steps: cut(plan.steps),
    loops: cut(plan.loops),
    told: cut(plan.told),
  };
}

export function shownChange(found: FoundChange): z.input<typeof changesAnswer>['items'][number] {
  const { id, kind, change, fromDay, at, status, scheduledBy, scheduledAt } = found;
  const { cancelledBy, settledAt, calendarChange } = found;
  return {
    id,
    kind,
    change: { ...change },
    from: fromDay,
    at: iso(at),
    status,
    scheduledBy,
    scheduledAt: iso(scheduledAt),
    cancelledBy,
    settledAt: settledAt === null ? null : iso(settledAt),
    calendarChange,
  };
}

export type ShownChange = z.input<typeof changeAnswer>;
