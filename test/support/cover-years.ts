/** Covers of an account over years, by their own rules and plan: asked now and then, taken or not. */
import { present } from '../../domain/assert.ts';
import { coverRules } from '../../domain/cover/decide.ts';
import { coverPlan, hasMovedOn } from '../../domain/cover/plan.ts';
import type { CoverCommand, CoverEvent, CoverFacts, CoverState } from '../../domain/cover/state.ts';
import type { AccountId, LoopId, PersonId } from '../../domain/id.ts';
import type { Instant, Moment, PlanningWorld, Urgency } from '../../domain/loop.ts';
import type { Act, Colleague } from './rotation-years.ts';

const [hour, day] = [3_600_000, 86_400_000];

interface Parts {
  readonly account: AccountId;
  readonly people: ReadonlyMap<PersonId, Colleague>;
  readonly random: () => number;
  isThere(id: PersonId | null): boolean;
  worldAt<Facts>(at: Instant, facts: Facts): PlanningWorld<Facts>;
  custodian(): PersonId;
  isInHandoff(): boolean;
  note(id: LoopId, at: Instant, event: CoverEvent): void;
  reminds(to: PersonId, at: Instant, urgency: Urgency): void;
  moves(to: PersonId, at: Instant): void;
}

interface OpenCover {
  readonly id: LoopId;
  state: CoverState;
  moments: readonly Moment<CoverCommand>[];
  /** Whoever is going to take it. */
  takes: Act | null;
}

export function coverYears(parts: Parts) {
  const { account, people, random, isThere, worldAt } = parts;
  const ids = [...people.keys()];
  let covers = 0;
  let cover: OpenCover | null = null;
  let wish: Instant | null = null;

  const factsOf = (): CoverFacts => ({
    custodian: parts.custodian(),
    isClosed: false,
    mergedInto: null,
    chain: null,
    isFollowed: false,
    away: [],
  });

  function replan(at: Instant): void {
    if (cover === null) return;
    cover.moments = [...coverPlan.moments(cover.state, worldAt(at, factsOf()))].sort(
      (a, b) => a.at - b.at || a.rank - b.rank,
    );
  }

  function step(command: CoverCommand, at: Instant): void {
    const open = present(cover, 'the open cover');
    const before = open.state;
    // What the record refuses or finds stale: it is planned again.
    const isStale = command.actor === undefined && isStaleNow(before, command);
    const decision = coverRules.decide(before, command, at);
    if (isStale || !decision.ok) return replan(at);
    for (const event of decision.events) {
      open.state = coverRules.evolve(open.state, event, at);
      parts.note(open.id, at, event);
      if (event.type === 'reminded' || event.type === 'handBackReminded') {
        const told = coverPlan.notices(event, open.state, worldAt(at, factsOf()));
        for (const { to, urgency } of told) parts.reminds(to, at, urgency);
      }
      const to = movesTo(event, before);
      if (coverRules.isClosed(open.state)) cover = null;
      if (to !== null && to !== parts.custodian()) parts.moves(to, at);
    }
    replan(at);
  }

  function isStaleNow(state: CoverState, command: CoverCommand): boolean {
    if (command.type === 'overtake') return !hasMovedOn(state, factsOf());
    if (command.type !== 'begin' && command.type !== 'end' && command.type !== 'replace')
      return false;
    return !isThere(command.to) || (command.type !== 'replace' && hasMovedOn(state, factsOf()));
  }

  function movesTo(event: CoverEvent, { status, taker }: CoverState): PersonId | null {
    if (event.type === 'begun') return event.to;
    const isTheirs = status === 'running' && parts.custodian() === taker;
    return (event.type === 'replaced' || event.type === 'returned') && isTheirs ? event.to : null;
  }

  /** For a day to four, soon; mostly the first who is asked takes it. */
  function ask(at: Instant): boolean {
    const owner = parts.custodian();
    if (cover !== null || parts.isInHandoff() || !isThere(owner)) return false;
    const { manager, backup } = present(people.get(owner), 'the owner');
    const candidates = [
      ...new Set([0, 1].map(() => ids[Math.floor(random() * ids.length)]!)),
    ].filter((id) => id !== owner && isThere(id));
    const from = at + Math.floor(day + random() * 2 * day);
    const until = from + Math.floor(day + random() * 3 * day);
    const asked = {
      account,
      owner,
      manager: present(manager ?? backup, 'who is above'),
      candidates,
    };
    const id = `${account}/cover-${++covers}` as LoopId;
    const takes =
      random() < 0.8 ? taking(candidates[0], at + Math.floor(random() * 20) * hour) : null;
    cover = { id, state: coverRules.initial, moments: [], takes };
    const rest = { reason: 'asked', note: null, absence: null, from, until } as const;
    step({ type: 'request', actor: owner, ...asked, ...rest }, at);
    return true;
  }

  const taking = (actor: PersonId | undefined, at: Instant): Act | null =>
    actor === undefined
      ? null
      : {
          at,
          act(now) {
            if (cover !== null) cover.takes = null;
            if (cover !== null && isThere(actor)) step({ type: 'take', actor }, now);
          },
        };

  const wishes = (from: Instant): Instant => from + Math.floor((8 + random() * 30) * day);

  return {
    replan,
    /** The account is somebody's for a while. */
    isLent: () => cover?.state.status === 'running',
    holds: (id: PersonId) => cover?.state.status === 'running' && cover.state.taker === id,
    begins(at: Instant): void {
      wish = wishes(at);
    },
    /** What happens next of itself. */
    next(): Act | null {
      const due = cover?.moments[0];
      const all: (Act | null)[] = [
        cover?.takes ?? null,
        due ? { at: due.at, act: (now) => step(due.command, now) } : null,
        wish === null
          ? null
          : {
              at: wish,
              act(now) {
                wish = ask(now) ? wishes(now) : now + 5 * hour;
              },
            },
      ];
      return all.reduce((first, one) => (one && (!first || one.at < first.at) ? one : first), null);
    },
  };
}
