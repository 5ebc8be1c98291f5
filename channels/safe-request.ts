/**
 * A POST to an address that somebody gave us. Every address that its name resolves to is checked, and
 * the one that was checked is the one connected to, so that no name can lead into our own network.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Resolve = (
  host: string,
  done: (error: Error | null, addresses?: readonly LookupAddress[]) => void,
) => void;

export interface SafeRequest {
  /** May be a secret: it is in no error and no log. */
  readonly url: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Development and tests: addresses of this machine, and http. */
  readonly isPrivateAllowed?: boolean;
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
}

export type SafeAnswer =
  | { readonly outcome: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly outcome: 'refused'; readonly code: RefusedCode }
  | { readonly outcome: 'failed'; readonly code: string };

export type RefusedCode = 'url_invalid' | 'not_https' | 'credentials' | 'private_address';

const timeoutMsMax = 10_000;
const answerBytesMax = 64 * 1024;
const retryAfterMsMax = 86_400_000;

const resolveAll: Resolve = (host, done) => resolve(host, { all: true, verbatim: true }, done);

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Only what any machine of the internet could be asked at. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address); // an IPv4 address mapped into IPv6 is judged as IPv4
  if (parsed.range() !== 'unicast') return false; // also what translates or tunnels to IPv4
  // Of IPv6 only 2000::/3 is given out (RFC 4291, 2.4): ::7f00:1 is loopback in an old dress.
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}

export async function postSafely(asked: SafeRequest): Promise<SafeAnswer> {
  const url = URL.parse(asked.url);
  const isLocalAllowed = asked.isPrivateAllowed === true;
  if (!url) return { outcome: 'refused', code: 'url_invalid' };
  if (url.username !== '' || url.password !== '')
    return { outcome: 'refused', code: 'credentials' };
  const isHttps = url.protocol === 'https:';
  if (!isHttps && !(isLocalAllowed && url.protocol === 'http:')) {
    return { outcome: 'refused', code: 'not_https' };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // The runtime does not resolve a literal: it is judged here.
  if (isIP(host) !== 0 && !isLocalAllowed && !isPublic(host)) {
    return { outcome: 'refused', code: 'private_address' };
  }
  return send(asked, url, isHttps);
}

class PrivateAddress extends Error {}

function send(asked: SafeRequest, url: URL, isHttps: boolean): Promise<SafeAnswer> {
  const { body, headers, isPrivateAllowed, timeoutMs = timeoutMsMax } = asked;
  const find = asked.resolve ?? resolveAll;
  return new Promise((done) => {
    const request = (isHttps ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      lookup(name, { all }, answer) {
        // A name that is not found comes without a list.
        find(name, (error, addresses = []) => {
          const [first] = addresses;
          const isFine =
            isPrivateAllowed === true || addresses.every(({ address }) => isPublic(address));
          if (error || !first) answer(error ?? new Error('no address'), '', 0);
          else if (!isFine) answer(new PrivateAddress(), '', 0);
          else if (all) answer(null, [...addresses]);
          else answer(null, first.address, first.family);
        });
      },
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof PrivateAddress) done({ outcome: 'refused', code: 'private_address' });
      else
        done({ outcome: 'failed', code: error.name === 'AbortError' ? 'timeout' : codeOf(error) });
    });
    // 101 is no response to the runtime; unheard, nothing would ever be told.
    request.on('upgrade', ({ statusCode: status = 0 }, socket) => {
      socket.destroy();
      done({ outcome: 'answered', status, retryAfterMs: null });
    });
    request.on('response', (response) => {
      const { statusCode: status = 0, headers: given } = response;
      const retryAfterMs = retryAfter(given['retry-after']);
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) response.destroy(); // the status is known; nobody reads the rest
      });
      response.on('close', () => done({ outcome: 'answered', status, retryAfterMs }));
    });
    request.end(body);
  });
}

const codeOf = ({ code }: NodeJS.ErrnoException): string => code ?? 'unknown';

/** Seconds (RFC 9110, 10.2.3); a date is not waited for. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return null;
  return Math.min(Number(header) * 1_000, retryAfterMsMax);
}
