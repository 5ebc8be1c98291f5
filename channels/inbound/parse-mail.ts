/** A mail that came in, read within limits: whoever sends it may be anybody. */
import { simpleParser, type ParsedMail } from 'mailparser';

export const mailBytesMax = 256 * 1024;
const partsMax = 50;
const depthMax = 10;

export type MailFault = 'too_large' | 'too_many_parts' | 'unreadable';
export type ReadMail = { readonly mail: ParsedMail } | { readonly fault: MailFault };

export async function parseMail(raw: Uint8Array): Promise<ReadMail> {
  if (raw.byteLength > mailBytesMax) return { fault: 'too_large' };
  const bytes = Buffer.from(raw);
  if (isTooMuch(bytes.toString('latin1'))) return { fault: 'too_many_parts' };
  try {
    const mail = await simpleParser(bytes, {
      // Else it is mixed into the text.
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
      maxHtmlLengthToParse: mailBytesMax,
    });
    return { mail };
  } catch {
    return { fault: 'unreadable' };
  }
}

/** Counted on the text before anything is parsed: a part within a part names its own boundary. */
function isTooMuch(text: string): boolean {
  const boundaries = text.match(/boundary\s*=/gi)?.length ?? 0;
  const parts = text.match(/^content-type\s*:/gim)?.length ?? 0;
  return boundaries > depthMax || parts > partsMax;
}
