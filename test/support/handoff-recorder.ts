/** Records handoffs without Temporal; and what the API opens of others. */
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { insertContent } from '../../db/contents.ts';
import { budgetRules } from '../../domain/budget/decide.ts';
import { handoffRules } from '../../domain/handoff/decide.ts';
import type { HandoffCommand, HandoffState } from '../../domain/handoff/state.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Command, Envelope, HoldCommand, Receipt } from '../../domain/loop.ts';
import { problem, problems, Refusal, type ProblemCode } from '../../domain/problem.ts';
import type { ZoneData } from '../../domain/time/zone.ts';
import type { HandoffGateway } from '../../api/handoffs/parts.ts';
import { testDatabase } from './database.ts';
import { account, berlin, givenHandoffPeople, tokyo } from './handoff-organisation.ts';
import { recordedLoop, type RecordedLoop } from './recorded-loop.ts';
import { storyClock } from './story-clock.ts';

type Act = HandoffCommand | HoldCommand;
type Offer = Extract<HandoffCommand, { type: 'offer' }>;

/** Monday 10:00 in Berlin, 18:00 in Tokyo. */
const startsAt = Date.parse('2026-11-23T09:00Z');

export type RecordedHandoff = RecordedLoop<HandoffState, HandoffCommand>;

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

  /** Whatever it records with now. */
  const recording = {
    clock,
    record: (proposal: Parameters<typeof record>[0]) => record(proposal),
  };
  const handoff = (id?: LoopId): RecordedHandoff => recordedLoop(recording, handoffRules, id);

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

  const running = new Map<LoopId, RecordedLoop<unknown, never>>();
  const settled = new Set<string>();
  /** A repeated command answers as the first did, as an update of a workflow does. */
  const sentTo = async (
    open: (id: LoopId) => RecordedLoop<unknown, never>,
    id: LoopId,
    envelope: Envelope<Command>,
  ): Promise<Receipt> => {
    const update = `${id}/${envelope.commandId}`;
    if (settled.has(update)) return { id, sequence: 0 };
    const known = running.get(id) ?? open(id);
    const answer = await known.does(envelope.command as never, envelope.seen, envelope.commandId);
    if (answer in problems) throw new Refusal(problem(answer as ProblemCode));
    running.set(id, known);
    settled.add(update);
    return { id, sequence: 0 };
  };
  const sent = (id: LoopId, envelope: Envelope<Act>) => sentTo(handoff, id, envelope);

  return {
    ...database,
    clock,
    /** From now on, as a worker that knows this zone data. */
    plansWith(zoneData: ZoneData): void {
      record = createRecord({ ...parts, zoneData });
    },
    /** For operations: the rules and the record, where the workflow would stand between. */
    gateway: { open: sent, send: sent } satisfies HandoffGateway,
    openBudget: (id: LoopId, envelope: Envelope<Command>) =>
      sentTo((of) => recordedLoop(recording, budgetRules, of), id, envelope),
    /** From now on its commands can come by operations too. */
    adopt: (loop: RecordedLoop<unknown, never>): void => void running.set(loop.id, loop),
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
