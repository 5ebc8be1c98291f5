/** Sends one message once: claimed, rendered for its reader, frozen, sent, and its outcome kept. */
import { ApplicationFailure } from '@temporalio/common';
import type { Channel } from '../channels/channel.ts';
import { threadId } from '../channels/email/thread.ts';
import type { Database } from '../db/client.ts';
import {
  addressee,
  claimNotice,
  freezeNotice,
  postponeNotice,
  releaseNotice,
  settleNotice,
  type Addressee,
  type ClaimedNotice,
} from '../db/notices.ts';
import { type BundledNotice, bundle, bundleOf } from '../db/bundles.ts';
import type { NoticeReason } from '../db/notice-events.ts';
import { assert, present } from '../domain/assert.ts';
import type { Instant } from '../domain/loop.ts';
import { recipientFor } from '../locales/render.ts';
import { wordsOf } from './compose-notice.ts';
import { fittingHour } from './fitting-hour.ts';

export interface DeliverParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  /** By name, as the notice names it. */
  readonly channels: Readonly<Record<string, Channel>>;
  readonly publicUrl: string;
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

/** Longer than a send may take: until then nobody else tries. */
export const leaseMs = 120_000;
/** Messages to one person that come due so close to each other go out as one. */
const bundleMs = 120_000;
const membersMax = 50;
/** About a day of tries, since each waits longer than the one before. */
export const attemptsMax = 30;

type Ending =
  | { readonly status: 'sent' | 'cancelled' | 'failed'; readonly reason: string | null }
  | { readonly status: 'postponed'; readonly sendAt: Instant; readonly why: NoticeReason }
  /** It goes out within another. */
  | { readonly status: 'absorbed' }
  | { readonly status: 'again'; readonly code: string };

export const createDeliver =
  (parts: DeliverParts) =>
  async ({ noticeId, revision }: Delivery): Promise<DeliveryOutcome> => {
    const { db, clock } = parts;
    const notice = await claimNotice(db, { id: noticeId, revision, now: clock.now(), leaseMs });
    if (!notice) return 'passed';
    const ending = await attempt(parts, notice).catch(async (error: unknown) => {
      // Where even this fails, the lease runs out by itself.
      await releaseNotice(db, notice).catch(() => undefined);
      throw error;
    });
    if (ending.status === 'again') {
      await releaseNotice(db, notice);
      throw ApplicationFailure.retryable(ending.code, 'channel.unavailable');
    }
    if (ending.status === 'postponed') {
      const { sendAt, why } = ending;
      await postponeNotice(db, notice, { sendAt, at: clock.now(), ...why });
      return 'postponed';
    }
    if (ending.status === 'absorbed') return 'passed';
    const { status, reason } = ending;
    await settleNotice(db, { id: notice.id, status, reason, at: clock.now() });
    return status;
  };

async function attempt(parts: DeliverParts, notice: ClaimedNotice): Promise<Ending> {
  if (!notice.isWanted && !notice.isLead) return { status: 'cancelled', reason: 'settled' };
  if (notice.attempts > attemptsMax) return { status: 'failed', reason: 'gave_up' };
  const to = present(await addressee(parts.db, notice.recipient), 'who it is for');
  if (to.hasLeft) return { status: 'cancelled', reason: 'recipient_left' };
  const now = parts.clock.now();
  const { sendAt, why } = await fittingHour(parts.db, notice, now);
  if (why !== null) return { status: 'postponed', sendAt, why };
  const channel = parts.channels[notice.channel];
  assert(channel !== undefined, `channel ${notice.channel} is known`);
  const bytes = notice.rendered ?? (await compose(parts, notice, to, channel));
  if (bytes === 'absorbed') return { status: 'absorbed' };
  if (bytes === 'settled') return { status: 'cancelled', reason: 'settled' };
  const answer = await channel.send(bytes, to.email);
  switch (answer.outcome) {
    case 'sent':
      return { status: 'sent', reason: null };
    case 'permanent':
      return { status: 'failed', reason: 'channel_failed' };
    case 'temporary':
      return notice.attempts < attemptsMax
        ? { status: 'again', code: answer.code }
        : { status: 'failed', reason: 'gave_up' };
  }
}

/** Frozen before the first attempt, so that a second one sends the very same bytes. */
async function compose(
  parts: DeliverParts,
  notice: ClaimedNotice,
  to: Addressee,
  channel: Channel,
): Promise<Uint8Array | 'absorbed' | 'settled'> {
  const { db, clock, publicUrl } = parts;
  const members = await membersOf(parts, notice);
  if (members === null) return 'absorbed';
  const [first, ...others] = [...(notice.isWanted ? [notice] : []), ...members];
  if (first === undefined) return 'settled';
  const recipient = recipientFor(to);
  const { rendered, link } = await wordsOf(db, [first, ...others], { recipient, publicUrl });
  const messageId = `${notice.id}.${notice.revision}`;
  const composed = await channel.compose({
    messageId,
    to: { name: to.name, address: to.email },
    recipient,
    rendered,
    link,
    at: clock.now(),
    ...(notice.loopId !== null && { thread: threadId(notice.loopId, notice.recipient) }),
  });
  return freezeNotice(db, { id: notice.id, rendered: composed, messageId });
}

/** What goes out within it; null when it goes out within another itself. */
function membersOf(
  { db, clock }: DeliverParts,
  notice: ClaimedNotice,
): Promise<readonly BundledNotice[] | null> {
  if (notice.urgency === 'now') return Promise.resolve([]);
  const now = clock.now();
  if (notice.isLead) return bundleOf(db, notice.id, now);
  return bundle(db, { lead: notice, now, until: now + bundleMs, membersMax });
}
