/** A mail that came in, read within limits: whoever sends it may be anybody. */
import { simpleParser, type ParsedMail } from 'mailparser';

/** More is not read beyond its headers. */
export const mailBytesMax = 2 * 1024 * 1024;
const headBytesMax = 64 * 1024;
const partsMax = 50;
const depthMax = 10;
const htmlLengthMax = 256 * 1024;

const options = {
  // Else it is mixed into the text.
  keepDeliveryStatus: true,
  skipTextToHtml: true,
  skipImageLinks: true,
  maxHtmlLengthToParse: htmlLengthMax,
} as const;

export type MailFault = 'too_large' | 'too_many_parts' | 'unreadable';
export type ReadMail = { readonly mail: ParsedMail } | { readonly fault: MailFault };

export async function parseMail(raw: Uint8Array): Promise<ReadMail> {
  if (raw.byteLength > mailBytesMax) return { fault: 'too_large' };
  const bytes = Buffer.from(raw);
  if (isTooMuch(bytes.toString('latin1'))) return { fault: 'too_many_parts' };
  try {
    const mail = await simpleParser(bytes, options);
    const isHtmlAlone = !mail.text && typeof mail.html === 'string';
    return { mail: isHtmlAlone ? { ...mail, text: await textOf(String(mail.html)) } : mail };
  } catch {
    return { fault: 'unreadable' };
  }
}

/** The parser makes text of HTML only where that is all there is, and not beside a file. */
async function textOf(html: string): Promise<string> {
  const head = 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64';
  const body = Buffer.from(html)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\r\n');
  return (await simpleParser(`${head}\r\n\r\n${body}`, options)).text ?? '';
}

/** What its headers say of a mail that is not read: to whom it was sent, and by whom. */
export async function parseHead(raw: Uint8Array): Promise<ParsedMail | null> {
  const head = Buffer.from(raw).subarray(0, headBytesMax).toString('latin1');
  const end = /\r?\n\r?\n/.exec(head)?.index;
  if (end === undefined) return null;
  // As a plain mail without a body: its parts are not looked for.
  const plain = head.slice(0, end).replace(/^content-type\s*:/gim, 'x-content-type:');
  return simpleParser(Buffer.from(`${plain}\r\n\r\n`, 'latin1'));
}

/** Counted on the text before anything is parsed: a part within a part names its own boundary. */
function isTooMuch(text: string): boolean {
  const boundaries = text.match(/boundary\s*=/gi)?.length ?? 0;
  const parts = text.match(/^content-type\s*:/gim)?.length ?? 0;
  return boundaries > depthMax || parts > partsMax;
}
