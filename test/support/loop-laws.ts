/** Loops under whatever people and clocks do: stories at random, and laws that hold after every step. */
import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import type { ContentId, PersonId, RegionId } from '../../domain/id.ts';
import type {
  Command,
  LoopPlan,
  LoopRules,
  Moment,
  PersonFacts,
  PlanningWorld,
} from '../../domain/loop.ts';
import { asWorkingTime } from '../../domain/time/planning.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { proofSeed, proofSize, reportProof } from './proof.ts';

const run = { numRuns: proofSize(1_000, 100_000), seed: proofSeed };
export const day = 86_400_000;
/** Whatever somebody wrote. */
export const content = 'text' as ContentId;
export const by = (actor: PersonId) => ({ actor });
export const [ana, ben, cleo] = ['ana', 'ben', 'cleo'].map((id) => id as PersonId) as [
  PersonId,
  PersonId,
  PersonId,
];

const office = [[540, 1020]] as const;
const clockIn = (zone: string) =>
  openCalendar({
    zone,
    week: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] },
    days: [],
    absences: [],
    revision: 1,
  });
const clocks = new Map([
  [ana, clockIn('Europe/Berlin')],
  [ben, clockIn('Asia/Tokyo')],
  [cleo, clockIn('America/Los_Angeles')],
]);
const working = (id: PersonId) => asWorkingTime(clocks.get(id)!);

/** Ana is led by Ben; whoever is in `left` has gone. */
const worldOf = <Facts>(at: number, left: readonly PersonId[], facts: Facts) =>
  ({
    at,
    facts,
    working,
    has: () => true,
    person: (id: PersonId): PersonFacts => ({
      id,
      isActive: !left.includes(id),
      region: 'here' as RegionId,
      manager: id === ana ? ben : id === ben ? cleo : null,
      backup: null,
      roles: [],
    }),
  }) as unknown as PlanningWorld<Facts>;

interface Taken<State, C, Event> {
  readonly before: State;
  readonly command: C;
  readonly events: readonly Event[];
  readonly after: State;
}

export interface Told<State, C extends Command, Event> {
  readonly taken: readonly Taken<State, C, Event>[];
  /** Of the clock, refused in the very state that it was planned in. */
  readonly stale: readonly C[];
  readonly planned: readonly (readonly Moment<C>[])[];
  /** Moments of the clock that were taken; one that fires twice stops a loop for good. */
  readonly fired: readonly string[];
}

export interface Story<State, C extends Command, Event, Facts> {
  readonly rules: LoopRules<State, C, Event>;
  readonly plan: LoopPlan<State, C, Event, Facts>;
  readonly open: C;
  factsOf(state: State, at: number): Facts;
}

/** A null is the next moment of the clock; any other a command of somebody, or of a clock that is late. */
function tell<State, C extends Command, Event, Facts>(
  { rules, plan, open, factsOf }: Story<State, C, Event, Facts>,
  steps: readonly { readonly command: C | null; readonly days: number }[],
  left: readonly PersonId[],
): Told<State, C, Event> {
  let at = day;
  let state = rules.initial;
  const taken: Taken<State, C, Event>[] = [];
  const stale: C[] = [];
  const fired: string[] = [];
  const allPlanned: (readonly Moment<C>[])[] = [];
  const take = (command: C): boolean => {
    const decision = rules.decide(state, command, at);
    if (!decision.ok) return false;
    const before = state;
    state = decision.events.reduce((was, event) => rules.evolve(was, event, at), state);
    taken.push({ before, command, events: decision.events, after: state });
    return true;
  };
  take(open);
  for (const { command, days } of steps) {
    if (rules.isClosed(state)) break;
    if (command !== null) {
      at += days * day;
      take(command);
      continue;
    }
    const planned = [...plan.moments(state, worldOf(at, left, factsOf(state, at)))].sort(
      (a, b) => a.at - b.at || a.rank - b.rank,
    );
    allPlanned.push(planned);
    const [next] = planned;
    if (!next) continue;
    at = Math.max(at, next.at);
    if (take(next.command)) fired.push(next.id);
    else stale.push(next.command);
  }
  return { taken, stale, planned: allPlanned, fired };
}

const steps = <C>(commands: readonly C[]) =>
  array(
    record({
      command: constantFrom<C | null>(...commands, ...Array<null>(6).fill(null)),
      days: integer({ min: 0, max: 9 }),
    }),
    // Of the usual size hardly a story would come to its end.
    { maxLength: 60, size: 'max' },
  );

const gone = constantFrom<readonly PersonId[]>([], [], [cleo], [ana], [ben]);

/**
 * Holds of every story. A law that none comes to proves nothing: answers which of the events that it
 * is about no story told.
 */
export function law<State, C extends Command, Event extends { readonly type: string }, Facts>(
  story: Story<State, C, Event, Facts>,
  { begins, commands }: { readonly begins: readonly C[]; readonly commands: readonly C[] },
  comesTo: readonly Event['type'][],
  holds: (told: Told<State, C, Event>) => boolean,
): readonly Event['type'][] {
  const told = new Set<string>();
  const beginning = begins.map((command) => ({ command, days: 1 }));
  assert(
    property(steps(commands), boolean(), gone, (given, hasBegun, left) => {
      const found = tell(story, hasBegun ? [...beginning, ...given] : given, left);
      for (const { events } of found.taken) {
        for (const { type } of events) told.add(type);
      }
      return holds(found);
    }),
    run,
  );
  return comesTo.filter((type) => !told.has(type));
}

/** What a law's log says, so that it can be repeated. */
export const reportLaws = (what: string): void => reportProof(what, run.numRuns);

/** The clock plans only steps that the rules take, each once, and none of them fires again. */
export const firesOnce = ({ stale, planned, fired }: Told<unknown, Command, unknown>): boolean =>
  stale.length === 0 &&
  new Set(fired).size === fired.length &&
  planned.every((all) => new Set(all.map(({ id }) => id)).size === all.length);

/** Whoever is reminded by one of these is at work at that very moment. */
export const remindsAtWork =
  (reminders: readonly string[]) =>
  ({ planned }: Told<unknown, Command, unknown>): boolean =>
    planned
      .flat()
      .filter(({ command }) => reminders.includes(command.type))
      .every(({ at, of }) => of !== undefined && working(of).isWorking(at));
