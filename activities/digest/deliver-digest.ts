/** A digest as the bytes that are sent, made and frozen in one transaction with what a recall will find. */
import type { Channel } from '../../channels/channel.ts';
import type { Database } from '../../db/client.ts';
import { forgetDigestDeliveries, frozenDigest } from '../../db/digests.ts';
import { holdNotice, thawNotice } from '../../db/notice-outcomes.ts';
import { type Addressee, type ClaimedNotice, freezeNotice } from '../../db/notices.ts';
import { unreadableItems } from '../../db/practice-deliveries.ts';
import { present } from '../../domain/assert.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { recipientFor } from '../../locales/render.ts';
import { briefly } from '../compose-notice.ts';
import { digestWords, type Nothing } from './words.ts';

interface DigestParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly publicUrl: string;
  readonly unsubscribeUrl?: (person: PersonId) => string;
}

interface Composing {
  readonly to: Addressee;
  readonly route: {
    readonly name: string;
    readonly channel: Channel;
    readonly address: string;
    readonly isBrief: boolean;
  };
}

/** Null when somebody else has claimed it since. */
export function composeDigest(
  { db, clock, publicUrl, unsubscribeUrl }: DigestParts,
  notice: ClaimedNotice,
  { to, route }: Composing,
): Promise<Uint8Array | Nothing | null> {
  const { id, revision, attempts, recipient: person, mayHaveArrived } = notice;
  return db.transaction().execute(async (tx) => {
    if (!(await holdNotice(tx, notice))) return null;
    const recipient = recipientFor(to);
    const at = clock.now();
    // What was frozen before may be under way: what takes its place is another message.
    const isAnew = notice.rendered !== null;
    if (isAnew) await thawNotice(tx, id);
    if (isAnew && !mayHaveArrived) await forgetDigestDeliveries(tx, id);
    const { textLengthMax } = route.channel;
    const words = await digestWords(tx, { notice: id, recipient, publicUrl, at, textLengthMax });
    if (typeof words === 'string') return words;
    const messageId = isAnew ? `${id}.${revision}.${attempts}` : `${id}.${revision}`;
    const { subject } = words.rendered;
    const rendered = route.isBrief ? { subject, ...briefly(recipient) } : words.rendered;
    const composed = await route.channel.compose({
      ...words,
      rendered,
      messageId,
      to: { name: to.name, address: route.address },
      recipient,
      at,
      unsubscribe: { url: present(unsubscribeUrl, 'where digests are ended')(person) },
    });
    const { locale, localeFrom } = recipient;
    const { name: channel, address } = route;
    const frozen = { id, revision, attempts, rendered: composed, messageId, channel, address };
    await freezeNotice(tx, { ...frozen, locale, localeFrom, entry: null });
    return composed;
  });
}

/** Whether something in its frozen bytes is not read by whom it is for any more, or in another version. */
export async function hasLostItems(db: Database, notice: NoticeId): Promise<boolean> {
  const digest = await frozenDigest(db, notice);
  if (digest === null) return false;
  if (digest.isEnded) return true;
  const { person, items } = digest;
  return (await unreadableItems(db, { person, items })).length > 0;
}
