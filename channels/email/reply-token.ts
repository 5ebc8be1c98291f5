/** What the address for replies to a mail of a loop carries: which loop, and proof of whose mail it was. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LoopId, PersonId } from '../../domain/id.ts';

export interface Correspondence {
  readonly loop: LoopId;
  readonly person: PersonId;
}

/** 128 bits each; with `reply+` it stays within the 64 letters of a mailbox (RFC 5321, 4.5.3.1.1). */
const lettersPerHalf = 25;

/** In digits and small letters alone: mail systems change the case of addresses. */
const inLetters = (bytes: Buffer): string =>
  BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .padStart(lettersPerHalf, '0');

const proofOf = (secret: string, { loop, person }: Correspondence): string =>
  inLetters(
    createHmac('sha256', secret).update(`reply/${loop}/${person}`).digest().subarray(0, 16),
  );

/** The same for the same two, so that a repeated mail is byte for byte the same. */
export const replyToken = (secret: string, of: Correspondence): string =>
  inLetters(Buffer.from(of.loop.replaceAll('-', ''), 'hex')) + proofOf(secret, of);

/** Which loop it names, before anything is proven; null for what is no token. */
export function repliedLoop(token: string): LoopId | null {
  if (!/^[0-9a-z]{50}$/i.test(token)) return null;
  const letters = token.slice(0, lettersPerHalf).toLowerCase();
  const number = Array.from(letters).reduce(
    (sum, one) => sum * 36n + BigInt(parseInt(one, 36)),
    0n,
  );
  const hex = number.toString(16).padStart(32, '0');
  if (hex.length > 32) return null;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as LoopId;
}

/** Whether it was given to that person for that loop. */
export function isReplyToken(secret: string, token: string, of: Correspondence): boolean {
  const given = Buffer.from(token.toLowerCase());
  const own = Buffer.from(replyToken(secret, of));
  return given.length === own.length && timingSafeEqual(given, own);
}

/** Where replies go: `reply@replies.example.com` takes those to `reply+TOKEN@replies.example.com`. */
export interface Replies {
  readonly address: string;
  readonly secret: string;
}

export function replyAddress({ address, secret }: Replies, of: Correspondence): string {
  const [mailbox = '', domain = ''] = address.split('@');
  return `${mailbox}+${replyToken(secret, of)}@${domain}`;
}

/** The tokens among the addresses that a mail was sent to. */
export function repliedTokens({ address }: Replies, sentTo: readonly string[]): readonly string[] {
  const [mailbox = '', domain = ''] = address.toLowerCase().split('@');
  return sentTo.flatMap((one) => {
    const [name = '', at = ''] = one.toLowerCase().split('@');
    return at === domain && name.startsWith(`${mailbox}+`) ? [name.slice(mailbox.length + 1)] : [];
  });
}
