/** Listens: slow and endless requests are cut off, and stopping lets those under way end. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve as listen } from '@hono/node-server';

export interface ServeOptions {
  readonly app: { fetch(request: Request, env: unknown): Response | Promise<Response> };
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Absent, those of the product. */
  readonly limits?: ConnectionLimits;
}

/** How long a request may take to arrive. A connection on which none does is closed like a slow one. */
export interface ConnectionLimits {
  readonly headersMs: number;
  /** Of a whole request, with its body. */
  readonly requestMs: number;
  readonly checkEveryMs: number;
}

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** More than the largest directory needs on a slow line. */
const usualLimits: ConnectionLimits = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2_000 };
const headerBytesMax = 16_384;
const keepAliveTimeoutMs = 65_000;
const stopTimeoutMs = 5_000;

export async function serve({
  app,
  host,
  port,
  limits = usualLimits,
}: ServeOptions): Promise<Served> {
  const server = listen({
    fetch: app.fetch,
    hostname: host,
    port,
    serverOptions: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: headerBytesMax,
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
