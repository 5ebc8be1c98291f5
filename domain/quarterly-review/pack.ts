/** What a quarter is looked at by: counts of every loop in, sections of figures out, each with its sentence. */
import { type Figure, figure, hiddenFigure } from '../fairness/figures.ts';
import { groupSizeMin } from '../fairness/small-groups.ts';

/** In the order of the agenda. */
export const packSections = [
  'handoffs',
  'exchange',
  'money',
  'assignments',
  'growth',
  'carried',
] as const;
export type PackSection = (typeof packSections)[number];

export interface PackFigure extends Figure {
  readonly section: PackSection;
}

export interface LineCount {
  readonly line: string;
  readonly purpose: string;
  readonly currency: string;
  readonly allocated: string;
  readonly reserved: string;
  readonly committed: string;
}

export interface RegionCounts {
  /** Own people who are there now. */
  readonly people: number;
  readonly lines: readonly LineCount[];
  readonly underWay: number;
  readonly lentHours: number;
  readonly borrowedHours: number;
  readonly openGaps: number;
  readonly closedGaps: number;
  readonly raised: number;
  readonly plans: number;
  readonly stalledPlans: number;
}

const named = (name: string, value: number): Figure =>
  figure(value, `quarterlyReview.figure.${name}`, { value });

/** Of fewer than five people nothing is said: a number would be somebody’s. */
export function regionFigures(counts: RegionCounts): readonly PackFigure[] {
  const isHidden = counts.people < groupSizeMin;
  const of = (section: PackSection, figures: readonly Figure[]): readonly PackFigure[] =>
    (isHidden ? [hiddenFigure] : figures).map((one) => ({ section, ...one }));
  return [
    ...of('money', counts.lines.map(lineFigure)),
    ...of('assignments', [
      named('under_way', counts.underWay),
      named('lent', counts.lentHours),
      named('borrowed', counts.borrowedHours),
    ]),
    ...of('growth', [
      named('open_gaps', counts.openGaps),
      named('closed_gaps', counts.closedGaps),
      named('raised', counts.raised),
      named('plans', counts.plans),
      named('stalled_plans', counts.stalledPlans),
    ]),
  ];
}

/** The share that is spent or kept, in whole percent. */
function lineFigure(line: LineCount): Figure {
  const { currency, purpose, line: budgetLine } = line;
  const used = BigInt(line.reserved) + BigInt(line.committed);
  const allocated = BigInt(line.allocated);
  const percent = allocated === 0n ? 0 : Number((used * 100n) / allocated);
  const money = (minor: string) => ({ money: { minor, currency } });
  return figure(percent, 'quarterlyReview.figure.line', {
    line: { budgetLine, purpose },
    allocated: money(line.allocated),
    reserved: money(line.reserved),
    committed: money(line.committed),
  });
}

export const inSection = (
  section: PackSection,
  figures: Readonly<Record<string, Figure>>,
): readonly PackFigure[] =>
  Object.values(figures).map(({ value, sentence }) => ({ section, value, sentence }));

/** What was agreed a quarter ago and is not done yet. */
export const carriedFigure = (open: number): PackFigure => ({
  section: 'carried',
  ...named('carried', open),
});

/** What reached a partner’s people, and what they said of it. */
export function adoptionFigures({
  people,
  received,
  tried,
}: {
  readonly people: number;
  readonly received: number;
  readonly tried: number;
}): readonly PackFigure[] {
  const figures =
    people < groupSizeMin ? [hiddenFigure] : [named('received', received), named('tried', tried)];
  return figures.map((one) => ({ section: 'exchange', ...one }));
}
