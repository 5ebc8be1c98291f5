/** The Message-ID of a mail of ours: only who has the mail itself can tell it, since it proves itself. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** 128 bits in digits and small letters; with the message's own id it stays far below a header's line. */
const proofLetters = 25;

const proofOf = (secret: string, id: string): string =>
  BigInt(`0x${createHmac('sha256', secret).update(`mail/${id}`).digest('hex').slice(0, 32)}`)
    .toString(36)
    .padStart(proofLetters, '0');

/** The same for the same message, revision and try, so that a repeated mail is byte for byte the same. */
export const provenId = (secret: string, id: string): string => `${id}.${proofOf(secret, id)}`;

/**
 * Of a Message-ID, with or without its angle brackets and domain, the part that is the message's own;
 * null for what we never wrote into a mail, and for everything where there is no secret.
 */
export function idOfMail(secret: string | undefined, messageId: string): string | null {
  const [local = ''] = messageId.replace(/^<|>$/g, '').split('@');
  const [, id, proof] = /^([\w.-]{1,100})\.([\da-z]{25})$/.exec(local) ?? [];
  if (secret === undefined || id === undefined || proof === undefined) return null;
  const isOurs = timingSafeEqual(Buffer.from(proof), Buffer.from(proofOf(secret, id)));
  return isOurs ? id : null;
}
