/** What a text says, as hashes: equal where nobody need look again. */
import { createHash } from 'node:crypto';
import { amountsIn } from '../domain/exchange/numbers.ts';
import { sourceParts, type SourceText } from '../domain/exchange/practice.ts';
import type { SourceHashes } from '../domain/practice/state.ts';
import { canonicalJson } from './audit-chain.ts';

const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');

const claimParts = ['indication', 'result', 'evidence'] as const;

export function sourceHashes(source: SourceText, locale: string): SourceHashes {
  const text = sourceParts.map((part) => [part, source[part].trim()] as const);
  const claims = claimParts.map((part) => source[part].trim());
  const amounts = sourceParts.map((part) => amountsIn(source[part], locale));
  const notes = Object.entries(source.notes).filter(([, note]) => note.trim() !== '');
  return {
    text: hashOf([locale, text]),
    claims: hashOf([claims, amounts]),
    notes: Object.fromEntries(notes.map(([country, note]) => [country, hashOf(note.trim())])),
  };
}
