/** A swap: whoever takes a cover asks its owner, alone, to hold one of their own accounts for a while. */
import type { Transaction } from 'kysely';
import { accountManager } from '../../db/accounts.ts';
import { keepCandidates } from '../../db/covers.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { DB } from '../../db/schema.ts';
import type { CoverCommand, InReturn } from '../../domain/cover/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
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
