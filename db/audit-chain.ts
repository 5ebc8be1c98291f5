/** Each transition's hash covers the previous one of its loop: a changed or missing row breaks it. */
import { createHash } from 'node:crypto';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** One text for one value, whatever the order of its keys (RFC 8785 without its number formats). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** What the chain covers; of texts only their salted hashes, so that erasing one breaks nothing. */
export interface ChainedTransition {
  readonly loopId: string;
  readonly sequence: number;
  readonly commandId: string;
  readonly commandType: string;
  readonly actorId: string | null;
  readonly onBehalfOf: string | null;
  readonly at: number;
  readonly recordedAt: number;
  readonly revision: number;
  readonly version: number;
  readonly events: unknown;
  readonly contentHashes: readonly string[];
  readonly state: unknown;
  readonly moments: unknown;
  readonly computedWith: unknown;
}

export function transitionHash(previous: Uint8Array | null, transition: ChainedTransition): Buffer {
  const hash = createHash('sha256');
  if (previous) hash.update(previous);
  return hash.update(canonicalJson(transition)).digest();
}

export const contentHash = (salt: Uint8Array, body: unknown): Buffer =>
  createHash('sha256').update(salt).update(canonicalJson(body)).digest();
