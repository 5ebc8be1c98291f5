/** Who hears of a loop that a step asked for and that was refused: what never begins tells nobody itself. */
import { sql, type Transaction } from 'kysely';
import { accountManager, custodianAt } from '../db/accounts.ts';
import { plainNotice, type PlannedNotice } from '../db/loops.ts';
import type { WaitingOpening } from '../db/openings.ts';
import type { DB } from '../db/schema.ts';
import type { CoverCommand } from '../domain/cover/state.ts';
import type { HandoffCommand } from '../domain/handoff/state.ts';
import type { AccountId, PersonId } from '../domain/id.ts';
import type { MessageKind } from '../domain/notice/message-kinds.ts';
import type { Instant, NoticeParams, NoticeValue } from '../domain/loop.ts';
import type { Problem } from '../domain/problem.ts';
import { tellReturnRefused } from './cover/swap.ts';

interface Refused {
  readonly opening: WaitingOpening;
  readonly refused: Problem;
  readonly at: Instant;
}

/** A cover in a swap tells both who agreed on it; nobody waits for what a loop is told once it is over. */
export async function tellRefused(
  tx: Transaction<DB>,
  { opening, refused, at }: Refused,
): Promise<readonly PlannedNotice[]> {
  if (opening.target) return [];
  if (opening.byLoop === 'cover') return tellReturnRefused(opening, at);
  const letter = letterOf(opening);
  if (letter === null) return [];
  const { account, asked, key, params } = letter;
  const named = [asked, await custodianAt(tx, account, at), await accountManager(tx, account)];
  const told = await thoseWhoAreThere(tx, named);
  const all = { account: { account }, ...params, ...wordsOf(refused) };
  return told.map((to) => plainNotice({ to, key, params: all, sendAt: at }));
}

interface Letter {
  readonly account: AccountId;
  /** For whom it was asked. */
  readonly asked: PersonId;
  readonly key: MessageKind;
  readonly params: NoticeParams;
}

function letterOf({ loop, byLoop, command }: WaitingOpening): Letter | null {
  if (loop === 'cover' && byLoop === 'assignment') {
    const request = command as CoverCommand;
    if (request.type !== 'request') return null;
    const { account, owner, from, until } = request;
    const params = {
      owner: { person: owner },
      from: { instant: from, alsoFor: owner },
      until: { instant: until, alsoFor: owner },
    };
    return { account, asked: owner, key: 'cover.request_refused', params };
  }
  if (loop === 'handoff' && byLoop === 'rotation') {
    const offer = command as HandoffCommand;
    if (offer.type !== 'offer') return null;
    const { account, giver, receiver } = offer;
    const params = { giver: { person: giver }, person: { person: receiver } };
    return { account, asked: giver, key: 'rotation.offer_refused', params };
  }
  return null;
}

/** The problem's own words, each in the reader's language. */
function wordsOf({ code, params }: Problem): NoticeParams {
  const filled = Object.fromEntries(
    Object.entries(params).map(([name, value]): [string, NoticeValue] =>
      name === 'person' && typeof value === 'string'
        ? [name, { person: value as PersonId }]
        : [name, value],
    ),
  );
  return {
    problem: { sentence: `problems.${code}.title`, params: filled },
    why: { sentence: `problems.${code}.detail`, params: filled },
  };
}

/** Each once. */
async function thoseWhoAreThere(
  tx: Transaction<DB>,
  people: readonly (PersonId | null)[],
): Promise<readonly PersonId[]> {
  const { rows } = await sql<{ id: PersonId }>`
    SELECT id FROM person WHERE id = ANY (${people}::text[]) AND left_at IS NULL
    ORDER BY id`.execute(tx);
  return rows.map(({ id }) => id);
}
