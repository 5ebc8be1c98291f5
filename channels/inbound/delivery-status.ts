/** What a mail server reports of a mail that we sent (RFC 3464). */
import type { ParsedMail } from 'mailparser';
import { contentTypeOf, messageIdIn, partOf, returnedMail } from './report.ts';

export interface Bounce {
  /** As we wrote it, without angle brackets and domain. */
  readonly messageId: string;
  readonly address: string;
  /** `permanent` only where the recipient cannot be reached, not where one mail was disliked. */
  readonly kind: 'permanent' | 'temporary';
  /** RFC 3463. */
  readonly status: string;
}

const recipientsMax = 20;

/** Empty for every mail that is no such report, or names no mail of ours. */
export function bouncesOf(mail: ParsedMail): readonly Bounce[] {
  if (contentTypeOf(mail).value !== 'multipart/report') return [];
  const report = partOf(mail, /^message\/(global-)?delivery-status$/i);
  const messageId = messageIdIn(returnedMail(mail) ?? '');
  if (report === undefined || messageId === null) return [];
  return report
    .split(/\r?\n\s*\r?\n/)
    .slice(1, 1 + recipientsMax)
    .flatMap((group) => recipientOf(group, messageId));
}

function recipientOf(group: string, messageId: string): readonly Bounce[] {
  const field = (name: string): string =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*([^\\r\\n]*)`, 'im').exec(group)?.[1]?.trim() ?? '';
  const action = field('Action').toLowerCase();
  const [status] = /^[245]\.\d{1,3}\.\d{1,3}/.exec(field('Status')) ?? [];
  const [, address] =
    /^[^;]*;\s*<?([^\s<>]+)>?$/.exec(
      // As we addressed it, where it was forwarded (RFC 3464, 2.3.1).
      field('Original-Recipient') || field('Final-Recipient'),
    ) ?? [];
  if (status === undefined || address === undefined) return [];
  if (action !== 'failed' && action !== 'delayed') return [];
  const isPermanent = action === 'failed' && aboutRecipient.test(status);
  return [{ messageId, address, kind: isPermanent ? 'permanent' : 'temporary', status }];
}

/**
 * No such mailbox, host or person, a mailbox moved or disabled (RFC 3463, 3.2 and 3.3). A full
 * mailbox, a mail too large or one that looked like spam says nothing of the next one.
 */
const aboutRecipient = /^5\.(1\.[1-36]|1\.10|2\.1)$/;
