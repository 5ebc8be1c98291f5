/** Whether the receiving server found that a mail is from whom it says it is (DMARC, told as RFC 8601 has it). */
import type { ParsedMail } from 'mailparser';

/** Nested ones are taken away from the inside; more than these nobody writes. */
const commentDepthMax = 5;

/**
 * By the first such header of that server alone: it writes its own above all others, and whoever sends can
 * write any of them further down.
 */
export function isAuthenticated(mail: Pick<ParsedMail, 'headerLines'>, server: string): boolean {
  for (const { key, line } of mail.headerLines) {
    if (key !== 'authentication-results') continue;
    const [named = '', ...results] = withoutComments(line.slice(line.indexOf(':') + 1)).split(';');
    const [id = ''] = named.trim().split(/\s/);
    if (id.toLowerCase() !== server.toLowerCase()) continue;
    return results.some((result) => /^\s*dmarc\s*=\s*pass\b/i.test(result));
  }
  return false;
}

function withoutComments(value: string): string {
  let plain = value;
  for (let depth = 0; depth < commentDepthMax; depth++) plain = plain.replace(/\([^()]*\)/g, ' ');
  return plain;
}
