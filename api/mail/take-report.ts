/** What a mail server or a mail service says of mail that did not arrive, or was complained of. */
import { idOfMail } from '../../channels/email/message-id.ts';
import type { Database } from '../../db/client.ts';
import {
  endReturned,
  forgetReturnedEntry,
  isMailOff,
  noteReturned,
  noticeOfMail,
  sendReturned,
  turnChannelOff,
} from '../../db/channel-off.ts';
import { endDigests } from '../../db/preferences.ts';
import type { NoticeId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';

export type Report = {
  /** As it stands in the mail: it proves that whoever reports has had the mail. */
  readonly messageId: string;
} & (
  | { readonly kind: 'complaint' }
  | { readonly kind: 'permanent' | 'refused' | 'temporary'; readonly address: string }
);

/**
 * `unknown`: no message of ours, so somebody's invention or another system's. `known`: nothing new.
 * A complaint ends digests; what asks something still arrives.
 */
export type ReportOutcome = 'turned_off' | 'digests_ended' | 'known' | 'unknown';

interface ReportParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly mailProofSecret?: string | undefined;
  readonly startDeliveries?: ((notices: readonly NoticeId[]) => void) | undefined;
}

export async function takeReport(
  { db, clock, mailProofSecret, startDeliveries }: ReportParts,
  report: Report,
): Promise<ReportOutcome> {
  const found = await noticeOfMail(db, idOfMail(mailProofSecret, report.messageId));
  if (!found) return 'unknown';
  const at = clock.now();
  const { notice, recipient: person } = found;
  if (report.kind === 'complaint') {
    return (await endDigests(db, person, at)) ? 'digests_ended' : 'known';
  }
  if (report.kind === 'temporary') {
    await noteReturned(db, { notice, at });
    return 'known';
  }
  const { address } = report;
  const off = { person, channel: 'email', address, reason: 'bounced', at } as const;
  const told = report.kind === 'permanent' ? await turnChannelOff(db, off) : null;
  // Another address, as of a mailbox that is forwarded, says nothing of ours: then it is this mail
  // alone that did not arrive, and the same way is not taken again for it.
  const isOff = report.kind === 'permanent' && (await isMailOff(db, person));
  const anew = found.isLatest ? await sendReturned(db, { notice, at, isOff }) : [];
  if (anew.length === 0) {
    await noteReturned(db, { notice, at });
    if (found.isLatest) {
      await forgetReturnedEntry(db, notice);
      await endReturned(db, { notice, at });
    }
  }
  startDeliveries?.([...(told ?? []), ...anew]);
  return told === null ? 'known' : 'turned_off';
}
