/**
 * Composes and sends every digest that comes due, in a process of its own, to be killed. One JSON
 * argument. Where the product waits for a schedule, its clock jumps to whatever is due next.
 */
import { sql } from 'kysely';
import { createDeliver } from '../../activities/deliver.ts';
import { createCollectDigests } from '../../activities/digest/collect.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { openDatabase } from '../../db/client.ts';
import { unstartedNotices } from '../../db/notices.ts';
import { isOutage } from '../../db/outage.ts';
import type { Instant } from '../../domain/loop.ts';
import { patience } from './patience.ts';

export interface DigesterOrder {
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

const atOnce = 20;
const triesMax = 10;

const order = JSON.parse(process.argv[2] ?? '{}') as DigesterOrder;
const db = openDatabase({ url: order.databaseUrl, ...patience });

/** As whoever starts an activity does: what a lost connection has interrupted is done again. */
async function retried<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (!isOutage(error) || tries === triesMax) throw error;
    }
  }
}

/** Where the one before had come to. Its claims run out on the way. */
async function resumesAt(): Promise<Instant> {
  const { rows } = await sql<{ readonly at: Instant | null }>`
    SELECT greatest((SELECT max(at) FROM digest), (SELECT max(at) FROM notice_event)) AS at`.execute(
    db,
  );
  return Math.min(rows[0]?.at ?? order.startsAt, order.endsAt);
}

/** Nothing is composed after the end, and everything that was composed is sent. */
async function nextAt(): Promise<Instant | null> {
  const { rows } = await sql<{ readonly digest: Instant | null; readonly notice: Instant | null }>`
    SELECT (SELECT min(next_digest_at) FROM digest_plan
        WHERE next_digest_at <= ${order.endsAt}::timestamptz) AS digest,
      (SELECT min(greatest(send_at, lease_until)) FROM notice
        WHERE status IN ('planned', 'sending')) AS notice`.execute(db);
  const { digest = null, notice = null } = rows[0] ?? {};
  if (digest === null) return notice && Math.max(now + 1, notice);
  // Never past what is still to be composed.
  return Math.min(Math.max(digest, now), Math.max(notice ?? Infinity, now + 1));
}

let now = await retried(resumesAt);
const clock = { now: () => now };
const email = createEmailChannel({
  smtpUrl: order.smtpUrl,
  from: { name: 'Meridian', address: 'meridian@example.test' },
});
const collect = createCollectDigests({ db, clock });
const deliver = createDeliver({
  db,
  clock,
  channels: { email },
  publicUrl: 'https://meridian.test',
  unsubscribeUrl: (person) => `https://meridian.test/unsubscribe/${person}`,
});
process.stdout.write('ready\n');
for (;;) {
  if (now <= order.endsAt) await retried(collect);
  for (;;) {
    const due = await retried(() => unstartedNotices(db, { now, horizonMs: 0, limit: atOnce }));
    if (due.length === 0) break;
    // One that fails for now is due again.
    const ended = await Promise.allSettled(
      due.map(({ id, revision }) => deliver({ noticeId: id, revision })),
    );
    for (const [index, one] of ended.entries()) {
      // It may have been sent, and could not be noted.
      const isUnknown = one.status === 'rejected' && isOutage(one.reason);
      if (isUnknown) process.stdout.write(`doubt ${due[index]?.id}\n`);
    }
  }
  const next = await retried(nextAt);
  if (next === null) break;
  now = next;
}
email.close();
await db.destroy();
process.stdout.write('done\n');
