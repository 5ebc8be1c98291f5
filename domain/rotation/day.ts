/** What some hours of a rotation look like: who works then, and whose watch it is by the plan. */
import type { PersonId } from '../id.ts';
import type { Range } from '../time/range.ts';
import { handOversUntil, type Member, type Watch } from './hand-over.ts';

export interface HeldSpan extends Range {
  /** False: nobody of the rotation has begun yet, so whoever stopped holds it on. */
  readonly isWorking: boolean;
}

export interface Lane {
  readonly person: PersonId;
  readonly worked: readonly Range[];
  readonly held: readonly HeldSpan[];
}

/**
 * One lane a member, in their order. Of members that hold it all the time the spans cover the range
 * without gap or overlap; `before` owns the account until the watch begins, where it lies ahead.
 */
export function lanesOf(
  members: readonly Member[],
  watch: PlannedFrom,
  range: Range,
): readonly Lane[] {
  const watches = watchesIn(members, watch, range);
  return members.map(({ id, clock }) => {
    const found = clock.stretches(range);
    const worked = 'reason' in found ? [] : spansOf(found);
    const own = watches.filter(({ person }) => person === id);
    return { person: id, worked, held: own.flatMap((span) => splitByWork(span, worked)) };
  });
}

export interface PlannedFrom extends Watch {
  readonly before: PersonId;
}

interface PlannedWatch extends Range {
  readonly person: PersonId;
}

/** As each hand-over would be taken: the next one holds it from where they begin. */
function watchesIn(
  members: readonly Member[],
  watch: PlannedFrom,
  { from, until }: Range,
): readonly PlannedWatch[] {
  const handOvers = handOversUntil(members, watch, until);
  const starts = [
    { person: watch.before, from },
    { person: watch.holder, from: Math.max(from, watch.from) },
    ...handOvers.map((next) => ({ person: next.to, from: next.begins })),
  ].filter((start, index, all) => start.person !== all[index - 1]?.person);
  return starts
    .map((start, index) => ({
      person: start.person,
      from: Math.max(from, start.from),
      until: Math.min(until, starts[index + 1]?.from ?? until),
    }))
    .filter((span) => span.from < span.until);
}

function spansOf(stretches: Float64Array): readonly Range[] {
  const spans: Range[] = [];
  for (let i = 0; i < stretches.length; i += 2) {
    spans.push({ from: stretches[i] ?? 0, until: stretches[i + 1] ?? 0 });
  }
  return spans;
}

function splitByWork({ from, until }: Range, worked: readonly Range[]): readonly HeldSpan[] {
  const spans: HeldSpan[] = [];
  let at = from;
  for (const shift of worked) {
    const [begins, ends] = [Math.max(shift.from, at), Math.min(shift.until, until)];
    if (begins >= ends) continue;
    if (begins > at) spans.push({ from: at, until: begins, isWorking: false });
    spans.push({ from: begins, until: ends, isWorking: true });
    at = ends;
  }
  if (at < until) spans.push({ from: at, until, isWorking: false });
  return spans;
}
