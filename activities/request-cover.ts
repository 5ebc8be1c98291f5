/** How a step of another loop asks for a cover, in the name of whoever owns the account. */
import type { Transaction } from 'kysely';
import { accountManager } from '../db/accounts.ts';
import { coverCandidates } from '../db/cover-candidates.ts';
import { keepCandidates } from '../db/covers.ts';
import { derivedId } from '../db/derived-id.ts';
import { releasesWaiting } from '../db/openings.ts';
import type { DB } from '../db/schema.ts';
import type { CoverCommand } from '../domain/cover/state.ts';
import type { AccountId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Opening } from './loop-record.ts';

interface Asked {
  readonly by: LoopId;
  readonly at: Instant;
  readonly account: AccountId;
  /** Has agreed to it: they are who asks. */
  readonly owner: PersonId;
  readonly from: Instant;
  readonly until: Instant;
  /** Under which it is asked: those before may have asked for the same window. */
  readonly terms: string;
}

export async function requestCover(tx: Transaction<DB>, asked: Asked): Promise<Opening> {
  const { by, at, account, owner, from, until, terms } = asked;
  const id = derivedId('cover', by, account, String(from), terms) as LoopId;
  const candidates = await coverCandidates(tx, { account, owner, from, until });
  await keepCandidates(tx, { cover: id, at, candidates });
  const command: CoverCommand = {
    type: 'request',
    actor: owner,
    account,
    owner,
    manager: await accountManager(tx, account),
    reason: 'asked',
    candidates: candidates.map((candidate) => candidate.id),
    note: null,
    absence: null,
    from,
    until,
  };
  const follows = await releasesWaiting(tx, { by, account });
  return { loop: 'cover', id, command, follows };
}

/** What a cover is told when what it was asked for has ended. */
export function releaseCover(by: LoopId, cover: LoopId, at: Instant): Opening {
  const command: CoverCommand = { type: 'release', openedBy: by };
  const id = derivedId('release', cover, String(at)) as LoopId;
  return { loop: 'cover', id, command, target: cover };
}
