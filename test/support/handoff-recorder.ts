/** Records handoffs without Temporal: rules and record as the workflow would call them. */
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { insertContent } from '../../db/contents.ts';
import { handoffRules } from '../../domain/handoff/decide.ts';
import type { HandoffCommand, HandoffState } from '../../domain/handoff/state.ts';
import { holdable, type Holdable } from '../../domain/hold.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Command, Envelope, HoldCommand, Moment, Receipt } from '../../domain/loop.ts';
import { problem, problems, Refusal, type ProblemCode } from '../../domain/problem.ts';
import type { ZoneData } from '../../domain/time/zone.ts';
import type { HandoffGateway } from '../../api/handoffs/parts.ts';
import { testDatabase } from './database.ts';
import { account, berlin, givenHandoffPeople, tokyo } from './handoff-organisation.ts';
import { storyClock } from './story-clock.ts';

type Act = HandoffCommand | HoldCommand;
type Offer = Extract<HandoffCommand, { type: 'offer' }>;
const rules = holdable(handoffRules);

/** Monday 10:00 in Berlin, 18:00 in Tokyo. */
const startsAt = Date.parse('2026-11-23T09:00Z');

export interface RecordedHandoff {
  readonly id: LoopId;
  readonly state: HandoffState;
  readonly moments: readonly Moment<Command>[];
  /** `recorded`, or the code of the refusal. */
  does(command: Act, seen?: number, commandId?: string): Promise<string>;
  /** The first moment of the plan, at its instant. */
  fires(): Promise<string>;
  replans(): Promise<string>;
}

export async function handoffRecorder() {
  let statements = 0;
  const database = await testDatabase({
    onQuery: () => {
      statements++;
    },
  });
  const { db } = database;
  const clock = storyClock(startsAt);
  await givenHandoffPeople(db, startsAt);
  const parts = { db, clock, loops, startDeliveries: () => undefined };
  let record = createRecord(parts);

  async function write(kind: string, author: PersonId, text = kind): Promise<ContentId> {
    const id = randomUUID() as ContentId;
    await insertContent(db, { id, author, kind, body: { text }, at: clock.now() });
    return id;
  }

  function handoff(id = randomUUID() as LoopId): RecordedHandoff {
    let held: Holdable<HandoffState> = rules.initial;
    let sequence = 0;
    let moments: readonly Moment<Command>[] = [];
    const propose = async (command: Act | null, commandId: string, seen?: number) => {
      const at = clock.now();
      const decision = command && rules.decide(held, command, at);
      if (decision && !decision.ok) return decision.problem.code;
      const events = decision?.events ?? [];
      const answer = await record({
        loop: 'handoff',
        id,
        commandId,
        sequence,
        at,
        command,
        events,
        ...(seen !== undefined && { seen }),
      });
      if ('refused' in answer) return answer.refused.code;
      if ('stale' in answer) return answer.stale.code;
      for (const stored of answer.transitions) {
        held = stored.state as Holdable<HandoffState>;
        sequence = stored.sequence + 1;
        moments = stored.moments;
      }
      return answer.transitions.length > 0 ? 'recorded' : 'unchanged';
    };
    return {
      id,
      get state() {
        return held.state;
      },
      get moments() {
        return moments;
      },
      does: (command, seen, commandId = randomUUID()) => propose(command, commandId, seen),
      async fires() {
        const [due] = moments;
        if (!due) return 'nothing due';
        clock.moveTo(due.at);
        return propose(due.command as Act, due.id);
      },
      replans: () => propose(null, randomUUID()),
    };
  }

  async function offered(changes: Partial<Offer> = {}): Promise<RecordedHandoff> {
    const made = handoff();
    const answer = await made.does(await offerOf(changes));
    if (answer !== 'recorded') throw new Error(`the offer: ${answer}`);
    return made;
  }

  const offerOf = async (changes: Partial<Offer> = {}): Promise<Offer> => ({
    type: 'offer',
    actor: berlin.lead,
    account,
    giver: berlin.lead,
    receiver: tokyo.lead,
    severity: 'important',
    packet: await write('handoff.packet', berlin.lead),
    allowanceMinutes: 480,
    ...changes,
  });

  const running = new Map<LoopId, RecordedHandoff>();
  const settled = new Set<string>();
  /** A repeated command answers as the first did, as an update of a workflow does. */
  const sent = async (id: LoopId, envelope: Envelope<Act>): Promise<Receipt> => {
    const update = `${id}/${envelope.commandId}`;
    if (settled.has(update)) return { id, sequence: 0 };
    const known = running.get(id) ?? handoff(id);
    const answer = await known.does(envelope.command, envelope.seen, envelope.commandId);
    if (answer in problems) throw new Refusal(problem(answer as ProblemCode));
    running.set(id, known);
    settled.add(update);
    return { id, sequence: 0 };
  };

  return {
    ...database,
    clock,
    /** From now on, as a worker that knows this zone data. */
    plansWith(zoneData: ZoneData): void {
      record = createRecord({ ...parts, zoneData });
    },
    /** For operations: the rules and the record, where the workflow would stand between. */
    gateway: { open: sent, send: sent } satisfies HandoffGateway,
    write,
    handoff,
    offered,
    offerOf,
    /** SQL statements of what `act` does, transaction control included. */
    async statementsOf(act: () => Promise<unknown>): Promise<number> {
      const before = statements;
      await act();
      return statements - before;
    },
  };
}
