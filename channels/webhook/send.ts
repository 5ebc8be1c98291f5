/** Signs what another system is told as Standard Webhooks has it, posts it, and reads what became of it. */
import { Webhook } from 'standardwebhooks';
import { isIP } from 'node:net';
import type { Instant } from '../../domain/loop.ts';
import { isPublic, postSafely, type SafeRequest } from '../safe-request.ts';

export interface WebhookOptions extends Pick<SafeRequest, 'resolve' | 'timeoutMs'> {
  /** Development and tests: a receiver on this machine. */
  readonly isPrivateAllowed?: boolean;
}

export interface SignedPost {
  /** The same at every try: receivers know a repeat by it. */
  readonly id: string;
  readonly url: string;
  readonly body: string;
  /** The first is the current one; while a rotation lasts, both sign. */
  readonly secrets: readonly string[];
  /** Of this try. */
  readonly at: Instant;
}

export type WebhookAnswer =
  | { readonly outcome: 'delivered' }
  /** Nobody is there any more, and nobody wants to be asked again (RFC 9110, 15.5.11). */
  | { readonly outcome: 'gone'; readonly code: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly retryAfterMs: number | null };

export async function sendWebhook(
  { id, url, body, secrets, at }: SignedPost,
  options: WebhookOptions = {},
): Promise<WebhookAnswer> {
  const sentAt = new Date(at);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': secrets
      .map((secret) => new Webhook(secret).sign(id, sentAt, body))
      .join(' '),
  };
  const answer = await postSafely({ ...options, url, body: Buffer.from(body), headers });
  switch (answer.outcome) {
    case 'refused':
    case 'failed':
      return { outcome: 'failed', code: answer.code.toLowerCase(), retryAfterMs: null };
    case 'answered': {
      const { status, retryAfterMs } = answer;
      if (status >= 200 && status < 300) return { outcome: 'delivered' };
      const code = `http_${status}`;
      if (status === 410) return { outcome: 'gone', code };
      return { outcome: 'failed', code, retryAfterMs };
    }
  }
}

/**
 * Whether an address can be one at all. What its name stands for is judged at every request, since
 * names change their minds.
 */
export function isWebhookAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 || isPublic(host);
}
