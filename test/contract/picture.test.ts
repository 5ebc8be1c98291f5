import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawDay } from '../../console/rotation-day.ts';
import { dayOfDocuments, drawnDay, readerOfDocuments } from '../support/drawn-day.ts';
import { readers } from '../support/readers.ts';

const file = new URL('../../docs/follow-the-sun.svg', import.meta.url);

test('the picture in the documents is what the product draws: `npm run picture` writes it', async () => {
  expect(readFileSync(file, 'utf8')).toBe(await drawnDay(readerOfDocuments));
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
