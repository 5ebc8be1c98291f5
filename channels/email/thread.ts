/** What a mail reader groups by: all mails of one loop to one person answer the same unseen first one. */
import { createHash } from 'node:crypto';
import type { PersonId } from '../../domain/id.ts';

/** Says nothing of either to whoever the mail is forwarded to. */
export const threadId = (loopId: string, person: PersonId): string =>
  `thread.${createHash('sha256')
    .update(JSON.stringify([loopId, person]))
    .digest('hex')
    .slice(0, 32)}`;

/** Of the entry that a meeting has in its reader’s calendar, by whichever way it comes there. */
export const meetingId = (loopId: string, person: PersonId): string =>
  `${threadId(loopId, person)}.call`;
