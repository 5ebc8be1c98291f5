/** What a mail server reports of a mail that we sent (RFC 3464), in the dialects that servers write. */
import type { ParsedMail } from 'mailparser';
import { isAboutAddress, statusOf } from '../email/status.ts';
import { contentTypeOf, messageIdIn, messageIdsAnswered, partOf, returnedMail } from './report.ts';

export interface Bounce {
  /** As we wrote it, without angle brackets and domain. */
  readonly messageId: string;
  readonly address: string;
  /**
   * `permanent` only where the recipient cannot be reached; `refused` where this one mail was given up,
   * whatever its status says of why; `temporary` while the server still tries.
   */
  readonly kind: 'permanent' | 'refused' | 'temporary';
  /** RFC 3463. */
  readonly status: string;
}

const recipientsMax = 20;

/** Empty for every mail that is no such report, or names no mail of ours. */
export function bouncesOf(mail: ParsedMail): readonly Bounce[] {
  if (contentTypeOf(mail).value !== 'multipart/report') return [];
  const report = partOf(mail, /^message\/(global-)?delivery-status$/i);
  const messageId = messageIdIn(returnedMail(mail) ?? '') ?? messageIdsAnswered(mail)[0] ?? null;
  if (report === undefined || messageId === null) return [];
  // A long field is folded; what is about the whole mail names no recipient.
  return report
    .replace(/\r?\n[ \t]+(?=\S)/g, ' ')
    .split(/\r?\n\s*\r?\n/)
    .slice(0, 1 + recipientsMax)
    .flatMap((group) => recipientOf(group, messageId));
}

function recipientOf(group: string, messageId: string): readonly Bounce[] {
  const field = (name: string): string =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*([^\\r\\n]*)`, 'im').exec(group)?.[1]?.trim() ?? '';
  const [action] = /^[a-z]+/.exec(field('Action').toLowerCase()) ?? [];
  const [said] = /^[245]\.\d{1,3}\.\d{1,3}/.exec(field('Status')) ?? [];
  // Gateways that know no better write a general status, and the server's own answer beside it.
  const answered = statusOf(field('Diagnostic-Code'));
  const status = answered !== null && isAboutAddress(answered) ? answered : (said ?? answered);
  const [, address] =
    /^[^;]*;\s*<?([^\s<>]+)>?$/.exec(
      // As we addressed it, where it was forwarded (RFC 3464, 2.3.1).
      field('Original-Recipient') || field('Final-Recipient'),
    ) ?? [];
  if (status === null || address === undefined) return [];
  if (action === 'delayed') return [{ messageId, address, kind: 'temporary', status }];
  if (action !== 'failed') return [];
  return [{ messageId, address, kind: isAboutAddress(status) ? 'permanent' : 'refused', status }];
}
