/** Why something is in somebody's digest, as a sentence. */
import { rankSentence } from '../exchange/rank.ts';
import type { Sentence } from '../loop.ts';
import type { Reason } from './choose.ts';
import type { PersonNow } from './turn.ts';

export function reasonSentence(reason: Reason): Sentence {
  const key = `digest.reason.${reason.code}`;
  switch (reason.code) {
    case 'open_work':
    case 'own_account':
      return { key, params: { account: { account: reason.account } } };
    case 'gap':
      return { key, params: { competency: { term: `competency.name.${reason.competency}` } } };
    case 'reports':
      return rankSentence(reason);
    case 'country':
      return { key, params: { country: { country: reason.country } } };
  }
}

interface Ended {
  readonly status: 'composed' | 'sent' | 'suppressed' | 'skipped';
  readonly reason: string | null;
  /** That count as received. */
  readonly items: number;
}

/** Those with words of their own; whatever else keeps a message from its reader is the message's. */
const told: readonly string[] = ['nothing_new', 'digest_empty', 'digests_ended', 'late'];

/** What became of a digest. */
export function endedSentence({ status, reason, items }: Ended): Sentence {
  const isInDoubt = status === 'suppressed' && items > 0;
  if (isInDoubt) return { key: 'digest.became.in_doubt', params: {} };
  if (reason === null) return { key: `digest.became.${status}`, params: {} };
  return { key: `digest.became.${told.includes(reason) ? reason : 'undelivered'}`, params: {} };
}

/** Why no digest is to come. */
export function noneSentence({ wish, isActive }: Pick<PersonNow, 'wish' | 'isActive'>): Sentence {
  const why = isActive ? (wish.every === 'never' ? 'never' : 'no_working_time') : 'left';
  return { key: `digest.preview.${why}`, params: {} };
}
