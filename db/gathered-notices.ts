/** Claims, bytes and outcomes of many messages at once. */
import type { Database } from './client.ts';
import { gathered } from './gather.ts';
import { type NoticeOutcome, settleNotice, settleTogether } from './notice-outcomes.ts';
import {
  type Claim,
  type ClaimedNotice,
  claimNotice,
  claimNotices,
  type Frozen,
  freezeNotice,
  freezeNotices,
  ifFree,
} from './notices.ts';

export type Lot = 'claim' | 'freeze' | 'settle';

/** For many messages at once: each is claimed, frozen and settled as if alone, in fewer statements. */
export const gatheredNotices = (db: Database, onFailure: (lot: Lot, error: unknown) => void) => ({
  claim: gathered<Claim, ClaimedNotice | null>({
    together: (claims) => claimNotices(db, claims, ifFree),
    alone: (claim) => claimNotice(db, claim),
    onFailure: (error) => onFailure('claim', error),
    atOnceMax,
  }),
  freeze: gathered<Frozen, boolean>({
    together: (notices) => freezeNotices(db, notices, ifFree),
    alone: (notice) => freezeNotice(db, notice),
    onFailure: (error) => onFailure('freeze', error),
    atOnceMax,
  }),
  settle: gathered<NoticeOutcome, boolean>({
    together: (outcomes) => settleTogether(db, outcomes),
    alone: (outcome) => settleNotice(db, outcome),
    onFailure: (error) => onFailure('settle', error),
    atOnceMax,
  }),
});
const atOnceMax = 20;
