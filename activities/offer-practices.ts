/** The practice that a first message offers: chosen, asked of the gate, and kept for a recall, in one transaction. */
import type { Transaction } from 'kysely';
import type { BundledNotice } from '../db/bundles.ts';
import type { Query } from '../db/client.ts';
import { type Delivered, recordDelivery, unreadableItems } from '../db/practice-deliveries.ts';
import { loadReaders } from '../db/practice-gate.ts';
import {
  fittingPractices,
  frozenOffers,
  keepOffer,
  occasionOf,
  offersOf,
} from '../db/practice-offers.ts';
import { reportsOf } from '../db/practice-verdicts.ts';
import type { DB } from '../db/schema.ts';
import { bestOffer, offerWay } from '../domain/exchange/offer.ts';
import { rankPractice } from '../domain/exchange/rank.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';

export interface Offered extends Pick<Delivered, 'locale' | 'isFallback' | 'content'> {
  readonly practice: LoopId;
}
export type Offers = ReadonlyMap<NoticeId, Offered>;

interface Offering {
  readonly told: readonly BundledNotice[];
  readonly person: PersonId;
  readonly at: Instant;
}

/**
 * In the transaction that freezes the bytes. What a message offered when it was made before it offers
 * again, if its reader may still read it; what they may not read is not offered.
 */
export async function offerPractices(
  tx: Transaction<DB>,
  { told, person, at }: Offering,
): Promise<Offers> {
  const before = await offersOf(
    tx,
    told.map(({ id }) => id),
  );
  const offers = new Map<NoticeId, Offered>();
  for (const { id: notice, key, loopId } of told) {
    const via = offerWay(key);
    if (via === null || loopId === null) continue;
    const practice = before.get(notice) ?? (await chosenFor(tx, person, loopId));
    if (practice === null) continue;
    const delivered = await recordDelivery(tx, { practice, person, via, at });
    if (delivered === null) continue;
    const { version, locale, isFallback, content } = delivered;
    await keepOffer(tx, { notice, practice, person, via, version, locale });
    offers.set(notice, { practice, locale, isFallback, content });
  }
  return offers;
}

async function chosenFor(query: Query, person: PersonId, loop: LoopId): Promise<LoopId | null> {
  const reader = (await loadReaders(query, [person])).get(person);
  if (!reader) return null;
  const fitting = await fittingPractices(query, reader, await occasionOf(query, loop));
  const reports = await reportsOf(
    query,
    fitting.map(({ id }) => id),
  );
  const place = { ...reader, locale: reader.regionLocale };
  return bestOffer(
    fitting.map((one) => ({
      ...one,
      points: rankPractice(reports.get(one.id) ?? [], place).points,
    })),
  );
}

/** Whether frozen bytes offer what their reader may not read any more, or in another version. */
export async function hasLostOffers(
  query: Query,
  { notice, person }: { readonly notice: NoticeId; readonly person: PersonId },
): Promise<boolean> {
  const items = await frozenOffers(query, notice);
  return items.length > 0 && (await unreadableItems(query, { person, items })).length > 0;
}
