/** An SMTP server that keeps what it gets, with a page to read it: for development and for tests. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

export interface SunkMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly language: string;
  readonly raw: Buffer;
}

export interface MailSink {
  readonly smtpUrl: string;
  readonly pageUrl: string;
  messages(): readonly SunkMail[];
  clear(): void;
  stop(): Promise<void>;
}

export interface MailSinkOptions {
  readonly smtpPort: number;
  readonly pagePort: number;
}

const mailsKeptMax = 500;
const mailBytesMax = 10 * 1024 * 1024;

/**
 * Faults by the local part of the recipient: `refuse-550@…` answers at RCPT, `data-451@…` after the
 * data; `drop@…` is kept, and the connection lost before the sender hears of it.
 */
export async function startMailSink(options: MailSinkOptions): Promise<MailSink> {
  const kept: SunkMail[] = [];
  const smtp = createSmtp((mail) => {
    kept.push(mail);
    if (kept.length > mailsKeptMax) kept.shift();
  });
  const page = createPage(kept);
  await new Promise<void>((resolve, reject) => {
    smtp.server.once('error', reject);
    smtp.listen(options.smtpPort, '127.0.0.1', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    page.once('error', reject);
    page.listen(options.pagePort, '127.0.0.1', () => resolve());
  });
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  return {
    smtpUrl: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    pageUrl: `http://127.0.0.1:${portOf(page)}`,
    messages: () => kept,
    clear: () => void kept.splice(0),
    async stop() {
      page.closeAllConnections();
      await new Promise<void>((resolve) => page.close(() => resolve()));
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
}

const answer = (code: number): Error =>
  Object.assign(new Error('simulated'), { responseCode: code });

const faultIn = (kind: string, addresses: readonly string[]): number | null => {
  const found = addresses.map((address) => new RegExp(`^${kind}-([45]\\d\\d)@`).exec(address));
  const code = found.find((match) => match !== null)?.[1];
  return code === undefined ? null : Number(code);
};

function createSmtp(keep: (mail: SunkMail) => void): SMTPServer {
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    size: mailBytesMax,
    onRcptTo({ address }, _session, reply) {
      const code = faultIn('refuse', [address]);
      reply(code === null ? null : answer(code));
    },
    onData(stream, session, reply) {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      const receive = async (): Promise<void> => {
        const mail = await read(stream, to);
        const code = faultIn('data', to);
        if (code === null) keep(mail);
        if (to.some((address) => address.startsWith('drop@'))) {
          sockets.get(session.remotePort)?.destroy();
          return;
        }
        reply(code === null ? null : answer(code));
      };
      receive().catch((error: unknown) => reply(error as Error));
    },
  });
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  server.on('error', () => undefined); // a sender that hangs up is its own affair
  return server;
}

async function read(stream: SMTPServerDataStream, to: readonly string[]): Promise<SunkMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const mail: ParsedMail = await simpleParser(raw, { skipTextToHtml: true });
  return {
    to,
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    messageId: mail.messageId ?? '',
    language: languageOf(mail),
    raw,
  };
}

function languageOf(mail: ParsedMail): string {
  const value = mail.headers.get('content-language');
  return typeof value === 'string' ? value : '';
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function createPage(kept: readonly SunkMail[]): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://sink');
    if (pathname === '/messages.json') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(kept.map(({ raw: _raw, ...mail }) => mail)));
      return;
    }
    const items = kept.toReversed().map(
      (mail) => `<article><h2><bdi>${escape(mail.subject)}</bdi></h2>
<p>${escape(mail.to.join(', '))}</p>
<iframe sandbox title="mail" srcdoc="${escape(mail.html)}"></iframe></article>`,
    );
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Mail</title>
<style>iframe { width: 100%; height: 22rem; border: 1px solid #999 }</style>
<h1>Mail (${kept.length})</h1>${items.join('\n') || '<p>No mail yet.</p>'}</html>`);
  });
}
