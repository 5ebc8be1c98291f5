/** When an account passes from one member of a rotation to the next, and what lies between them. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import type { WorkingClock } from '../time/working-time.ts';

export interface Member {
  readonly id: PersonId;
  readonly clock: WorkingClock;
  /** Points of what was asked of them outside their hours lately; of equals the least goes first. */
  readonly soFar?: number;
}

export interface HandOver {
  /** When the handoff is offered: so long before the holder stops that both can speak of it. */
  readonly at: Instant;
  readonly from: PersonId;
  readonly to: PersonId;
  /** The holder stops. */
  readonly until: Instant;
  /** The next one begins, or goes on. */
  readonly begins: Instant;
  /** False where nobody else is at work when the holder stops: they own it on, until it is read back. */
  readonly meets: boolean;
}

export interface Watch {
  readonly holder: PersonId;
  readonly from: Instant;
  readonly leadMinutes: number;
}

/** A holder who is back within so long keeps the account: a lunch. */
const breakMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;
const searchedDays = 21;
/** Who stays longest is chosen by the next day alone. */
const choiceMs = dayMs;

interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * The holder keeps it until they stop; then it goes to whoever of those at work stays longest. Nobody
 * at work: to whoever begins first, and where that is the holder, it does not move. Of several, to
 * whom least was asked of outside their hours, then to the first of the members. Null where nobody
 * else works in the next three weeks.
 */
export function nextHandOver(
  members: readonly Member[],
  { holder, from, leadMinutes }: Watch,
): HandOver | null {
  const range = { from: from - dayMs, until: from + searchedDays * dayMs };
  const each = members.map(({ id, clock, soFar = 0 }) => {
    return { id, soFar, stretches: stretchesOf(clock, range) };
  });
  const others = each.filter(({ id }) => id !== holder).toSorted((a, b) => a.soFar - b.soFar);
  const own = each.find(({ id }) => id === holder)?.stretches ?? [];
  const watches = own.filter(({ until }) => until > from);
  for (const watch of watches.length > 0 ? watches : [{ from, until: from }]) {
    const next = after(watch, others, own);
    if (next === null) continue;
    const both = next.meets ? Math.max(next.stretch.from, watch.from) : watch.from;
    const at = Math.max(from, both, watch.until - leadMinutes * minuteMs);
    const begins = Math.max(next.stretch.from, watch.until);
    return { at, from: holder, to: next.id, until: watch.until, begins, meets: next.meets };
  }
  return null;
}

interface Next {
  readonly id: PersonId;
  readonly stretch: Stretch;
  readonly meets: boolean;
}

interface Shifts {
  readonly id: PersonId;
  readonly stretches: readonly Stretch[];
}

function after(
  { until }: Stretch,
  others: readonly Shifts[],
  own: readonly Stretch[],
): Next | null {
  let best: Next | null = null;
  for (const { id, stretches } of others) {
    const stretch = stretches.find((one) => one.from <= until && one.until > until);
    if (!stretch) continue;
    const stays = Math.min(stretch.until, until + choiceMs);
    if (best === null || stays > Math.min(best.stretch.until, until + choiceMs)) {
      best = { id, stretch, meets: true };
    }
  }
  if (best) return best;
  const back = own.find((one) => one.from > until)?.from ?? Infinity;
  for (const { id, stretches } of others) {
    const stretch = stretches.find((one) => one.from > until);
    if (!stretch || stretch.from >= back) continue;
    if (best === null || stretch.from < best.stretch.from) best = { id, stretch, meets: false };
  }
  return best;
}

/** Work with its breaks. */
function stretchesOf(clock: WorkingClock, range: Stretch): readonly Stretch[] {
  const found = clock.stretches(range);
  if ('reason' in found) return [];
  const stretches: { from: Instant; until: Instant }[] = [];
  for (let i = 0; i < found.length; i += 2) {
    const [from, until] = [found[i] ?? 0, found[i + 1] ?? 0];
    const last = stretches.at(-1);
    if (last && from - last.until <= breakMs) last.until = until;
    else stretches.push({ from, until });
  }
  return stretches;
}

const stepsMax = 2_000;

/** Every hand-over up to `until`, as it would go if each were taken: the plan that people see. */
export function handOversUntil(
  members: readonly Member[],
  watch: Watch,
  until: Instant,
): readonly HandOver[] {
  const steps: HandOver[] = [];
  let { holder, from } = watch;
  while (steps.length < stepsMax) {
    const next = nextHandOver(members, { ...watch, holder, from });
    if (next === null || next.at >= until) break;
    steps.push(next);
    ({ to: holder, begins: from } = next);
  }
  return steps;
}
