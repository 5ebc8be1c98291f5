/** What a digest tells somebody of all that they may read, and why: facts in, an order with reasons out. */
import { type Gated, mayRead, type Reader } from '../exchange/gate.ts';
import type { Rank, RankReason } from '../exchange/rank.ts';
import type { AccountId, LoopId, PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';

/** A digest is read in a pause: what finds no place is counted, and comes with a later one. */
export const itemsMax = 5;

export interface Candidate extends Gated {
  readonly id: LoopId;
  readonly author: PersonId;
  readonly competency: string;
  readonly publishedAt: Instant;
  /** What is said of it, weighed where the reader is. */
  readonly rank: Rank;
}

/** An account, or work on one, that a practice about its products may help with. */
export interface Work {
  readonly account: AccountId;
  readonly products: readonly string[];
}

export interface Interests {
  /** Competencies in which they are below what their role asks, or that an open assignment of theirs is about. */
  readonly gaps: readonly string[];
  /** Loops that are open and name them, such as handoffs and assignments. */
  readonly open: readonly Work[];
  /** Accounts that they own now. */
  readonly owned: readonly Work[];
  /** Whatever reached them before, by whichever way. */
  readonly seen: ReadonlySet<LoopId>;
}

export type Reason =
  | { readonly code: 'open_work' | 'own_account'; readonly account: AccountId }
  | { readonly code: 'gap'; readonly competency: string }
  | (RankReason & { readonly code: 'reports' })
  | { readonly code: 'country'; readonly country: string };

export interface Chosen {
  readonly id: LoopId;
  /** The strongest first; never none. */
  readonly reasons: readonly Reason[];
}

export interface Choice {
  readonly items: readonly Chosen[];
  /** How many others fit. */
  readonly more: number;
}

/** What each reason adds: what somebody works on now before what they could learn, before the rest. */
const weights = { open_work: 4, gap: 3, own_account: 2, country: 0 } as const;
/** As much as an account of theirs where it always worked, and as much less where it always failed. */
const rankWeight = 2;
const pointsMax = 100;
/** The nearest say enough; its page shows them all. */
const reportsShownMax = 2;

export function choose(
  candidates: readonly Candidate[],
  reader: Reader,
  interests: Interests,
): Choice {
  const fitting = candidates
    .filter(({ id, author }) => !interests.seen.has(id) && author !== reader.id)
    .filter((candidate) => mayRead(reader, candidate))
    .map((candidate) => weigh(candidate, reader, interests))
    .sort((a, b) => b.weight - a.weight || b.publishedAt - a.publishedAt || (a.id < b.id ? -1 : 1));
  const items = fitting.slice(0, itemsMax).map(({ id, reasons }) => ({ id, reasons }));
  return { items, more: fitting.length - items.length };
}

interface Weighed extends Chosen {
  readonly weight: number;
  readonly publishedAt: Instant;
}

function weigh(candidate: Candidate, reader: Reader, interests: Interests): Weighed {
  const { id, publishedAt, rank } = candidate;
  const reasons = reasonsFor(candidate, reader, interests);
  const weight = reasons.reduce(
    (sum, { code }) => sum + (code === 'reports' ? 0 : weights[code]),
    (rankWeight * rank.points) / pointsMax,
  );
  return { id, publishedAt, reasons, weight };
}

function reasonsFor(
  { competency, clearances, rank }: Candidate,
  { country, products: trainedFor }: Reader,
  { gaps, open, owned }: Interests,
): readonly Reason[] {
  const products = clearances
    .filter((one) => one.isReadable && one.country === country)
    .map(({ product }) => product)
    .filter((product) => trainedFor === null || trainedFor.includes(product));
  const about = (works: readonly Work[]): Work | undefined =>
    works.find((work) => work.products.some((product) => products.includes(product)));
  const [inWork, own] = [about(open), about(owned)];
  return [
    ...(inWork ? [{ code: 'open_work', account: inWork.account } as const] : []),
    ...(gaps.includes(competency) ? [{ code: 'gap', competency } as const] : []),
    ...(own ? [{ code: 'own_account', account: own.account } as const] : []),
    ...rank.reasons
      .slice(0, reportsShownMax)
      .map((reason) => ({ code: 'reports', ...reason }) as const),
    { code: 'country', country: country ?? '' } as const,
  ];
}
