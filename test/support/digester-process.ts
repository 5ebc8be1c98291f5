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
import type { Instant } from '../../domain/loop.ts';

export interface DigesterOrder {
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

const atOnce = 20;
/** Longer than a claim holds: whoever comes after a death finds it run out. */
const afterDeathMs = 200_000;

const order = JSON.parse(process.argv[2] ?? '{}') as DigesterOrder;
const db = openDatabase({ url: order.databaseUrl });

/** Where the one before had come to. */
async function resumesAt(): Promise<Instant> {
  const { rows } = await sql<{ readonly at: Instant | null }>`
    SELECT greatest((SELECT max(at) FROM digest), (SELECT max(at) FROM notice_event)) AS at`.execute(
    db,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? order.startsAt : at + afterDeathMs;
}

async function nextAt(): Promise<Instant | null> {
  const { rows } = await sql<{ readonly at: Instant | null }>`
    SELECT least((SELECT min(next_digest_at) FROM digest_plan), (SELECT min(greatest(send_at, lease_until))
      FROM notice WHERE status IN ('planned', 'sending'))) AS at`.execute(db);
  return rows[0]?.at ?? null;
}

let now = await resumesAt();
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
while (now <= order.endsAt) {
  await collect();
  for (;;) {
    const due = await unstartedNotices(db, { now, horizonMs: 0, limit: atOnce });
    if (due.length === 0) break;
    // One that fails for now is due again.
    await Promise.allSettled(due.map(({ id, revision }) => deliver({ noticeId: id, revision })));
  }
  const next = await nextAt();
  if (next === null) break;
  now = Math.max(now + 1_000, next);
}
email.close();
await db.destroy();
process.stdout.write('done\n');
