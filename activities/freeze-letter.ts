/** The bytes of one message, made once and frozen before the first try; those of before are sent again. */
import type { Letter } from '../channels/channel.ts';
import { replyAddress, type Replies } from '../channels/email/reply-token.ts';
import { threadId } from '../channels/email/thread.ts';
import { type BundledNotice, bundle, leaveOut } from '../db/bundles.ts';
import type { Database } from '../db/client.ts';
import type { gatheredNotices } from '../db/gathered-notices.ts';
import { freezeNotice, type ClaimedNotice, type Frozen } from '../db/notices.ts';
import { offerWay } from '../domain/exchange/offer.ts';
import type { NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { recipientFor } from '../locales/render.ts';
import { calendarPart } from './calendar-part.ts';
import { readingIn, wordsOf, type WordsOfParts } from './compose-notice.ts';
import { composeDigest, hasLostItems } from './digest/deliver-digest.ts';
import { type Offers, offerPractices } from './offer-practices.ts';
import type { Route } from './route-of.ts';

export interface LetterParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly publicUrl: string;
  /** Where replies go; absent, to whom mails are from. */
  readonly replies?: Replies | undefined;
  /** The address that ends somebody's digests, for the head of each; absent, no digest is sent. */
  readonly unsubscribeUrl?: (person: PersonId) => string;
  /** What waits anew; absent, the sweep finds it. */
  readonly startDeliveries?: (notices: readonly NoticeId[]) => void;
}

interface Freezing extends LetterParts {
  readonly gathered: ReturnType<typeof gatheredNotices>;
}

/** Messages to one person that come due so close to each other go out as one. */
const bundleMs = 120_000;
const membersMax = 50;

/** What became of it where there is nothing to send. */
type Instead =
  /** It goes out within another, or somebody else has claimed it since. */
  { readonly status: 'passed' } | { readonly status: 'cancelled'; readonly reason: string };
export const passed = { status: 'passed' } as const;

interface Composing {
  readonly to: ClaimedNotice['to'];
  readonly route: Route;
}

/** Frozen bytes go out as they are; but of a digest nothing does that its reader may not read any more. */
export async function composedOnce(
  parts: Freezing,
  notice: ClaimedNotice,
  composing: Composing,
): Promise<Uint8Array | Instead> {
  if (notice.urgency !== 'digest') {
    return notice.rendered ?? compose(parts, notice, composing);
  }
  const { id, rendered, isForOldAddress } = notice;
  if (rendered !== null && !isForOldAddress && !(await hasLostItems(parts.db, id))) return rendered;
  const composed = await composeDigest(parts, notice, composing);
  if (composed === null) return passed;
  return typeof composed === 'string' ? { status: 'cancelled', reason: composed } : composed;
}

/** Frozen before the first attempt, so that a second one sends the very same bytes. */
async function compose(
  parts: Freezing,
  notice: ClaimedNotice,
  composing: Composing,
): Promise<Uint8Array | Instead> {
  const { db, clock, startDeliveries } = parts;
  const found = await membersOf(parts, notice);
  if (found === null) return passed;
  let members = found;
  for (;;) {
    const made = await freezeOffering(parts, notice, { ...composing, told: [notice, ...members] });
    if (!('fitting' in made)) return made;
    const beyond = members.slice(made.fitting - 1).map(({ id }) => id);
    members = members.slice(0, made.fitting - 1);
    await leaveOut(db, notice, { members: beyond, at: clock.now() });
    startDeliveries?.(beyond);
  }
}

/** What is offered is kept with the bytes that offer it, or not at all. */
async function freezeOffering(
  parts: Freezing,
  notice: ClaimedNotice,
  making: Making,
): Promise<Uint8Array | Instead | Fewer> {
  const { db, clock } = parts;
  const { told } = making;
  // Where others may read it, nothing is offered: the title alone may be none of theirs.
  const isOffering = !making.route.isBrief && told.some(({ key }) => offerWay(key) !== null);
  if (!isOffering) return freeze(parts, notice, making);
  const offered = db.transaction().execute(async (tx) => {
    const offering = { told, person: notice.recipient, at: clock.now() };
    const offers = await offerPractices(tx, offering);
    // With what is offered, and not with others.
    const freezing = (frozen: Frozen) => freezeNotice(tx, frozen);
    const gathered = { ...parts.gathered, freeze: freezing };
    const made = await freeze({ ...parts, db: tx, gathered }, notice, { ...making, offers });
    if (!(made instanceof Uint8Array)) throw new NotFrozen(made);
    return made;
  });
  return offered.catch((error: unknown) => {
    if (error instanceof NotFrozen) return error.instead;
    throw error;
  });
}

/** Takes back what was offered. */
class NotFrozen extends Error {
  readonly instead: Instead | Fewer;
  constructor(instead: Instead | Fewer) {
    super('not frozen');
    this.instead = instead;
  }
}

/** It is too long: so many of its parts can go out in one. */
type Fewer = Pick<WordsOfParts, 'fitting'>;

interface Making extends Composing {
  readonly told: Told;
  readonly offers?: Offers;
}

async function freeze(
  parts: Freezing,
  notice: ClaimedNotice,
  { to, route, told, offers }: Making,
): Promise<Uint8Array | Instead | Fewer> {
  const { db, clock, publicUrl } = parts;
  const own = recipientFor(to);
  // What goes alone is in one language, with all that stands around it.
  const recipient = told.length === 1 ? readingIn(own, notice) : own;
  const names = told.length === 1 ? notice.names : null;
  const { textLengthMax = Infinity } = route.channel;
  const { isBrief } = route;
  const words = { recipient, publicUrl, names, textLengthMax, isBrief, ...(offers && { offers }) };
  const { rendered, link, alsoIn, fitting } = await wordsOf(db, told, words);
  if (fitting < told.length) return { fitting };
  const calendar = await calendarPart(db, told, {
    notice,
    recipient,
    publicUrl,
    subject: rendered.subject,
  });
  // Whatever was frozen before may be under way: what takes its place is another message.
  const messageId = [notice.id, notice.revision, ...(notice.attempts > 1 ? [notice.attempts] : [])];
  const composed = await route.channel.compose({
    messageId: messageId.join('.'),
    to: { name: to.name, address: route.address },
    recipient,
    rendered,
    link,
    alsoIn,
    at: clock.now(),
    ...(notice.loopId !== null && { thread: threadId(notice.loopId, notice.recipient) }),
    ...answering(parts, told, notice.recipient),
    ...calendar.letter,
  });
  const isMine = await parts.gathered.freeze({
    id: notice.id,
    revision: notice.revision,
    attempts: notice.attempts,
    rendered: composed,
    messageId: messageId.join('.'),
    channel: route.name,
    address: route.address,
    locale: recipient.locale,
    localeFrom: own.localeFrom,
    // No other way brings files.
    entry: route.name === 'email' ? calendar.entry : null,
  });
  return isMine ? composed : passed;
}

type Told = readonly [BundledNotice, ...(readonly BundledNotice[])];

/** An answer belongs to one loop: to a bundle of several there is no address for it. */
function answering({ replies }: Freezing, told: Told, person: PersonId): Pick<Letter, 'replyTo'> {
  const [{ loopId: loop }] = told;
  const isOne = told.every(({ loopId }) => loopId === loop);
  if (!replies || loop === null || !isOne) return {};
  return { replyTo: replyAddress(replies, { loop, person }) };
}

/**
 * What goes out within it; null when it goes out within another itself. What could not be composed
 * before goes alone: it holds up nobody else.
 */
function membersOf(
  { db, clock }: Freezing,
  notice: ClaimedNotice,
): Promise<readonly BundledNotice[] | null> {
  if (notice.urgency === 'now' || notice.attempts > 1) return Promise.resolve([]);
  const now = clock.now();
  return bundle(db, { lead: notice, now, until: now + bundleMs, membersMax });
}
