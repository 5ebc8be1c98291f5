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
import { sentenceValues } from '../db/sentence-values.ts';
import { assert, present } from '../domain/assert.ts';
import type { Instant } from '../domain/loop.ts';
import { taskPath } from '../locales/links.ts';
import { recipientFor, render } from '../locales/render.ts';
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
/** About a day of tries, since each waits longer than the one before. */
export const attemptsMax = 30;

type Ending =
  | { readonly status: 'sent' | 'cancelled' | 'failed'; readonly reason: string | null }
  | { readonly status: 'postponed'; readonly sendAt: Instant }
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
      await postponeNotice(db, notice, ending.sendAt);
      return 'postponed';
    }
    const { status, reason } = ending;
    await settleNotice(db, { id: notice.id, status, reason, at: clock.now() });
    return status;
  };

async function attempt(parts: DeliverParts, notice: ClaimedNotice): Promise<Ending> {
  if (!notice.isWanted) return { status: 'cancelled', reason: 'settled' };
  if (notice.attempts > attemptsMax) return { status: 'failed', reason: 'gave_up' };
  const to = present(await addressee(parts.db, notice.recipient), 'who it is for');
  if (to.hasLeft) return { status: 'cancelled', reason: 'recipient_left' };
  const now = parts.clock.now();
  const sendAt = await fittingHour(parts.db, notice, now);
  if (sendAt > now) return { status: 'postponed', sendAt };
  const channel = parts.channels[notice.channel];
  assert(channel !== undefined, `channel ${notice.channel} is known`);
  const bytes = notice.rendered ?? (await compose(parts, notice, to, channel));
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
  { db, clock, publicUrl }: DeliverParts,
  notice: ClaimedNotice,
  to: Addressee,
  channel: Channel,
): Promise<Uint8Array> {
  const recipient = recipientFor(to);
  const [filled] = await sentenceValues(db, [notice.params]);
  const values = present(filled, 'the values of the message');
  const messageId = `${notice.id}.${notice.revision}`;
  const rendered = await channel.compose({
    messageId,
    to: { name: to.name, address: to.email },
    recipient,
    rendered: render(notice.key, values, recipient),
    link: `${publicUrl}${taskPath(notice.loopId)}`,
    at: clock.now(),
    thread: threadId(notice.loopId, notice.recipient),
  });
  return freezeNotice(db, { id: notice.id, rendered, messageId });
}
