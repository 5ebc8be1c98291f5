/** Sends one message once: claimed, rendered for its reader, frozen, sent, and its outcome kept. */
import { ApplicationFailure } from '@temporalio/common';
import type { Channel, SendOutcome } from '../channels/channel.ts';
import { turnChannelOff } from '../db/channel-off.ts';
import type { Database } from '../db/client.ts';
import { gatheredNotices } from '../db/gathered-notices.ts';
import {
  markUnderWay,
  postponeNotice,
  releaseNotice,
  type Rerouted,
  rerouteNotice,
  thawNotice,
  whileHeld,
} from '../db/notice-outcomes.ts';
import type { ClaimedNotice } from '../db/notices.ts';
import { unbundle } from '../db/bundles.ts';
import type { NoticeReason } from '../db/notice-events.ts';
import { dropOffers, forgetOffers } from '../db/practice-offers.ts';
import { forgetDigestDeliveries, forgetDigestItems, suppressDigest } from '../db/digests.ts';
import type { NoticeId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { attemptsMax, leaseMs } from '../domain/notice/tries.ts';
import { channelNames } from '../domain/people/preferences.ts';
import { fittingHour } from './fitting-hour.ts';
import { composedOnce, type LetterParts, passed } from './freeze-letter.ts';
import { hasLostOffers } from './offer-practices.ts';
import type { ProviderWatch } from './provider-watch.ts';
import { type Route, routeOf } from './route-of.ts';
import { tellLotFailed } from './tell-lot-failed.ts';

export interface DeliverParts extends LetterParts {
  /** By name. */
  readonly channels: Readonly<Record<string, Channel>>;
  /** Absent, no provider ever rests. */
  readonly providers?: ProviderWatch;
}

export interface Delivery {
  readonly noticeId: string;
  readonly revision: number;
}

/**
 * `passed`: somebody else has it, it is not due, or it is no longer wanted. `postponed`: it became
 * late, and its reader does not work at this hour; the sweep starts it again as a new revision.
 */
export type DeliveryOutcome = 'sent' | 'passed' | 'postponed' | 'cancelled' | 'failed';

/** A message is tried on each channel once. */
const channelsMax = channelNames.length;

type Ending =
  | {
      readonly status: 'sent' | 'cancelled' | 'failed';
      readonly reason: string | null;
      /** Absent where nothing was sent in this try. */
      readonly mayHaveArrived?: boolean;
    }
  | {
      readonly status: 'postponed';
      readonly sendAt: Instant;
      readonly channel: string;
      readonly why: NoticeReason;
    }
  /** It goes out within another, or somebody else has claimed it since. */
  | { readonly status: 'passed' }
  /** The next channel is to try. */
  | { readonly status: 'rerouted' }
  | { readonly status: 'again'; readonly code: string; readonly mayHaveArrived: boolean };

interface Delivering extends DeliverParts {
  readonly gathered: ReturnType<typeof gatheredNotices>;
}

export function createDeliver(given: DeliverParts) {
  const parts: Delivering = { ...given, gathered: gatheredNotices(given.db, tellLotFailed) };
  return async ({ noticeId, revision }: Delivery): Promise<DeliveryOutcome> => {
    let outcome = await deliverOnce(parts, { noticeId, revision });
    for (
      let next = revision + 1;
      outcome === 'rerouted' && next <= revision + channelsMax;
      next++
    ) {
      outcome = await deliverOnce(parts, { noticeId, revision: next });
    }
    return outcome === 'rerouted' ? 'passed' : outcome;
  };
}

async function deliverOnce(
  parts: Delivering,
  { noticeId, revision }: Delivery,
): Promise<DeliveryOutcome | 'rerouted'> {
  const { db, clock } = parts;
  const claim = { id: noticeId as NoticeId, revision, now: clock.now(), leaseMs };
  const notice = await parts.gathered.claim(claim);
  if (!notice) return 'passed';
  const ending = await attempt(parts, notice).catch(async (error: unknown) => {
    // Where even this fails, the lease runs out by itself.
    await goAlone(parts, notice).catch(() => undefined);
    await releaseNotice(db, notice).catch(() => undefined);
    throw error;
  });
  if (ending.status === 'again') {
    if (!ending.mayHaveArrived) await takeBack(db, notice);
    await releaseNotice(db, notice, ending.mayHaveArrived);
    throw ApplicationFailure.retryable(ending.code, 'channel.unavailable');
  }
  if (ending.status === 'postponed') {
    const { sendAt, channel, why } = ending;
    await postponeNotice(db, notice, { sendAt, at: clock.now(), channel, ...why });
    parts.startDeliveries?.([notice.id]);
    return 'postponed';
  }
  if (ending.status === 'passed' || ending.status === 'rerouted') return ending.status;
  const { status, reason, mayHaveArrived = notice.mayHaveArrived } = ending;
  if (status !== 'sent') {
    await undo(db, { ...notice, mayHaveArrived }, reason ?? status);
  }
  const { id, attempts } = notice;
  const at = clock.now();
  const outcome = { status, reason, mayHaveArrived: mayHaveArrived || status === 'sent' };
  const isMine = await parts.gathered.settle({ id, revision, attempts, at, ...outcome });
  return isMine ? status : 'passed';
}

/**
 * Where it reached nobody, nobody is called back from what was in it. What may have arrived all the
 * same counts as received.
 */
async function undo(db: Database, notice: ClaimedNotice, reason: string): Promise<void> {
  const { id, urgency, mayHaveArrived } = notice;
  const isDigest = urgency === 'digest';
  await whileHeld(db, notice, async (tx) => {
    if (isDigest) await suppressDigest(tx, id, reason);
    if (!mayHaveArrived) await (isDigest ? forgetDigestItems(tx, id) : forgetOffers(tx, id));
  });
}

/**
 * What was certainly not taken has reached nobody: until it is tried again, nobody is called back from
 * the practices in it, and then their gate is asked anew.
 */
async function takeBack(db: Database, notice: ClaimedNotice): Promise<void> {
  const { id, urgency } = notice;
  const isDigest = urgency === 'digest';
  await whileHeld(db, notice, async (tx) => {
    const held = isDigest ? await forgetDigestDeliveries(tx, id) : await forgetOffers(tx, id);
    if (held) await thawNotice(tx, id);
  });
}

/**
 * Bytes that tell what is settled, offer what their reader may not read any more, or name an address that
 * is theirs no more, go to nobody: they are made anew. Null: not ours.
 */
async function withoutOutdated(
  { db }: DeliverParts,
  notice: ClaimedNotice,
): Promise<ClaimedNotice | null> {
  const { id, recipient: person, rendered, urgency, mayHaveArrived } = notice;
  if (rendered === null || urgency === 'digest') return notice;
  const isOutdated =
    notice.isForOldAddress || notice.isOutdated || (notice.isLead && notice.unwanted !== null);
  if (!isOutdated && !(await hasLostOffers(db, { notice: id, person }))) return notice;
  const isMine = await whileHeld(db, notice, async (tx) => {
    await (mayHaveArrived ? dropOffers(tx, id) : forgetOffers(tx, id));
    await thawNotice(tx, id);
  });
  return isMine ? { ...notice, rendered: null } : null;
}

async function attempt(parts: Delivering, claimed: ClaimedNotice): Promise<Ending> {
  const notice = await withoutOutdated(parts, claimed);
  if (notice === null) return passed;
  const { unwanted } = notice;
  const isFrozen = notice.rendered !== null;
  if (notice.isLead && !isFrozen) await goAlone(parts, notice);
  if (unwanted !== null) return { status: 'cancelled', reason: unwanted };
  if (notice.attempts > attemptsMax) return { status: 'failed', reason: 'gave_up' };
  if (notice.to.hasLeft) return { status: 'cancelled', reason: 'recipient_left' };
  const now = parts.clock.now();
  const route = routeOf(parts, notice, { now, zone: notice.to.zone });
  if (route === null) return { status: 'failed', reason: 'no_channel' };
  if (isFrozen && route.name !== notice.channel) {
    const why = route.isAwayFromRest
      ? ({ reason: 'provider_rests' } as const)
      : ({ reason: 'rerouted' } as const);
    return goOtherWay(parts, notice, { to: route.name, ...why });
  }
  const { sendAt, why } = await fittingHour(parts.db, { ...notice, channel: route.name }, now);
  const channel = route.name;
  if (why !== null) return { status: 'postponed', sendAt, channel, why };
  if (route.pausedUntil !== null && notice.urgency !== 'now') {
    const why = { reason: 'paused', reasonParams: { until: { instant: route.pausedUntil } } };
    return { status: 'postponed', sendAt: route.pausedUntil, channel, why };
  }
  const composed = await composedOnce(parts, notice, { to: notice.to, route });
  return composed instanceof Uint8Array
    ? send(parts, notice, { bytes: composed, route })
    : composed;
}

/** Whatever came between: the others do not wait for this one to be tried again. */
async function goAlone(parts: DeliverParts, notice: ClaimedNotice): Promise<void> {
  const released = await unbundle(parts.db, notice, parts.clock.now());
  if (released.length > 0) parts.startDeliveries?.(released);
}

/** The bytes of one channel are no other's: they are made anew. */
async function goOtherWay(
  { db, clock }: DeliverParts,
  notice: ClaimedNotice,
  way: Pick<Rerouted, 'to' | 'reason'>,
): Promise<Ending> {
  const { mayHaveArrived } = notice;
  await rerouteNotice(db, notice, { ...way, at: clock.now(), mayHaveArrived });
  return { status: 'rerouted' };
}

async function send(
  parts: DeliverParts,
  notice: ClaimedNotice,
  { bytes, route }: { readonly bytes: Uint8Array; readonly route: Route },
): Promise<Ending> {
  const { db, providers } = parts;
  const { attempts, rendered, mayHaveArrived: before } = notice;
  const isUnmarked = rendered !== null && !before;
  if (isUnmarked && !(await markUnderWay(db, notice))) return passed;
  const answer = await route.channel.send(bytes, route.address);
  switch (answer.outcome) {
    case 'sent':
      return { status: 'sent', reason: null };
    case 'permanent':
      return refused(parts, notice, { answer, route });
    case 'temporary': {
      const { code } = answer;
      const { id, recipient: reader } = notice;
      const failure = { channel: route.name, code, reader, notice: id };
      // Of one that rests already it is known.
      if (route.pausedUntil === null) await providers?.failed(failure);
      const mayHaveArrived = before || answer.mayHaveArrived;
      return attempts < attemptsMax
        ? { status: 'again', code, mayHaveArrived }
        : { status: 'failed', reason: 'gave_up', mayHaveArrived };
    }
  }
}

interface Refused {
  readonly answer: Extract<SendOutcome, { readonly outcome: 'permanent' }>;
  readonly route: Route;
}

/** Its address reaches nobody, or the provider takes nothing from us, or nothing like this one. */
async function refused(
  parts: DeliverParts,
  notice: ClaimedNotice,
  { answer, route }: Refused,
): Promise<Ending> {
  const { db, clock, providers } = parts;
  const { id, recipient, attempts, mayHaveArrived } = notice;
  const { code, isAddressGone = false } = answer;
  const { name: channel, address, next } = route;
  if (isAddressGone) {
    const off = { person: recipient, channel, address, reason: 'refused', at: clock.now() };
    const told = await turnChannelOff(db, off);
    if (told !== null) parts.startDeliveries?.(told);
  }
  const refusal = { channel, code, reader: recipient, notice: id };
  const isForAll =
    !isAddressGone && (route.pausedUntil !== null || (await providers?.refused(refusal)) === true);
  if (next !== undefined) return goOtherWay(parts, notice, { to: next, reason: 'rerouted' });
  if (isForAll && attempts < attemptsMax) return { status: 'again', code, mayHaveArrived };
  if (!mayHaveArrived && notice.urgency === 'working') await withoutMembers(parts, notice);
  return { status: 'failed', reason: 'channel_failed' };
}

/** One part may be why all were refused, and nobody has any of them: the others stand for themselves. */
async function withoutMembers(parts: DeliverParts, notice: ClaimedNotice): Promise<void> {
  const isMine = await whileHeld(parts.db, notice, async (tx) => {
    await forgetOffers(tx, notice.id);
    await thawNotice(tx, notice.id, { may_have_arrived: false });
  });
  if (isMine) await goAlone(parts, notice);
}
