/** When what a provider does not take is about the provider, and not about one reader or one message. */
import type { NoticeId, PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';

/** In a row: whatever it takes between ends the row. */
export interface ProviderFailure {
  readonly at: Instant;
  readonly code: string;
  readonly reader: PersonId;
  readonly notice: NoticeId;
}

/** So many in a row within this time are a burst. */
const burstFailures = 5;
export const burstMs = 60_000;
/** With nobody's message taken between, refusals are counted for as long as a message is tried. */
export const refusalsMs = 86_400_000;
export const failuresKeptMax = 50;

/** To so many readers: each chat's address may lead to a machine of its reader's, a mailbox to a rule of theirs. */
const readersMin = 3;
/** So few where one server takes all, says the same to each, and says nothing of a mailbox (RFC 3463, 3.3). */
const readersOfAlikeMin = 2;

/** A 4xx answer is about one mail or one reader; ours to wait for is no fault of theirs. */
const isAboutOne = (code: string): boolean => /^45\d$/.test(code) || code === 'busy';
const isAboutMailbox = (code: string): boolean => /\b5\.2\.\d/.test(code);

const readersIn = (found: readonly ProviderFailure[]): number =>
  new Set(found.map(({ reader }) => reader)).size;

export const isOfProvider = ({ code }: Pick<ProviderFailure, 'code'>): boolean => !isAboutOne(code);

/** Of failures that are the provider's own: all mail leaves by one server of ours, chats by many of theirs. */
export const isBurst = (channel: string, failures: readonly ProviderFailure[]): boolean =>
  failures.length >= burstFailures && (channel === 'email' || readersIn(failures) >= readersMin);

/**
 * One reader, however often, never: it may be their address alone, and nobody else's mail is to wait for it. Two
 * are enough where the server has said the very same as often as makes a burst: few may read mail at all.
 */
export function refusesEverybody(channel: string, refusals: readonly ProviderFailure[]): boolean {
  if (readersIn(refusals) >= readersMin) return true;
  if (channel !== 'email') return false;
  const alike = Map.groupBy(refusals, ({ code }) => code);
  return [...alike].some(
    ([code, given]) =>
      !isAboutMailbox(code) &&
      given.length >= burstFailures &&
      readersIn(given) >= readersOfAlikeMin,
  );
}
