/**
 * What a closed round says: by competency how one sees oneself, how the others do together, and what
 * the difference means. Nothing is said of fewer than three answers.
 */
import type { PersonId } from '../id.ts';
import type { Sentence } from '../loop.ts';
import { competencyLevels } from '../people/competency-level.ts';
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

/** How many of each group have answered anything at all; without oneself, and the manager apart. */
export type Answered = Readonly<Partial<Record<ShownGroup | 'manager', number>>>;

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
    const groups = shownAs === null ? [] : groupViews(about, { shownAs, answered });
    const others = meanOver(groups);
    return { competency, own, others, view: viewOf(own, others), groups };
  });
}

interface Together {
  readonly shownAs: Readonly<Partial<Record<ShownGroup | 'manager', ShownGroup>>>;
  readonly answered: Answered;
}

/**
 * A question that too few of a group answered is hidden there, and so in what all of them say: what some
 * say beside what all of them say would tell what the rest say. Of the others one may be the manager's own.
 */
function groupViews(
  about: readonly KeptAnswer[],
  { shownAs, answered }: Together,
): readonly GroupView[] {
  return shownGroups.flatMap((group) => {
    // What the manager says is kept as one of the others', also where nobody else is.
    const said = about.filter(({ group: kept }) =>
      kept === 'others' ? group === kept : kept !== 'self' && shownAs[kept] === group,
    );
    const known = shownAs.manager === group ? (answered.manager ?? 0) : 0;
    if (said.length < shownTogetherMin + known) return [];
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

/** Whom it is told: whoever it is about, or whoever works on it with them. */
export interface ToldOf {
  readonly subject: PersonId;
  readonly isTheirs: boolean;
}

/** What it means, in a sentence. */
export function viewSentence(
  { competency, own, others, view }: CompetencyView,
  { subject, isTheirs }: ToldOf,
): Sentence {
  const params = {
    competency: { term: `competency.name.${competency}` },
    ...(!isTheirs && { subject: { person: subject } }),
  };
  if (others === null) return { key: 'feedbackRound.view.too_few', params };
  const key = own === null ? 'no_own' : viewKeys[view ?? 'agreed'];
  return { key: `feedbackRound.${isTheirs ? 'view' : 'view_of'}.${key}`, params };
}

const viewKeys = {
  blindSpot: 'blind_spot',
  hiddenStrength: 'hidden_strength',
  agreed: 'agreed',
} as const satisfies Record<View, string>;

const levelOf = (rank: number) => ({
  term: `competency.level.${competencyLevels[rank - 1] ?? competencyLevels[0]}`,
});

/** How the others see it together: at a level, or between two, to the nearest half; no bare number. */
export function seenSentence({ others, groups }: CompetencyView): Sentence | null {
  if (others === null) return null;
  const answers = groups.reduce((sum, group) => sum + group.answers, 0);
  const halves = Math.round(others * 2);
  const [lower, upper] = [levelOf(Math.floor(halves / 2)), levelOf(Math.ceil(halves / 2))];
  return halves % 2 === 0
    ? { key: 'feedbackRound.seen.at', params: { level: lower, answers } }
    : { key: 'feedbackRound.seen.between', params: { lower, upper, answers } };
}

/** How the one it is about sees it. */
export function ownSentence(
  { own }: CompetencyView,
  { subject, isTheirs }: ToldOf,
): Sentence | null {
  if (own === null) return null;
  const level = levelOf(own);
  return isTheirs
    ? { key: 'feedbackRound.own.yours', params: { level } }
    : { key: 'feedbackRound.own.theirs', params: { level, subject: { person: subject } } };
}
