import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below every system's range of ephemeral ports (Linux from 32768, IANA from 49152): while a killed server
 * is away, whoever calls it again and again would in time be given its port as their own.
 */
const lowest = 20_000;
const beyond = 32_768;
const triesMax = 100;

/** A TCP port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = randomInt(lowest, beyond);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${triesMax} from ${lowest} to ${beyond - 1}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
