/** People, a database and a mail server of a test's own, and messages to send by them. */
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import type { Database, DatabaseOptions } from '../../db/client.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { testDatabase } from './database.ts';
import { account, berlin, givenHandoffPeople, tokyo } from './handoff-organisation.ts';
import { type GivenNotice, givenLoop, givenNotice } from './notices.ts';

export const mailFrom = { name: 'Meridian', address: 'meridian@example.test' };

/** By a server that takes nothing from us. */
export const denied: Channel['send'] = async () => ({ outcome: 'permanent', code: '550 5.7.1' });

export interface MailStage {
  readonly db: Database;
  readonly url: string;
  readonly sink: MailSink;
  readonly email: Channel;
  /** To the Tokyo lead, who can wait for it, unless the test says otherwise. */
  given(notice?: Partial<GivenNotice>): Promise<NoticeId>;
  mailTo(address: string, of?: PersonId): Promise<unknown>;
  /** The next message is everybody's first: what they were sent before would hold it back. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

export async function mailStage(
  startsAt: Instant,
  options: Partial<DatabaseOptions> = {},
): Promise<MailStage> {
  const database = await testDatabase(options);
  const { db, url } = database;
  await givenHandoffPeople(db, startsAt);
  const sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom });
  return {
    db,
    url,
    sink,
    email,
    async given(notice = {}) {
      return givenNotice(db, await givenLoop(db), {
        to: tokyo.lead,
        key: 'handoff.declined',
        params: { account: { account }, person: { person: berlin.lead } },
        urgency: 'working',
        sendAt: startsAt,
        ...notice,
      });
    },
    mailTo: (address, of = tokyo.lead) =>
      db.updateTable('person').set({ email: address }).where('id', '=', of).execute(),
    async forget() {
      sink.clear();
      await db.deleteFrom('channel_failure').execute();
      await db.deleteFrom('notice_event').execute();
      await db.deleteFrom('notice').execute();
    },
    async stop() {
      email.close();
      await sink.stop();
      await database.drop();
    },
  };
}
