/** One letter as the bytes of a mail: the same letter gives the same bytes, always. */
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { phrase, phraseHtml } from '../../locales/render.ts';
import type { Letter } from '../channel.ts';

export interface Sender {
  readonly name: string;
  readonly address: string;
}

const subjectLengthMax = 200;

export function composeEmail(letter: Letter, from: Sender): Promise<Uint8Array> {
  const { recipient, rendered, link } = letter;
  const domain = from.address.split('@').at(-1) ?? 'localhost';
  const button = phrase('message.button', {}, recipient);
  const footer = phrase('message.footer', {}, recipient);
  const subject = subjectOf(rendered.subject);
  return new MailComposer({
    messageId: `<${letter.messageId}@${domain}>`,
    date: new Date(letter.at),
    from,
    // Never as text: a comma or a line end in it would be read as more recipients or headers.
    to: letter.to,
    subject,
    text: `${rendered.text}\n\n${button}: ${link}\n\n-- \n${footer}\n`,
    html: page(letter, subject),
    headers: { 'Content-Language': recipient.locale, 'Auto-Submitted': 'auto-generated' },
    // A boundary made by chance would differ between two compositions of one letter.
    baseBoundary: letter.messageId,
    // As it goes over the wire: what is frozen is what is sent.
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

const page = ({ recipient, rendered, link }: Letter, subject: string): string => `<!doctype html>
<html lang="${recipient.locale}" dir="${recipient.direction}">
<head><meta charset="utf-8"><title>${subject.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title></head>
<body>
${rendered.html}
<p><a href="${encodeURI(link)}">${phraseHtml('message.button', {}, recipient)}</a></p>
<hr>
<p><small>${phraseHtml('message.footer', {}, recipient)}</small></p>
</body>
</html>`;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One line, and cut between what a reader sees as letters. */
function subjectOf(subject: string): string {
  const line = subject.replace(/[\s\p{Cc}]+/gu, ' ');
  const letters = Array.from(graphemes.segment(line), ({ segment }) => segment);
  if (letters.length <= subjectLengthMax) return line;
  return `${letters.slice(0, subjectLengthMax - 1).join('')}…`;
}
