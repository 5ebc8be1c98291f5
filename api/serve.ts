/** Listens: slow and endless requests are cut off, and stopping lets those under way end. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve as listen } from '@hono/node-server';

export interface ServeOptions {
  readonly app: { fetch(request: Request, env: unknown): Response | Promise<Response> };
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

const headersTimeoutMs = 10_000;
/** Of a whole request: more than the largest directory needs on a slow line. */
const requestTimeoutMs = 30_000;
const keepAliveTimeoutMs = 65_000;
const stopTimeoutMs = 5_000;

export async function serve({ app, host, port }: ServeOptions): Promise<Served> {
  const server = listen({
    fetch: app.fetch,
    hostname: host,
    port,
    serverOptions: {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), stopTimeoutMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
