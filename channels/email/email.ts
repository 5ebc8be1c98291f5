/** E-mail over SMTP: sends composed bytes as they are, to exactly one address. */
import { createTransport } from 'nodemailer';
import type { Channel, SendOutcome } from '../channel.ts';
import { createTurns } from '../turns.ts';
import { composeEmail, type Composition } from './compose.ts';
import { isOneAddress } from './safe-text.ts';
import { isAboutAddress, statusOf } from './status.ts';

export interface EmailOptions extends Composition {
  readonly smtpUrl: string;
}

const connectionsMax = 5;
const connectTimeoutMs = 10_000;
/** A server may think about a mail before it takes it (RFC 5321, 4.5.3.2); too short sends it twice. */
const answerTimeoutMs = 30_000;
const turnWaitMaxMs = 20_000;

export function createEmailChannel(options: EmailOptions): Channel {
  const { smtpUrl, from } = options;
  const transport = createTransport({
    ...smtpOptions(smtpUrl),
    pool: true,
    maxConnections: connectionsMax,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: answerTimeoutMs,
  });
  // What waits in the transport's own queue cannot be taken back and would be sent after its lease.
  const turns = createTurns({ atOnceMax: connectionsMax, waitMaxMs: turnWaitMaxMs });
  return {
    name: 'email',
    compose: (letter) => composeEmail(letter, options),
    async send(raw, address) {
      if (!isOneAddress(address))
        return { outcome: 'permanent', code: 'address_invalid', isAddressGone: true };
      const done = await turns.take();
      if (!done) return { outcome: 'temporary', code: 'busy', mayHaveArrived: false };
      try {
        // The envelope is explicit, and never text that could be read as two addresses.
        await transport.sendMail({
          envelope: { from: { name: '', address: from.address }, to: [{ name: '', address }] },
          raw: Buffer.from(raw),
        });
        return { outcome: 'sent' };
      } catch (error) {
        return failure(error);
      } finally {
        done();
      }
    },
    close: () => transport.close(),
  };
}

const isLocal = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(host);

function smtpOptions(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 25),
    secure,
    // Else whoever sits between leaves the offer of TLS out, and reads the password and every mail.
    ...(user !== '' && !secure && !isLocal(url.hostname) && { requireTLS: true }),
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}

/**
 * 5xx to the recipient or to the mail is the server's last word; to us (greeting, signing in, our
 * own address) it is for an operator to mend, so the mail is tried again.
 */
function failure(error: unknown): SendOutcome {
  const { responseCode = 0, code = 'unknown', command = '', syscall } = error as SmtpError;
  const isLastWord =
    responseCode >= 500 ? aboutTheMail.includes(command) : isUnsendable(code, responseCode);
  const said = String(responseCode || code);
  if (isLastWord) return lastWord(error as SmtpError, said);
  // Said by the transport of a connection that ends, whatever was under way on it.
  const isAnswer = responseCode >= 400 && command !== 'CONN';
  const isUnreached = syscall === 'connect' || code === 'EDNS';
  return { outcome: 'temporary', code: said, mayHaveArrived: !isAnswer && !isUnreached };
}

/** A status alone says that it is the address: a bare 550 may be about us, or about one mail. */
function lastWord({ response = '', command }: SmtpError, said: string): SendOutcome {
  const status = statusOf(response);
  const isAddressGone = command === 'RCPT TO' && status !== null && isAboutAddress(status);
  const code = status === null ? said : `${said} ${status}`;
  return { outcome: 'permanent', code, ...(isAddressGone && { isAddressGone }) };
}

interface SmtpError {
  readonly response?: string;
  readonly responseCode?: number;
  readonly code?: string;
  readonly command?: string;
  readonly syscall?: string;
}
const aboutTheMail: readonly string[] = ['RCPT TO', 'DATA'];

/** Refused before any server was asked: the address itself cannot be written to. */
const isUnsendable = (code: string, responseCode: number): boolean =>
  code === 'EENVELOPE' && responseCode === 0;
