/** The page of the mail sink. What mails hold is shown and never run, whatever they hold. */
import { createServer, type Server } from 'node:http';
import type { SunkMail } from './mail-sink.ts';

interface Answer {
  readonly status: number;
  readonly type: 'text/html' | 'text/plain' | 'application/json';
  readonly body: string | Buffer;
}

export function createMailPage(messages: () => readonly SunkMail[]): Server {
  return createServer((request, response) => {
    const { status, type, body } = answerTo(request.url ?? '/', messages());
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      // A mail's own styles are all that is obeyed: no script, no picture, no form of anybody's.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    response.end(body);
  });
}

function answerTo(url: string, mails: readonly SunkMail[]): Answer {
  const path = url.split('?')[0] ?? '/';
  if (path === '/') return { status: 200, type: 'text/html', body: listOf(mails) };
  if (path === '/messages.json') {
    const told = mails.map(({ raw: _raw, ...mail }) => mail);
    return { status: 200, type: 'application/json', body: JSON.stringify(told) };
  }
  const [, number, raw] = /^\/messages\/(\d+)(\/raw)?$/.exec(path) ?? [];
  const mail = mails.find((one) => String(one.number) === number);
  if (!mail) return { status: 404, type: 'text/html', body: page('Mail', '<p>No such mail.</p>') };
  return raw
    ? { status: 200, type: 'text/plain', body: mail.raw }
    : { status: 200, type: 'text/html', body: page(mail.subject, oneOf(mail)) };
}

const listOf = (mails: readonly SunkMail[]): string =>
  page(
    'Mail',
    mails.length === 0
      ? '<p>No mail yet.</p>'
      : `<ol reversed>${mails.toReversed().map(itemOf).join('\n')}</ol>`,
  );

const itemOf = (mail: SunkMail): string =>
  `<li><a href="/messages/${mail.number}"><bdi>${escape(mail.subject)}</bdi></a>
<span>to <bdi>${escape(mail.to.join(', '))}</bdi></span></li>`;

/** A click in the mail opens a page of its own: the frame itself may go nowhere. */
const frameMay = 'allow-popups allow-popups-to-escape-sandbox';

const oneOf = (mail: SunkMail): string => `<p><a href="/">All mail</a></p>
<p>To <bdi>${escape(mail.to.join(', '))}</bdi> · <a href="/messages/${mail.number}/raw">as sent</a></p>
<h2>As text</h2>
<div class="text" dir="auto" lang="${escape(mail.language)}">${linked(mail.text)}</div>
<h2>As HTML</h2>
<iframe sandbox="${frameMay}" title="The mail as HTML"
  srcdoc="${escape(`<base target="_blank">${mail.html}`)}"></iframe>`;

const linked = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) =>
      index % 2 === 1 ? `<a href="${escape(part)}">${escape(part)}</a>` : escape(part),
    )
    .join('');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '');

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
li { margin-block: 0.75rem }
li span { display: block; color: #555 }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.text, iframe { border: 1px solid #999; padding: 1rem }
iframe { width: 100%; height: 24rem; box-sizing: border-box }
</style>
<h1><bdi>${escape(title)}</bdi></h1>
${body}
</html>`;
