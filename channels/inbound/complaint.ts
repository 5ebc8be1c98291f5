/** What a mail provider tells of a reader who called our mail unwanted (ARF, RFC 5965). */
import type { ParsedMail } from 'mailparser';
import { contentTypeOf, messageIdIn, partOf, returnedMail } from './report.ts';

export interface Complaint {
  /** As we wrote it, without angle brackets and domain. */
  readonly messageId: string;
  readonly kind: 'complaint';
}

/** `not-spam` takes a complaint back, and whatever else comes is no complaint about a mail. */
const complaining = /^Feedback-Type[ \t]*:[ \t]*(abuse|fraud|opt-out|virus|other)[ \t]*\r?$/im;

/** Null for every mail that is no such report, or names no mail of ours. */
export function complaintOf(mail: ParsedMail): Complaint | null {
  const { value, report } = contentTypeOf(mail);
  if (value !== 'multipart/report' || report !== 'feedback-report') return null;
  const feedback = partOf(mail, /^message\/feedback-report$/i) ?? '';
  const messageId = messageIdIn(returnedMail(mail) ?? '');
  return complaining.test(feedback) && messageId !== null ? { messageId, kind: 'complaint' } : null;
}
