/**
 * A reply by mail is a comment on the loop when it comes from the person whom that loop's messages were
 * sent to; else it is held back, and that person is told.
 */
import { createHash } from 'node:crypto';
import type { ParsedMail } from 'mailparser';
import { idOfMail } from '../../channels/email/message-id.ts';
import {
  isReplyToken,
  repliedLoop,
  repliedTokens,
  type Replies,
} from '../../channels/email/reply-token.ts';
import { ownWords } from '../../channels/inbound/own-words.ts';
import { isAuthenticated } from '../../channels/inbound/authentication.ts';
import { automaticOf, type Reply, replyOf } from '../../channels/inbound/reply.ts';
import { loadActor } from '../../db/actors.ts';
import { noticeOfMail } from '../../db/channel-off.ts';
import type { Database } from '../../db/client.ts';
import { derivedId } from '../../db/derived-id.ts';
import { holdReply, recipientsOf, repliesLately } from '../../db/held-replies.ts';
import { insertNotices, plainNotice, type PlannedNotice } from '../../db/loops.ts';
import { addressee } from '../../db/notices.ts';
import { isLoopSeen } from '../../db/visibility.ts';
import type { LoopId, NoticeId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { Refusal } from '../../domain/problem.ts';
import { commentBody } from '../comments/schema.ts';
import { comment } from '../comments/write-comment.ts';

/** Each has a sentence in `locales/<locale>/message.json`, but for what nobody is told of. */
export type HoldReason =
  | 'unproven'
  | 'other_sender'
  | 'unauthenticated'
  | 'unsure'
  | 'not_seen'
  | 'empty'
  | 'too_long'
  | 'too_large'
  | 'too_many';
/** `unknown`: it answers no message of ours. `dropped`: as good as held, but there are too many. */
export type ReplyOutcome = 'commented' | 'held' | 'automatic' | 'unknown' | 'dropped';

/** With whom our mails are from, by which quotations of them are known. */
export interface RepliesTaken extends Replies {
  /** The receiving server that says whether a sender is who they say; absent, one in front sees to that. */
  readonly checkedBy?: string | undefined;
  readonly sender: { readonly name: string; readonly address: string };
}

export interface ReplyParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly replies: RepliesTaken;
  readonly mailProofSecret?: string | undefined;
  readonly startDeliveries?: (notices: readonly NoticeId[]) => void;
}

const hourMs = 3_600_000;
const commentsPerHourMax = 20;
const heldPerHourMax = 20;
const keptWordsMax = 10_000;
const keptAddressMax = 320;

/** `isWhole`: false where only its headers were read, since it is too large. */
export async function takeReply(
  parts: ReplyParts,
  { mail, isWhole }: { readonly mail: ParsedMail; readonly isWhole: boolean },
): Promise<ReplyOutcome> {
  const automatic = automaticOf(mail);
  if (automatic === 'surely') return 'automatic';
  const reply = replyOf(mail);
  const found = await correspondence(parts, reply);
  // What proves nothing and may be a machine's is nobody's to look at.
  if (automatic === 'perhaps' && !found?.isProven) return 'automatic';
  if (!found) return 'unknown';
  const { name, address } = parts.replies.sender;
  const [mailbox = ''] = parts.replies.address.split('@');
  const words = ownWords(reply.text, { name, addresses: [address, `${mailbox}+`] });
  const { checkedBy } = parts.replies;
  const isAuthentic = checkedBy === undefined || isAuthenticated(mail, checkedBy);
  const isUnsure = automatic === 'perhaps';
  const taken = { ...found, reply, words, isWhole, isUnsure, isAuthentic };
  const reason = await whyHeld(parts, taken);
  return reason === null ? say(parts, taken) : hold(parts, taken, reason);
}

interface Correspondence {
  readonly loop: LoopId;
  readonly person: PersonId;
  /** By the address it was sent to; else only by what it says it answers. */
  readonly isProven: boolean;
}

async function correspondence(
  { db, replies, mailProofSecret }: ReplyParts,
  { sentTo, answers }: Reply,
): Promise<Correspondence | null> {
  for (const token of new Set(repliedTokens(replies, sentTo))) {
    const loop = repliedLoop(token);
    if (loop === null) continue;
    for (const person of await recipientsOf(db, loop)) {
      const of = { loop, person };
      if (isReplyToken(replies.secret, token, of)) return { ...of, isProven: true };
    }
  }
  for (const answered of answers) {
    const found = await noticeOfMail(db, idOfMail(mailProofSecret, answered));
    if (found?.loop) return { loop: found.loop, person: found.recipient, isProven: false };
  }
  return null;
}

interface Taken extends Correspondence {
  readonly reply: Reply;
  readonly words: string;
  readonly isWhole: boolean;
  /** A list or a machine may have sent it. */
  readonly isUnsure: boolean;
  readonly isAuthentic: boolean;
}

async function whyHeld(
  { db, clock }: ReplyParts,
  { loop, person, isProven, reply, words, isWhole, isUnsure, isAuthentic }: Taken,
): Promise<HoldReason | null> {
  if (!isProven) return 'unproven';
  const to = await addressee(db, person);
  if (reply.from?.toLowerCase() !== to?.email.toLowerCase()) return 'other_sender';
  const actor = await loadActor(db, person, clock.now());
  if (!actor || !(await isLoopSeen(db, actor, loop))) return 'not_seen';
  if (!isAuthentic) return 'unauthenticated';
  if (isUnsure) return 'unsure';
  if (!isWhole) return 'too_large';
  if (words === '') return 'empty';
  if (!commentBody.safeParse({ text: words }).success) return 'too_long';
  const { said } = await repliesLately(db, { loop, person, since: clock.now() - hourMs });
  return said >= commentsPerHourMax ? 'too_many' : null;
}

/** The same mail is the same comment, however often it comes. */
function idOf({ person, loop, reply }: Taken): string {
  const hash = createHash('sha256').update(reply.messageId ?? JSON.stringify(reply));
  return derivedId('mail', loop, person, hash.digest('hex'));
}

async function say(parts: ReplyParts, taken: Taken): Promise<ReplyOutcome> {
  const { loop, person, words, reply } = taken;
  const actor = await loadActor(parts.db, person, parts.clock.now());
  if (!actor) return 'unknown';
  try {
    const said = { actor, commandId: idOf(taken), input: { id: loop, text: words } };
    await comment(parts, said, 'mail');
  } catch (error) {
    if (error instanceof Refusal) return hold(parts, taken, 'too_many');
    throw error;
  }
  const { files } = reply;
  if (files > 0) await tell(parts, taken, { key: 'message.reply_files', params: { files } });
  return 'commented';
}

async function hold(parts: ReplyParts, taken: Taken, reason: HoldReason): Promise<ReplyOutcome> {
  const { db, clock } = parts;
  const { loop, person, reply, words } = taken;
  const at = clock.now();
  const { held } = await repliesLately(db, { loop, person, since: at - hourMs });
  if (held >= heldPerHourMax) return 'dropped';
  const isNew = await holdReply(db, {
    id: idOf(taken),
    loop,
    person,
    reason,
    sender: reply.from?.slice(0, keptAddressMax) ?? null,
    words: words === '' ? null : words.slice(0, keptWordsMax).toWellFormed(),
    at,
  });
  // Whoever left or may not see it any more is told nothing of it.
  if (isNew && reason !== 'not_seen') {
    const params = { reason: { term: `message.reply_reason.${reason}` } };
    await tell(parts, taken, { key: 'message.reply', params });
  }
  return 'held';
}

/** Once an hour for a loop, so that nobody makes us write to somebody again and again. */
async function tell(
  { db, clock, startDeliveries }: ReplyParts,
  { loop, person }: Taken,
  said: Pick<PlannedNotice, 'key' | 'params'>,
): Promise<void> {
  const at = clock.now();
  const { isTold } = await repliesLately(db, { loop, person, since: at - hourMs });
  if (isTold) return;
  const notice = plainNotice({ to: person, ...said, sendAt: at });
  await db
    .transaction()
    .execute((tx) => insertNotices(tx, { id: loop, sequence: null, at, notices: [notice] }));
  startDeliveries?.([notice.id]);
}
