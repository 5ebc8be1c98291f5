/** One letter as the bytes of a mail: the same letter gives the same bytes, always. */
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { phrase, phraseHtml } from '../../locales/render.ts';
import { icalendar } from '../calendar/icalendar.ts';
import type { Letter, LetterEvent } from '../channel.ts';
import { frameOf } from '../frame.ts';
import { provenId } from './message-id.ts';
import { oneLine } from './safe-text.ts';

export interface Sender {
  readonly name: string;
  readonly address: string;
}

export interface Composition {
  readonly from: Sender;
  /** Proves whose mail a report is about; absent, no report about it is believed. */
  readonly proofSecret?: string | undefined;
}

const subjectLengthMax = 200;
const nameLengthMax = 100;

export function composeEmail(
  letter: Letter,
  { from, proofSecret }: Composition,
): Promise<Uint8Array> {
  const { recipient, rendered, link } = letter;
  const domain = from.address.split('@').at(-1) ?? 'localhost';
  const button = phrase(frameOf(letter).button, {}, recipient);
  const footer = footerKeys(letter)
    .map((key) => phrase(key, {}, recipient))
    .join('\n');
  const subject = oneLine(rendered.subject, subjectLengthMax);
  const { messageId } = letter;
  const id = proofSecret === undefined ? messageId : provenId(proofSecret, messageId);
  return new MailComposer({
    messageId: `<${id}@${domain}>`,
    date: new Date(letter.at),
    from,
    // Never as text: a comma or a line end in it would be read as more recipients or headers.
    to: { name: oneLine(letter.to.name, nameLengthMax), address: letter.to.address },
    subject,
    text: `${rendered.text}\n\n${button}: ${link}\n\n-- \n${footer}\n${unsubscribeLine(letter)}`,
    html: page(letter, subject),
    headers: {
      'Content-Language': [recipient.locale, ...(letter.alsoIn ?? [])].join(', '),
      'Auto-Submitted': 'auto-generated',
      ...oneClick(letter),
    },
    ...(letter.replyTo !== undefined && { replyTo: { name: '', address: letter.replyTo } }),
    ...threading(letter, domain),
    attachments: calendarFiles(letter, from),
    // A boundary made by chance would differ between two compositions of one letter.
    baseBoundary: messageId,
    // As it goes over the wire: what is frozen is what is sent.
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

const page = (letter: Letter, subject: string): string => {
  const { recipient, rendered, link } = letter;
  return `<!doctype html>
<html lang="${recipient.locale}" dir="${recipient.direction}">
<head><meta charset="utf-8"><title>${subject.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title></head>
<body>
${rendered.html}
<p><a href="${encodeURI(link)}">${phraseHtml(frameOf(letter).button, {}, recipient)}</a></p>
<hr>
${footerKeys(letter)
  .map((key) => `<p><small>${phraseHtml(key, {}, recipient)}</small></p>`)
  .join('\n')}${unsubscribeLink(letter)}
</body>
</html>`;
};

const unsubscribeLine = ({ unsubscribe, recipient }: Letter): string =>
  unsubscribe === undefined
    ? ''
    : `${phrase('preferences.end_digests', {}, recipient)}: ${unsubscribe.url}\n`;

const unsubscribeLink = ({ unsubscribe, recipient }: Letter): string =>
  unsubscribe === undefined
    ? ''
    : `
<p><small><a href="${encodeURI(unsubscribe.url)}">${phraseHtml('preferences.end_digests', {}, recipient)}</a></small></p>`;

const footerKeys = (letter: Letter): readonly string[] => [
  ...(letter.replyTo === undefined ? [] : ['message.answerable']),
  frameOf(letter).footer,
];

/** RFC 5322, 3.6.4. */
const threading = ({ thread }: Letter, domain: string) =>
  thread === undefined
    ? {}
    : { inReplyTo: `<${thread}@${domain}>`, references: `<${thread}@${domain}>` };

/** RFC 8058, 3.1. */
const oneClick = ({ unsubscribe }: Letter): Record<string, string> =>
  unsubscribe === undefined
    ? {}
    : {
        'List-Unsubscribe': `<${encodeURI(unsubscribe.url)}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      };

/** One file for each: what a calendar program takes at once is about one thing (RFC 5546, 3.2). */
const calendarFiles = (letter: Letter, organizer: Sender) =>
  [...(letter.event ? [letter.event] : []), ...(letter.withdrawn ?? [])].map((event, index) =>
    calendarFile(letter, organizer, { event, index }),
  );

function calendarFile(
  { recipient, link, at }: Letter,
  { name, address }: Sender,
  { event, index }: { readonly event: LetterEvent; readonly index: number },
) {
  const { uid, sequence, time, isBusy, isCancelled = false } = event;
  const summary = oneLine(event.summary, subjectLengthMax);
  const content = icalendar({
    name: summary,
    zone: recipient.zone,
    locale: recipient.locale,
    at,
    events: [{ id: uid, sequence, summary, url: link, isBusy, ...time }],
    organizer: { name, email: address },
    isCancelled,
  });
  return {
    filename: index === 0 ? 'event.ics' : `event-${index + 1}.ics`,
    content,
    contentType: `text/calendar; charset=utf-8; method=${isCancelled ? 'CANCEL' : 'PUBLISH'}`,
  };
}
