/** An SMTP server that loses connections: before it takes a mail, or after, when nobody hears of it. */
import type { AddressInfo, Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  readonly messageId: string;
  readonly raw: Buffer;
  /** It was taken, and its sender never told. */
  readonly isUntold: boolean;
}

export interface FlakySink {
  readonly smtpUrl: string;
  readonly taken: readonly TakenMail[];
  /** Resolves when it has taken so many more. */
  takes(more: number): Promise<void>;
  stop(): Promise<void>;
}

/** Each share is of the mails that come. */
export interface Flakiness {
  readonly lostBefore: number;
  readonly lostAfter: number;
  random(): number;
}

export async function startFlakySink({
  lostBefore,
  lostAfter,
  random,
}: Flakiness): Promise<FlakySink> {
  const taken: TakenMail[] = [];
  const waiting: { readonly goal: number; readonly resolve: () => void }[] = [];
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onData(stream, session, reply) {
      const receive = async (): Promise<void> => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        const luck = random();
        const hangUp = (): void => void sockets.get(session.remotePort)?.destroy();
        if (luck < lostBefore) return hangUp();
        const raw = Buffer.concat(chunks);
        const { messageId = '' } = await simpleParser(raw, { skipTextToHtml: true });
        const isUntold = luck < lostBefore + lostAfter;
        taken.push({ messageId, raw, isUntold });
        for (const { goal, resolve } of waiting) if (taken.length >= goal) resolve();
        if (isUntold) return hangUp();
        reply();
      };
      receive().catch((error: unknown) => reply(error as Error));
    },
  });
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    smtpUrl: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    taken,
    takes: (more) =>
      new Promise((resolve) => {
        waiting.push({ goal: taken.length + more, resolve });
      }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
