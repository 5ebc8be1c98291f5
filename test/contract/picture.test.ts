import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawWeeks } from '../../console/assignment-weeks.ts';
import { drawPlan, drawReview } from '../../console/growth-pictures.ts';
import { drawHeatMap } from '../../console/heat-map.ts';
import { drawDay } from '../../console/rotation-day.ts';
import { dayOfDocuments, drawnDay, readerOfDocuments } from '../support/drawn-day.ts';
import {
  drawnPlan,
  drawnReview,
  planOfDocuments,
  reviewOfDocuments,
} from '../support/drawn-growth.ts';
import { drawnHeatMap, heatMapOfDocuments } from '../support/drawn-heat-map.ts';
import { drawnWeeks, weeksOfDocuments } from '../support/drawn-weeks.ts';
import { readers } from '../support/readers.ts';

const file = (name: string) => new URL(`../../docs/${name}`, import.meta.url);

test.for([
  ['follow-the-sun.svg', drawnDay],
  ['assignment-weeks.svg', drawnWeeks],
  ['heat-map.svg', drawnHeatMap],
  ['development-plan.svg', drawnPlan],
  ['quarterly-review.svg', drawnReview],
] as const)(
  '%s in the documents is what the product draws: `npm run picture` writes it',
  async ([name, draw]) => {
    expect(readFileSync(file(name), 'utf8')).toBe(await draw(readerOfDocuments));
  },
);

test('the weeks of an assignment run the way the reader does, with every hour, meeting, cover, signature and milestone in them', async () => {
  const drawn = async (recipient: (typeof readers)['berlin' | 'riyadh'], title = '') =>
    String(await drawWeeks({ recipient }, weeksOfDocuments, { title, told: ['One.'] }));
  const placesOf = (text: string, look: RegExp): readonly number[] =>
    [...text.matchAll(look)].map(([, x]) => Number(x));
  const bars = /class="committed"\s+x="([\d.]+)"/g;
  const [left, right] = [await drawn(readers.berlin), await drawn(readers.riyadh)];
  const [fromLeft, fromRight] = [placesOf(left, bars), placesOf(right, bars)];
  expect(fromLeft).toEqual(fromLeft.toSorted((a, b) => a - b));
  expect(fromRight).toEqual(fromRight.toSorted((a, b) => b - a));
  const { weeks, meetings, covers, milestones } = weeksOfDocuments;
  const marks = /class="mark (\w+) [^"]*"\s+d="M([\d.]+),/g;
  expect([...left.matchAll(marks)].map(([, kind]) => kind)).toEqual(
    milestones.map(({ kind }) => kind),
  );
  const [marksFromLeft, marksFromRight] = [left, right].map((text) =>
    [...text.matchAll(marks)].map(([, , x]) => Number(x)),
  );
  expect(marksFromLeft).toEqual(marksFromLeft?.toSorted((a, b) => a - b));
  expect(marksFromRight).toEqual(marksFromRight?.toSorted((a, b) => b - a));
  expect(fromLeft).toHaveLength(weeks.length);
  expect(placesOf(left, /cx="([\d.]+)"/g)).toHaveLength(meetings.length);
  expect(placesOf(left, /class="reserved"\s+x="([\d.]+)"/g)).toHaveLength(
    weeks.length + covers.length,
  );
  const hostile = await drawn(readers.berlin, '"><script>alert(1)</script>');
  expect(hostile).not.toMatch(/<script|<style|style=|href|url\(|\son\w+=/);
});

test('a heat map has every cell, says what is not shown, and runs the way its reader does', async () => {
  const hostile = '"><script>alert(1)</script>';
  const placesOf = async (recipient: (typeof readers)['berlin' | 'riyadh']) => {
    const map = heatMapOfDocuments(recipient);
    const [whole = '', ...others] = map.columns;
    const shown = { ...map, columns: [whole, hostile, ...others.slice(1)] };
    const drawn = String(await drawHeatMap({ recipient }, shown, { title: hostile, told: [] }));
    expect(drawn).not.toMatch(/<script|<style|style=|href|url\(|\son\w+=/);
    expect(drawn.match(/class="hidden"/g)).toHaveLength(map.rows.length * 2);
    return [...drawn.matchAll(/class="step-\d"\s+x="([\d.]+)"/g)].map(([, x]) => Number(x));
  };
  const [left, right] = [await placesOf(readers.berlin), await placesOf(readers.riyadh)];
  expect(left).toHaveLength(right.length);
  expect(Math.min(...left)).toBe(left[0]);
  expect(Math.max(...right)).toBe(right[0]);
});

test('plans and reviews are drawn the way their reader reads, with each step of each goal and every day agreed', async () => {
  const hostile = '"><script>alert(1)</script>';
  const told = { title: hostile, told: ['One.'] };
  const drawn = async (recipient: (typeof readers)['berlin' | 'riyadh']) => {
    const plan = planOfDocuments(recipient);
    const goals = plan.goals.map((goal) => ({ ...goal, name: hostile }));
    const actions = reviewOfDocuments.actions.map((action) => ({ ...action, name: hostile }));
    const both = [
      String(await drawPlan({ recipient }, { ...plan, goals }, told)),
      String(await drawReview({ recipient }, { ...reviewOfDocuments, actions }, told)),
    ] as const;
    for (const text of both) {
      expect(text).not.toMatch(/<script|<style|style=|href|url\(|\son\w+=/);
      expect(text).toMatch(/role="img"[^>]*aria-label="[^"]*One\./s);
    }
    const barsOf = (text: string, look: string): readonly number[] =>
      [...text.matchAll(new RegExp(`class="${look}"\\s+x="([\\d.]+)"`, 'g'))].map(([, x]) =>
        Number(x),
      );
    return {
      plan: barsOf(both[0], '(?:committed|reserved|paper)'),
      done: barsOf(both[1], 'committed'),
    };
  };
  const [left, right] = [await drawn(readers.berlin), await drawn(readers.riyadh)];
  expect([left.plan.length, left.done.length]).toEqual([9, 1]);
  const first = (all: readonly number[]) => all.slice(0, 3);
  expect(first(left.plan)).toEqual(first(left.plan).toSorted((a, b) => a - b));
  expect(first(right.plan)).toEqual(first(right.plan).toSorted((a, b) => b - a));
});

test('a picture has no script, no style and nothing from elsewhere, and says in words what it shows', async () => {
  const day = dayOfDocuments();
  const hostile = '</text><script>alert(1)</script>"&';
  const [first, ...others] = day.lanes;
  const lanes = [{ ...first!, person: { name: hostile } }, ...others];
  for (const recipient of Object.values(readers)) {
    const told = { title: hostile, told: ['One.', 'Two.'] };
    const drawn = String(await drawDay({ recipient }, { ...day, lanes }, told));
    expect(drawn).not.toMatch(/<script|<style|style=|href|url\(|\son\w+=/);
    expect(drawn).toMatch(/role="img"[^>]*aria-label="[^"]*One\. Two\."/s);
    expect(drawn).toContain(`direction="${recipient.direction}"`);
  }
});

test('for those who read from the right, time runs from the right', async () => {
  const placesOf = async (recipient: (typeof readers)['berlin' | 'riyadh']) => {
    const drawn = String(await drawDay({ recipient }, dayOfDocuments(), { title: '', told: [] }));
    return [...drawn.matchAll(/class="held"\s+x="([\d.]+)"\s+y="(\d+)"/g)].map(([, x]) =>
      Number(x),
    );
  };
  const [left, right] = [await placesOf(readers.berlin), await placesOf(readers.riyadh)];
  expect(left.toSorted((a, b) => a - b)).toHaveLength(right.length);
  expect(left.indexOf(Math.min(...left))).toBe(right.indexOf(Math.max(...right)));
});
