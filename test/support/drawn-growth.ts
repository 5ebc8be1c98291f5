/** The plan and the review that the documents show: half way, and with something still to be done. */
import {
  type DrawnPlan,
  drawPlan,
  type DrawnReview,
  drawReview,
} from '../../console/growth-pictures.ts';
import { phrase, type Recipient } from '../../locales/render.ts';

const at = (day: string): number => Date.parse(`${day}T09:00:00Z`);

export const planOfDocuments = (recipient: Recipient): DrawnPlan => ({
  from: at('2027-01-11'),
  until: at('2027-07-30'),
  now: at('2027-05-20'),
  marks: ['2027-01-11', '2027-01-13', '2027-01-20', '2027-02-08', '2027-03-08', '2027-04-12'].map(
    at,
  ),
  stalledAt: at('2027-05-03'),
  goals: (
    [
      ['cross-border-teamwork', 2, 3],
      ['clinical-fluency', 1, 2],
      ['data-storytelling', 0, 1],
    ] as const
  ).map(([key, level, to]) => ({
    name: phrase(`competency.name.${key}`, {}, recipient),
    level,
    to,
  })),
});

export const reviewOfDocuments: DrawnReview = {
  from: at('2027-01-01'),
  until: at('2027-04-15'),
  now: at('2027-03-15'),
  marks: ['2027-01-01', '2027-01-04', '2027-01-05', '2027-02-20'].map(at),
  meets: { from: at('2027-01-12'), until: at('2027-01-12') + 3_600_000 },
  actions: [
    { name: 'Misaki (Tokyo)', from: at('2027-01-12'), until: at('2027-02-26'), isDone: true },
    { name: 'Jonas (Berlin)', from: at('2027-01-12'), until: at('2027-03-31'), isDone: false },
    { name: 'Ava (New York)', from: at('2027-01-12'), until: at('2027-04-15'), isDone: false },
  ],
};

export async function drawnPlan(recipient: Recipient): Promise<string> {
  const told = { title: phrase('developmentPlan.page.plan', {}, recipient), told: [] };
  return `${String(await drawPlan({ recipient }, planOfDocuments(recipient), told))}\n`;
}

export async function drawnReview(recipient: Recipient): Promise<string> {
  const told = { title: phrase('quarterlyReview.page.review', {}, recipient), told: [] };
  return `${String(await drawReview({ recipient }, reviewOfDocuments, told))}\n`;
}
