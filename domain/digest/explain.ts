/** Why something is in somebody's digest, as a sentence. */
import type { Sentence } from '../loop.ts';
import type { Reason } from './choose.ts';

export function reasonSentence(reason: Reason): Sentence {
  const key = `digest.reason.${reason.code}`;
  switch (reason.code) {
    case 'open_work':
    case 'own_account':
      return { key, params: { account: { account: reason.account } } };
    case 'gap':
      return { key, params: { competency: { term: `competency.name.${reason.competency}` } } };
    case 'proof':
      return { key, params: { told: reason.told } };
    case 'country':
      return { key, params: { country: { country: reason.country } } };
  }
}
