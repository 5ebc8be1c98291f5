/** What all reports about a mail have in common (RFC 6522): their parts, and the mail they are about. */
import type { ParsedMail } from 'mailparser';

interface ContentType {
  readonly value?: string;
  readonly params?: Readonly<Record<string, string>>;
}

export function contentTypeOf(mail: ParsedMail): {
  readonly value: string;
  readonly report: string;
} {
  const type = mail.headers.get('content-type') as ContentType | undefined;
  return {
    value: type?.value?.toLowerCase() ?? '',
    report: type?.params?.['report-type']?.toLowerCase() ?? '',
  };
}

export const partOf = (mail: ParsedMail, kind: RegExp): string | undefined =>
  mail.attachments.find(({ contentType }) => kind.test(contentType))?.content.toString('latin1');

/** Whole, or its headers alone. */
export const returnedMail = (mail: ParsedMail): string | undefined =>
  partOf(mail, /^(message\/(rfc822|global|global-headers)|text\/rfc822-headers)$/i);

/** Without angle brackets and domain, the latest first: of a report that brings nothing of the mail. */
export const messageIdsAnswered = ({ inReplyTo, references }: ParsedMail): readonly string[] =>
  [...(inReplyTo?.split(/\s+/) ?? []), ...[references ?? []].flat().toReversed()].flatMap(
    (answered) => messageIdIn(`Message-ID: ${answered}`) ?? [],
  );

/** Without angle brackets and domain; what it proves is another's affair. */
export function messageIdIn(headers: string): string | null {
  const [head = ''] = headers.split(/\r?\n\r?\n/);
  return /^message-id[ \t]*:\s*<([\w.-]{1,130})@[^\s<>]{1,255}>/im.exec(head)?.[1] ?? null;
}
