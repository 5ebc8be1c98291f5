/** What the look-ahead finds of accounts, as they are now. */
import type { AccountId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Finding } from '../domain/outlook/finding.ts';
import { lookAhead } from '../domain/outlook/look-ahead.ts';
import { openWorkBook } from '../domain/outlook/work-book.ts';
import { type ZoneData, zones } from '../domain/time/zone.ts';
import type { Query } from './client.ts';
import { outlookFacts } from './outlook-facts.ts';

export interface Looked {
  readonly accounts: readonly AccountId[];
  readonly now: Instant;
  readonly zoneData?: ZoneData | undefined;
}

/** By account. The same statements however many they are. */
export async function findAhead(
  query: Query,
  { accounts, now, zoneData = zones }: Looked,
): Promise<readonly Finding[]> {
  const facts = await outlookFacts(query, accounts, now);
  const book = openWorkBook(now, zoneData);
  return facts.flatMap((account) => lookAhead(account, { now, book, zoneData }));
}
