/** A few people of four markets, their digests composed and sent to a sink, at the hours of a story. */
import { createDeliver, type DeliveryOutcome } from '../../activities/deliver.ts';
import { createCollectDigests } from '../../activities/digest/collect.ts';
import { startMailSink } from '../../bin/embedded/mail-sink.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { savePreferences } from '../../db/preferences.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import type { DigestWish } from '../../domain/people/preferences.ts';
import { testDatabase } from './database.ts';
import { mailFrom } from './mail-stage.ts';
import { givenMarkets } from './markets.ts';
import { storyClock } from './story-clock.ts';

/** A Monday; digests come on Thursdays at nine unless somebody says otherwise. */
export const monday = Date.parse('2027-03-01T06:00:00Z');

/** A try that ends with the connection, and one that was answered with a refusal. */
export const unknownFate = { outcome: 'temporary', code: 'down', mayHaveArrived: true } as const;
export const refusal = { outcome: 'temporary', code: '450', mayHaveArrived: false } as const;

export type DigestStage = Awaited<ReturnType<typeof digestStage>>;

export async function digestStage() {
  const clock = storyClock(monday);
  const database = await testDatabase();
  const { db } = database;
  await givenMarkets(db, [
    { id: 'anna', market: 'dach' },
    { id: 'kenji', market: 'japan' },
    { id: 'ana', market: 'brazil' },
    { id: 'john', market: 'america' },
    { id: 'paula', market: 'dach', isPartner: true },
  ]);
  const sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom });

  const stage = {
    clock,
    database,
    email,
    /** What the last tick planned, and nobody has sent. */
    planned: [] as NoticeId[],

    collect() {
      const startDeliveries = (ids: readonly NoticeId[]) => void stage.planned.push(...ids);
      return createCollectDigests({ db, clock, startDeliveries })();
    },

    /** Sends whatever the last tick planned. */
    async deliverAll(by: Channel = email): Promise<readonly DeliveryOutcome[]> {
      const deliver = createDeliver({
        db,
        clock,
        channels: { email: by },
        publicUrl: 'https://meridian.test',
        unsubscribeUrl: (person) => `https://meridian.test/unsubscribe/${person}`,
      });
      const mine = stage.planned;
      stage.planned = [];
      return Promise.all(mine.map((noticeId) => deliver({ noticeId, revision: 1 })));
    },

    wishes: (person: string, digest: DigestWish | null) =>
      savePreferences(db, {
        person: person as PersonId,
        at: clock.now(),
        said: { channels: null, quiet: null, hourCycle: null, digest },
      }),

    digests: (person: string) =>
      db
        .selectFrom('digest')
        .select(['period', 'status', 'reason', 'every'])
        .where('person_id', '=', person)
        .orderBy('period')
        .execute(),

    async deliveries(person: string) {
      const rows = await db
        .selectFrom('practice_delivery')
        .select(['practice_id', 'locale', 'via'])
        .where('person_id', '=', person)
        .execute();
      return rows.map(({ practice_id: practice, locale, via }) => ({ practice, locale, via }));
    },

    mailsTo: (person: string) =>
      sink.messages().filter(({ to }) => to.includes(`${person}@example.test`)),

    goTo: (at: string): void => clock.moveTo(Date.parse(at)),

    async stop() {
      email.close();
      await sink.stop();
      await database.drop();
    },
  };
  return stage;
}
