/** What a mail server or a mail service says of mail that did not arrive, or was complained of. */
import type { Database } from '../../db/client.ts';
import { noticeOfMail, turnMailOff } from '../../db/channel-off.ts';
import { endDigests } from '../../db/preferences.ts';
import type { Instant } from '../../domain/loop.ts';

export interface Report {
  /** As we wrote it, without angle brackets and domain. */
  readonly messageId: string;
  readonly address: string;
  readonly kind: 'permanent' | 'temporary' | 'complaint';
}

/**
 * `unknown`: no message of ours, so somebody's invention or another system's. `known`: nothing new.
 * A complaint ends digests; what asks something still arrives.
 */
export type ReportOutcome = 'turned_off' | 'digests_ended' | 'known' | 'unknown';

interface ReportParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

export async function takeReport(
  { db, clock }: ReportParts,
  { messageId, address, kind }: Report,
): Promise<ReportOutcome> {
  const found = await noticeOfMail(db, messageId);
  if (!found) return 'unknown';
  const at = clock.now();
  const person = found.recipient;
  if (kind === 'complaint') {
    return (await endDigests(db, person, at)) ? 'digests_ended' : 'known';
  }
  if (kind === 'temporary') return 'known';
  const isNew = await turnMailOff(db, { person, address, reason: 'bounced', at });
  return isNew ? 'turned_off' : 'known';
}
