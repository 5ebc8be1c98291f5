/** Where a request comes from, as far as it can be known. */
import { isIP, isIPv6 } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/**
 * Who is at the other end of the connection. Behind `proxies` of our own, whom the outermost of them
 * saw: each adds one address to X-Forwarded-For, and whatever stands before those could be anybody's.
 */
export const addressOf =
  (proxies: number) =>
  (c: Context): string | null => {
    const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
    const connected = placeOf(incoming?.socket?.remoteAddress ?? '');
    if (proxies === 0) return connected;
    const seen = (c.req.header('x-forwarded-for') ?? '').split(',');
    return placeOf(seen.at(-proxies)?.trim() ?? '') ?? connected;
  };

const withPort = /^(?:\[([\da-f:.]+)\]|(\d+(?:\.\d+){3}))(?::\d+)?$/i;
const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i;
const groupsOfPlace = 4;

/**
 * An IPv4 address, or the network of an IPv6 one: whoever has one address of it can have any of
 * them (RFC 4291, 2.5.1). A port, which some proxies add, is another one for each connection.
 */
function placeOf(text: string): string | null {
  const [, bracketed, dotted] = withPort.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text;
  const inner = mapped.exec(address)?.[1] ?? address;
  if (isIP(inner) === 0) return null;
  return isIPv6(inner) ? groupsOf(inner).slice(0, groupsOfPlace).join(':') : inner;
}

const groupsMax = 8;

/** All eight, without leading zeros; the last two may be written as an IPv4 address and do not matter. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const split = (half: string): string[] => half.split(':').filter((group) => group !== '');
  const before = split(head);
  const after = split(tail ?? '');
  const dotted = after.at(-1)?.includes('.') === true ? 1 : 0;
  const missing = tail === undefined ? 0 : groupsMax - before.length - after.length - dotted;
  const groups = [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after];
  return groups.map((group) => group.replace(/^0+(?=[\da-f])/, ''));
}
