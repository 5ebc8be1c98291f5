/**
 * What is handed over, in the five parts of I-PASS (Starmer et al., NEJM 2014): severity, summary,
 * action list, situation with contingencies, and the receiver's own synthesis. All of it is text that
 * people wrote, so it lives in content rows; the loop knows only their ids.
 */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import type { Severity } from './state.ts';

/** Lengths in characters. */
export const packetLimits = {
  summaryLengthMax: 4_000,
  actionsMax: 100,
  actionLengthMax: 500,
  situationLengthMax: 4_000,
  contingenciesMax: 20,
  contingencyLengthMax: 500,
} as const;

/** Of everything said while the handoff is under way: read-back, question, answer, reason. */
export const messageLengthMax = 4_000;

/** Added to one handoff after it; more than this is a matter of its own. */
export const notesMax = 100;

export interface ActionItem {
  readonly text: string;
  readonly owner: PersonId;
  readonly dueAt: Instant;
}

/** When the tender is published early: call the hospital's procurement the same day. */
export interface Contingency {
  readonly when: string;
  readonly response: string;
}

export const packetParts = [
  'severity',
  'summary',
  'actions',
  'situation',
  'contingencies',
] as const;
export type PacketPart = (typeof packetParts)[number];

export interface Packet {
  readonly severity: Severity;
  readonly summary: string;
  readonly actions: readonly ActionItem[];
  readonly situation: string;
  readonly contingencies: readonly Contingency[];
}

/** Which parts the later packet tells otherwise, in the order of a packet. */
export const changedParts = (before: Packet, after: Packet): readonly PacketPart[] =>
  packetParts.filter((part) => canonical(before[part]) !== canonical(after[part]));

/** Postgres keeps the members of an object in an order of its own. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** The synthesis: what the receiver takes over, in their own language and words. */
export interface ReadBack {
  readonly severity: Severity;
  readonly firstAction: string;
  readonly contingency: string;
  readonly text?: string | undefined;
}

/** As kept: read-backs of before had words alone. */
export type KeptReadBack = ReadBack | Message;

export const readBackLimits = { firstActionLengthMax: 500, contingencyLengthMax: 500 } as const;

/** What somebody said: a question, an answer, a reason. */
export interface Message {
  readonly text: string;
}

export const contentKinds = {
  packet: 'handoff.packet',
  synthesis: 'handoff.synthesis',
  question: 'handoff.question',
  answer: 'handoff.answer',
  reason: 'handoff.reason',
  note: 'handoff.note',
} as const;

/** An allowance in working minutes, where the policy `handoff.acceptanceMinutes` does not say. */
export const allowanceMinutesByDefault = 480;
export const allowanceMinutesMax = 14_400;
