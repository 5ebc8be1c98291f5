/** E-mail over SMTP: text and HTML in the reader's language and direction, frozen before it is sent. */
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { phrase } from '../../locales/render.ts';
import type { Channel, Letter, SendOutcome } from '../channel.ts';

export interface EmailOptions {
  readonly smtpUrl: string;
  readonly from: { readonly name: string; readonly address: string };
}

const connectionsMax = 5;
const timeoutMs = 10_000;
const subjectLengthMax = 200;

export function createEmailChannel({ smtpUrl, from }: EmailOptions): Channel {
  const transport = createTransport({
    ...smtpOptions(smtpUrl),
    pool: true,
    maxConnections: connectionsMax,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  return {
    name: 'email',
    compose: (letter) => compose(letter, from),
    async send(raw, address) {
      try {
        // The envelope is explicit: a header never decides where a message goes.
        await transport.sendMail({
          envelope: { from: from.address, to: [address] },
          raw: Buffer.from(raw),
        });
        return { outcome: 'sent' };
      } catch (error) {
        return failure(error);
      }
    },
    close: () => transport.close(),
  };
}

function smtpOptions(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 25),
    secure,
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}

/** 5xx is the server's last word; anything else may be better in a while. */
function failure(error: unknown): SendOutcome {
  const { responseCode = 0, code = 'unknown' } = error as { responseCode?: number; code?: string };
  const isPermanent = responseCode >= 500 || (code === 'EENVELOPE' && responseCode === 0);
  return { outcome: isPermanent ? 'permanent' : 'temporary', code: String(responseCode || code) };
}

function compose(letter: Letter, from: EmailOptions['from']): Promise<Uint8Array> {
  const { recipient, rendered, link } = letter;
  const button = phrase('message.button', {}, recipient);
  const footer = phrase('message.footer', {}, recipient);
  const domain = from.address.split('@')[1] ?? 'localhost';
  return new MailComposer({
    messageId: `<${letter.messageId}@${domain}>`,
    date: new Date(letter.at),
    from,
    to: letter.to,
    subject: rendered.subject.replace(/\s+/g, ' ').slice(0, subjectLengthMax),
    text: `${rendered.text}\n\n${button}: ${link}\n\n-- \n${footer}\n`,
    html: `<!doctype html>
<html lang="${recipient.locale}" dir="${recipient.direction}">
<head><meta charset="utf-8"><title></title></head>
<body>
${rendered.html}
<p><a href="${encodeURI(link)}">${button}</a></p>
<hr>
<p><small>${footer}</small></p>
</body>
</html>`,
    headers: { 'Content-Language': recipient.locale, 'Auto-Submitted': 'auto-generated' },
    // The boundary must not differ between two compositions of one message.
    baseBoundary: letter.messageId,
  })
    .compile()
    .build();
}
