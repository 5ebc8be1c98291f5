/** What a rating can be shown by; the words that go with it say what exactly was seen. */
export const evidenceKinds = [
  /** How an assignment ended. */
  'assignment',
  /** Seen at work by whoever rates. */
  'observation',
  /** Something they made, such as a forecast or the packet of a handoff. */
  'deliverable',
  /** A figure that moved. */
  'result',
  /** What a round of feedback said together. */
  'feedback',
  'training',
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];
