/** The port behind which a machine may propose translations. What it proposes only people make a text of. */
import type { LockedTerm } from '../../domain/exchange/compare-text.ts';
import type { TranslatedText } from '../../domain/exchange/practice.ts';

interface ProposalAsked {
  readonly text: TranslatedText;
  /** Languages, such as `pt-BR`. */
  readonly from: string;
  readonly to: string;
  /** Words that it keeps, each as its language has them. */
  readonly terms: readonly LockedTerm[];
}

export interface TranslationProposer {
  /** Kept with each proposal: whose it is. */
  readonly name: string;
  /** Null where it has nothing to propose. Whatever it throws is tried again with the next round. */
  propose(asked: ProposalAsked): Promise<TranslatedText | null>;
}

/** Without a machine of one's own nothing leaves this one, and nothing is proposed. */
export const proposesNothing: TranslationProposer = {
  name: 'nothing',
  propose: () => Promise.resolve(null),
};
