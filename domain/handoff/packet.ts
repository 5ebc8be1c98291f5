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

export interface Packet {
  readonly severity: Severity;
  readonly summary: string;
  readonly actions: readonly ActionItem[];
  readonly situation: string;
  readonly contingencies: readonly Contingency[];
}

/** What somebody said: the read-back is the synthesis by the receiver, in their own words. */
export interface Message {
  readonly text: string;
}

export const contentKinds = {
  packet: 'handoff.packet',
  synthesis: 'handoff.synthesis',
  question: 'handoff.question',
  answer: 'handoff.answer',
  reason: 'handoff.reason',
} as const;

/** An allowance in working minutes, where the policy `handoff.acceptanceMinutes` does not say. */
export const allowanceMinutesByDefault = 480;
export const allowanceMinutesMax = 14_400;
