/**
 * What a closed round says: by competency how one sees oneself, how the others do together, and what
 * the difference means. Nothing is said of fewer than three answers.
 */
import type { Sentence } from '../loop.ts';
import { type ShownGroup, shownGroups, shownTogether, shownTogetherMin } from './groups.ts';

/** Ranks of the levels: 1 beginner, 2 intermediate, 3 advanced. */
export type Rank = 1 | 2 | 3;

/** One answer to one question, as it is kept: by nobody, at no time. */
export interface KeptAnswer {
  readonly group: ShownGroup | 'self';
  readonly competency: string;
  readonly rank: Rank;
  readonly comment: string | null;
}

/** From half a level on, a difference is one that somebody would notice at work. */
export const blindSpotMin = 0.5;

export type View = 'blindSpot' | 'hiddenStrength' | 'agreed';

export interface GroupView {
  readonly group: ShownGroup;
  /** Mean rank, from 1 to 3. */
  readonly mean: number;
  readonly answers: number;
  readonly comments: readonly string[];
}

export interface CompetencyView {
  readonly competency: string;
  readonly own: Rank | null;
  /** Over everyone but oneself; null where too few have answered. */
  readonly others: number | null;
  readonly view: View | null;
  readonly groups: readonly GroupView[];
}

/** How many of each group have answered anything at all; without oneself. */
type Answered = Readonly<Partial<Record<ShownGroup, number>>>;

/** One entry for each competency that somebody answered about, by its key; empty when too few answered. */
export function roundReport(
  answers: readonly KeptAnswer[],
  answered: Answered,
): readonly CompetencyView[] {
  const shownAs = shownTogether(answered);
  const competencies = [...new Set(answers.map(({ competency }) => competency))].toSorted();
  return competencies.map((competency) => {
    const about = answers.filter((answer) => answer.competency === competency);
    const own = about.find(({ group }) => group === 'self')?.rank ?? null;
    const groups = shownAs === null ? [] : groupViews(about, shownAs);
    const others = meanOver(groups);
    return { competency, own, others, view: viewOf(own, others), groups };
  });
}

/**
 * Too few answers to one question hide it in all of its groups: what some of them say beside what all of
 * them say would tell what the rest say.
 */
function groupViews(
  about: readonly KeptAnswer[],
  shownAs: Readonly<Partial<Record<ShownGroup, ShownGroup>>>,
): readonly GroupView[] {
  return shownGroups.flatMap((group) => {
    const said = about.filter(
      (answer) => answer.group !== 'self' && shownAs[answer.group] === group,
    );
    if (said.length < shownTogetherMin) return [];
    return [
      {
        group,
        mean: meanOf(said.map(({ rank }) => rank)),
        answers: said.length,
        comments: said.flatMap(({ comment }) => (comment === null ? [] : [comment])).toSorted(),
      },
    ];
  });
}

const meanOf = (ranks: readonly number[]): number =>
  ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;

/** Of the groups that are shown, so that it tells nothing that they do not. */
function meanOver(groups: readonly GroupView[]): number | null {
  const answers = groups.reduce((sum, group) => sum + group.answers, 0);
  if (answers === 0) return null;
  return groups.reduce((sum, { mean, answers: count }) => sum + mean * count, 0) / answers;
}

function viewOf(own: Rank | null, others: number | null): View | null {
  if (own === null || others === null) return null;
  const difference = own - others;
  if (difference >= blindSpotMin) return 'blindSpot';
  return difference <= -blindSpotMin ? 'hiddenStrength' : 'agreed';
}

/** What it means for the one it is about, in a sentence. */
export function viewSentence({ competency, own, others, view }: CompetencyView): Sentence {
  const params = { competency: { term: `competency.name.${competency}` } };
  if (others === null) return { key: 'feedbackRound.view.too_few', params };
  if (own === null) return { key: 'feedbackRound.view.no_own', params };
  return { key: `feedbackRound.view.${viewKeys[view ?? 'agreed']}`, params };
}

const viewKeys = {
  blindSpot: 'blind_spot',
  hiddenStrength: 'hidden_strength',
  agreed: 'agreed',
} as const satisfies Record<View, string>;
