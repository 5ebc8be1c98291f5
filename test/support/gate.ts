/** A stretch of network between us and a server, to be cut and mended by a test. */
import { connect, createServer, type Socket } from 'node:net';

export interface Gate {
  readonly port: number;
  /** Whoever is connected loses the connection, and nobody new gets one. */
  cut(): void;
  mend(): void;
  /** What is sent still arrives; no answer comes back until the gate is mended. */
  mute(): void;
  /** Connections are accepted and stay; nothing goes through in either direction. */
  stall(): void;
  close(): Promise<void>;
}

export async function openGate(to: {
  readonly host: string;
  readonly port: number;
}): Promise<Gate> {
  let state: 'open' | 'muted' | 'stalled' | 'cut' = 'open';
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const server = createServer((incoming) => {
    keep(incoming);
    if (state === 'cut') return void incoming.resetAndDestroy();
    const outgoing = keep(connect(to));
    incoming.on('data', (bytes) => {
      if (state !== 'stalled') outgoing.write(bytes);
    });
    outgoing.on('data', (bytes) => {
      if (state === 'open') incoming.write(bytes);
    });
    incoming.once('close', () => outgoing.destroy());
    outgoing.once('close', () => incoming.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    cut() {
      state = 'cut';
      hangUp();
    },
    mend() {
      state = 'open';
      // A connection on which answers were lost is of no more use.
      hangUp();
    },
    mute() {
      state = 'muted';
    },
    stall() {
      state = 'stalled';
    },
    close() {
      hangUp();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
