/** An SMTP server that keeps what it gets, with a page to read it: for development and for tests. */
import type { AddressInfo, Server, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { createMailPage } from './mail-page.ts';

export interface SunkMail {
  /** Counts up from 1 and is never given twice. */
  readonly number: number;
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
  /** Where both listen; only this machine reaches the default. */
  readonly host?: string;
}

const mailsKeptMax = 500;
/** Far above any mail of ours; all that are kept fit in memory. */
const mailBytesMax = 1024 * 1024;
/** Whoever holds a connection open for a next mail must not keep everything from stopping. */
const stopPatienceMs = 250;

/**
 * Faults by the local part of the recipient: `refuse-550@…` answers at RCPT, `data-451@…` after the
 * data; `gone@…` is said not to exist; `drop@…` is kept, and the connection lost before the sender hears of it; `lose@…` is lost
 * with it.
 */
export async function startMailSink(options: MailSinkOptions): Promise<MailSink> {
  const { smtpPort, pagePort, host = '127.0.0.1' } = options;
  const kept: SunkMail[] = [];
  let count = 0;
  const smtp = createSmtp((mail) => {
    kept.push({ number: ++count, ...mail });
    if (kept.length > mailsKeptMax) kept.shift();
  });
  const page = createMailPage(() => kept);
  const stop = async (): Promise<void> => {
    page.closeAllConnections();
    await Promise.all(
      [page, smtp].map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  };
  try {
    await listening(smtp.server, () => smtp.listen(smtpPort, host));
    await listening(page, () => page.listen(pagePort, host));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    smtpUrl: `smtp://${host}:${portOf(smtp.server)}`,
    pageUrl: `http://${host}:${portOf(page)}`,
    messages: () => kept,
    clear: () => void kept.splice(0),
    stop,
  };
}

const listening = (server: Server, listen: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
    listen();
  });

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** RFC 5321, 4.2.2: exceeded storage allocation. */
const tooLarge = 552;

const fault = (code: number, said = 'simulated'): Error =>
  Object.assign(new Error(said), { responseCode: code });

const faultIn = (kind: string, addresses: readonly string[]): number | null => {
  const found = addresses.map((address) => new RegExp(`^${kind}-([45]\\d\\d)@`).exec(address));
  const code = found.find((match) => match !== null)?.[1];
  return code === undefined ? null : Number(code);
};

type ReadMail = Omit<SunkMail, 'number'>;

function createSmtp(keep: (mail: ReadMail) => void): SMTPServer {
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    size: mailBytesMax,
    closeTimeout: stopPatienceMs,
    onRcptTo({ address }, _session, reply) {
      const code = faultIn('refuse', [address]);
      if (address.startsWith('gone@')) reply(fault(550, '5.1.1 nobody here'));
      else reply(code === null ? null : fault(code));
    },
    onData(stream, session, reply) {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      const receive = async (): Promise<void> => {
        const mail = await read(stream, to);
        const code = faultIn('data', to);
        const isFor = (name: string): boolean => to.some((one) => one.startsWith(`${name}@`));
        if (code === null && !isFor('lose')) keep(mail);
        if (isFor('drop') || isFor('lose')) {
          sockets.get(session.remotePort)?.destroy();
          return;
        }
        reply(code === null ? null : fault(code));
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

async function read(stream: SMTPServerDataStream, to: readonly string[]): Promise<ReadMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  if (stream.sizeExceeded) throw fault(tooLarge);
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
