/** What a text says, as hashes: equal where nobody need look again. */
import { createHash } from 'node:crypto';
import { sourceParts, type SourceText } from '../domain/exchange/practice.ts';
import type { SourceHashes } from '../domain/practice/state.ts';
import { canonicalJson } from './audit-chain.ts';

const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');

export function sourceHashes(source: SourceText, locale: string): SourceHashes {
  const text = sourceParts.map((part) => [part, source[part].trim()] as const);
  const notes = Object.entries(source.notes).filter(([, note]) => note.trim() !== '');
  return {
    text: hashOf([locale, text]),
    notes: Object.fromEntries(notes.map(([country, note]) => [country, hashOf(note.trim())])),
  };
}
