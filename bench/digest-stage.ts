/** People in forty zones who want a digest a day, practices for them, and a day that goes by in ticks. */
import { createCollectDigests } from '../activities/digest/collect.ts';
import { createDeliver } from '../activities/deliver.ts';
import { createEmailChannel } from '../channels/email/email.ts';
import { openDatabase } from '../db/client.ts';
import type { NoticeId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { competencies } from '../domain/people/competency.ts';
import { givenMarkets, givenPractice, type Market } from '../test/support/markets.ts';
import { givenWork, products } from './digest-work.ts';
import { from, inTurn, startSink } from './message-stage.ts';
import { startOwnPostgres } from './own-postgres.ts';

export const zones = Intl.supportedValuesOf('timeZone')
  .filter((zone) => /^(Africa|America|Asia|Australia|Europe|Pacific)\//.test(zone))
  .filter((_, index) => index % 9 === 0)
  .slice(0, 40);
const markets: readonly Market[] = ['dach', 'japan', 'america', 'brazil'];
const practices = 200;
const tickMs = 300_000;
const dayMs = 86_400_000;
/** A Tuesday, from before its nine o'clock anywhere until after it everywhere. */
const opens = Date.parse('2027-03-01T18:00:00Z');
const closes = opens + 30 * 3_600_000;
const patient = { statementTimeoutMs: 60_000, transactionTimeoutMs: 120_000 } as const;

export interface DayMeasured {
  readonly digests: number;
  readonly seconds: number;
  /** Processor time of this process, and of Postgres. */
  readonly own: number;
  readonly postgres: number | null;
  /** Milliseconds of ticks at which nobody was due. */
  readonly idle: readonly number[];
  readonly megabytes: number;
}

export async function measureDay(people: number): Promise<DayMeasured> {
  const postgres = await startOwnPostgres('digests');
  const sink = await startSink();
  const db = openDatabase({ url: postgres.url, ...patient });
  const readers = Array.from({ length: people }, (_, index) => ({
    id: `reader-${index}`,
    market: markets[index % markets.length]!,
    zone: zones[index % zones.length]!,
  }));
  await givenMarkets(db, [{ id: 'author', market: 'brazil' }, ...readers]);
  await db.updateTable('region').set({ country: 'DE' }).execute();
  const policy = { every: 'day', weekday: 'mon', at: '09:00' };
  await db
    .insertInto('policy')
    .values({ key: 'digest.wish', region_id: null, valid_from: '2020-01-01', value: policy })
    .execute();
  for (let number = 0; number < practices; number++) {
    const given = {
      author: 'author',
      publishedAt: opens - dayMs + number,
      countries: ['DE'],
      product: products[number % products.length]!,
      competency: competencies[number % competencies.length]!,
    };
    const title = { title: `Practice ${number}` };
    await givenPractice(db, { ...given, text: title, translations: { de: title, ja: title } });
  }
  await givenWork(db, people);
  let now: Instant = opens;
  const clock = { now: () => now };
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from });
  const channels = { email };
  const publicUrl = 'https://meridian.test';
  const unsubscribeUrl = (person: string): string => `${publicUrl}/unsubscribe/${person}`;
  const deliver = createDeliver({ db, clock, channels, publicUrl, unsubscribeUrl });
  let planned: NoticeId[] = [];
  const startDeliveries = (ids: readonly NoticeId[]) => void planned.push(...ids);
  const collect = createCollectDigests({ db, clock, startDeliveries });
  while ((await collect()).hasMore);

  const startedAt = performance.now();
  const before = { cpu: process.cpuUsage(), postgres: postgres.cpuSeconds() };
  const idle: number[] = [];
  let digests = 0;
  for (; now < closes; now += tickMs) {
    const tickedAt = performance.now();
    const collected = await collect();
    const took = performance.now() - tickedAt;
    if (collected.composed + collected.planned + collected.suppressed === 0) idle.push(took);
    const mine = planned;
    planned = [];
    await inTurn(mine.map((noticeId) => () => deliver({ noticeId, revision: 1 })));
    digests += mine.length;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(before.cpu);
  const after = postgres.cpuSeconds();
  const { sent } = await db
    .selectFrom('notice')
    .select((eb) => eb.fn.countAll<bigint>().as('sent'))
    .where('status', '=', 'sent')
    .executeTakeFirstOrThrow();
  if (Number(sent) !== digests) throw new Error(`of ${digests} digests ${sent} were sent`);
  email.close();
  await db.destroy();
  await Promise.all([postgres.stop(), sink.stop()]);
  return {
    digests,
    seconds,
    own: (user + system) / 1e6,
    postgres: after === null || before.postgres === null ? null : after - before.postgres,
    idle,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}
