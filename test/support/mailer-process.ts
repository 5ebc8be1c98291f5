/**
 * Delivers every message that is due, in a process of its own, to be killed. One JSON argument. Where
 * the product waits for Temporal's timers, its clock jumps ahead when nothing is due.
 */
import { createDeliver } from '../../activities/deliver.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { openDatabase } from '../../db/client.ts';
import { unstartedNotices } from '../../db/notices.ts';

export interface MailerOrder {
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  /** How far this process's clock is ahead of the machine's. */
  readonly aheadMs: number;
}

const atOnce = 20;
const jumpMs = 60_000;

const order = JSON.parse(process.argv[2] ?? '{}') as MailerOrder;
let aheadMs = order.aheadMs;
const clock = { now: () => Date.now() + aheadMs };
const db = openDatabase({ url: order.databaseUrl });
const email = createEmailChannel({
  smtpUrl: order.smtpUrl,
  from: { name: 'Meridian', address: 'meridian@example.test' },
});
const deliver = createDeliver({
  db,
  clock,
  channels: { email },
  publicUrl: 'https://meridian.test',
});
process.stdout.write('ready\n');
for (;;) {
  const due = await unstartedNotices(db, { now: clock.now(), horizonMs: 0, limit: atOnce });
  if (due.length === 0) {
    const { left } = await db
      .selectFrom('notice')
      .select((eb) => eb.fn.countAll<bigint>().as('left'))
      .where('status', 'in', ['planned', 'sending'])
      .executeTakeFirstOrThrow();
    if (left === 0n) break;
    aheadMs += jumpMs;
  }
  // One that fails for now is due again.
  await Promise.allSettled(due.map(({ id, revision }) => deliver({ noticeId: id, revision })));
}
email.close();
await db.destroy();
process.stdout.write('done\n');
