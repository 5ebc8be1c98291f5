/** A swap: whoever takes a cover asks its owner, alone, to hold one of their own accounts for a while. */
import type { Transaction } from 'kysely';
import { accountManager } from '../../db/accounts.ts';
import { keepCandidates } from '../../db/covers.ts';
import { derivedId } from '../../db/derived-id.ts';
import { plainNotice, type PlannedNotice } from '../../db/loops.ts';
import type { WaitingOpening } from '../../db/openings.ts';
import type { DB } from '../../db/schema.ts';
import type { CoverCommand, InReturn } from '../../domain/cover/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import type { MessageOf } from '../../domain/notice/message-kinds.ts';
import type { Opening } from '../loop-record.ts';

interface Swapped {
  readonly cover: LoopId;
  readonly at: Instant;
  readonly owner: PersonId;
  readonly taker: PersonId;
  /** Who takes it for them, under a delegation. */
  readonly actor: PersonId;
  readonly inReturn: InReturn;
}

export async function openReturn(
  tx: Transaction<DB>,
  { cover, at, owner, taker, actor, inReturn }: Swapped,
): Promise<Opening> {
  const id = derivedId('cover', cover, 'in return', String(at)) as LoopId;
  const reasons = [{ code: 'in_return', points: 0 }] as const;
  const candidates = [{ id: owner, points: 0, reasons }];
  await keepCandidates(tx, { cover: id, at, candidates });
  const command: CoverCommand = {
    type: 'request',
    actor,
    ...(actor !== taker && { onBehalfOf: taker }),
    ...inReturn,
    owner: taker,
    manager: await accountManager(tx, inReturn.account),
    reason: 'asked',
    candidates: [owner],
    note: null,
    absence: null,
  };
  return { loop: 'cover', id, command };
}

/**
 * What is asked in return may be refused when it is begun, since the account is covered by then or is
 * somebody else's: both who agreed on it are told, by the cover that was taken.
 */
export function tellReturnRefused(
  { loop, byLoop, command }: WaitingOpening,
  at: Instant,
): readonly PlannedNotice[] {
  const asked = command as CoverCommand;
  if (loop !== 'cover' || byLoop !== 'cover' || asked.type !== 'request') return [];
  const { account, owner: taker, candidates, from, until } = asked;
  const [owner] = candidates;
  if (owner === undefined) return [];
  const letter = (to: PersonId, key: MessageOf<'cover'>, person: PersonId): PlannedNotice =>
    plainNotice({
      to,
      key: `cover.${key}`,
      params: {
        account: { account },
        person: { person },
        from: { instant: from, alsoFor: taker },
        until: { instant: until, alsoFor: taker },
      },
      sendAt: at,
    });
  return [letter(taker, 'return_refused', owner), letter(owner, 'return_not_asked', taker)];
}
