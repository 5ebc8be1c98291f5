/** A mail that somebody wrote in answer to one of ours: who, to which address, and in which words. */
import type { AddressObject, ParsedMail } from 'mailparser';
import { contentTypeOf } from './report.ts';

export interface Reply {
  /** The only one it says it is from; null where it names none or several. */
  readonly from: string | null;
  readonly sentTo: readonly string[];
  /** Of the mails it answers, as written in them, the latest first. */
  readonly answers: readonly string[];
  readonly messageId: string | null;
  readonly text: string;
  /** How many files came along that somebody attached. */
  readonly files: number;
}

const addressesMax = 50;
const answersMax = 20;

export function replyOf(mail: ParsedMail): Reply {
  const from = addressesIn(mail.from);
  const { references = [] } = mail;
  const answered = [references].flat().concat(mail.inReplyTo?.split(/\s+/) ?? []);
  return {
    from: from.length === 1 ? (from[0] ?? null) : null,
    sentTo: [...addressesIn(mail.to), ...addressesIn(mail.cc), ...deliveredTo(mail)].slice(
      0,
      addressesMax,
    ),
    answers: [...new Set(answered.toReversed())].slice(0, answersMax),
    messageId: mail.messageId ?? null,
    text: mail.text ?? '',
    files: mail.attachments.filter(isFile).length,
  };
}

function addressesIn(found: AddressObject | AddressObject[] | undefined): readonly string[] {
  const listed = [found ?? []].flat().flatMap(({ value }) => value);
  return listed.flatMap(({ address, group }) =>
    [address, ...(group ?? []).map((one) => one.address)].filter((one) => one !== undefined),
  );
}

/** As the receiving server noted it: a mail sent blind names us in no other place. */
const deliveredTo = ({ headers }: ParsedMail): readonly string[] =>
  ['delivered-to', 'x-original-to', 'x-envelope-to'].flatMap((name) => {
    const value = headers.get(name);
    if (typeof value === 'string') return [value];
    return value && 'value' in Object(value) ? addressesIn(value as AddressObject) : [];
  });

/** Pictures in the text, signatures and calling cards are no files that anybody misses. */
const isFile = ({ contentDisposition, contentType, related }: ParsedMail['attachments'][number]) =>
  contentDisposition === 'attachment' &&
  !related &&
  !/(signature|vcard|text\/calendar)/i.test(contentType);

const saysAutomatic: Readonly<Record<string, RegExp>> = {
  // RFC 3834.
  'auto-submitted': /^(?!no\b)./i,
  precedence: /^(bulk|junk|auto_reply)\b/i,
  'x-autoreply': /./,
  'x-autorespond': /./,
};

/** Of what a group or another system passed on, or of whoever wants no answer by a machine to it. */
const maySayAutomatic: Readonly<Record<string, RegExp>> = {
  precedence: /^list\b/i,
  // All headers of lists, as the parser gathers them.
  list: /./,
  'x-auto-response-suppress': /./,
};

/** `surely`: to answer such a mail would be to talk to a machine for ever. `perhaps`: a person may have written it. */
export type Automatic = 'surely' | 'perhaps' | 'no';

/** An absence note, a report, a receipt, a list or a mail of ours that came back. */
export function automaticOf(mail: ParsedMail): Automatic {
  const textOf = (name: string): string => {
    const value = mail.headers.get(name);
    return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  };
  const isSaid = (marks: Readonly<Record<string, RegExp>>): boolean =>
    Object.entries(marks).some(([name, says]) => says.test(textOf(name).trim()));
  const [from = ''] = addressesIn(mail.from);
  const answers = mail.attachments.filter(isAnswerOfCalendar);
  if (
    isSaid(saysAutomatic) ||
    contentTypeOf(mail).value === 'multipart/report' ||
    answers.some((answer) => !hasComment(answer)) ||
    isFromNobody(mail) ||
    /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)@/i.test(from)
  ) {
    return 'surely';
  }
  return isSaid(maySayAutomatic) || answers.length > 0 ? 'perhaps' : 'no';
}

/** The empty sender of reports (RFC 5321, 4.5.5). */
function isFromNobody({ headers }: ParsedMail): boolean {
  const path = headers.get('return-path');
  if (path === undefined) return false;
  return typeof path === 'string'
    ? path.trim() === '<>'
    : addressesIn(path as AddressObject).join('') === '';
}

/** Accepting an entry of a calendar is no words about it (RFC 5546). */
const isAnswerOfCalendar = ({ contentType, content }: ParsedMail['attachments'][number]): boolean =>
  contentType === 'text/calendar' && /^METHOD:REPLY\s*$/im.test(content.toString('latin1'));

/** What somebody wrote when they answered (RFC 5546, 3.2.3). */
const hasComment = ({ content }: ParsedMail['attachments'][number]): boolean =>
  /^COMMENT(;[^:\r\n]*)?:[ \t]*\S/im.test(content.toString('latin1'));
