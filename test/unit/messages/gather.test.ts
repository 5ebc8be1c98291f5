import { expect, test } from 'vitest';
import { gathered } from '../../../db/gather.ts';

const turn = () => new Promise(setImmediate);

/** Lots that wait until the test lets each go. */
function stage({ refuses = () => false }: { readonly refuses?: (item: number) => boolean } = {}) {
  const lots: { readonly items: readonly number[]; end(): void; fail(): void }[] = [];
  const alone: number[] = [];
  const failures: unknown[] = [];
  const ask = gathered<number, string>({
    together(items) {
      const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<number, string>>();
      const taken = items.filter((item) => !refuses(item));
      lots.push({
        items,
        end: () => resolve(new Map(taken.map((item) => [item, `lot of ${items.length}`]))),
        fail: () => reject(new Error('the lot failed')),
      });
      return promise;
    },
    alone(item) {
      alone.push(item);
      return item < 0 ? Promise.reject(new Error('poisoned')) : Promise.resolve('alone');
    },
    onFailure: (error) => failures.push(error),
    atOnceMax: 3,
  });
  return { lots, alone, failures, ask };
}

test('what is asked for meanwhile goes along in the next lot, no more than so many at once', async () => {
  const { lots, ask } = stage();
  const asked = [1, 2, 3, 4, 5].map(ask);
  lots[0]?.end();
  await turn();
  lots[1]?.end();
  await turn();
  lots[2]?.end();
  expect(await Promise.all(asked)).toEqual(['lot of 1', ...Array(3).fill('lot of 3'), 'lot of 1']);
  expect(lots.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]]);
});

test('a lot that fails is told of and done one by one, and only what is at fault fails', async () => {
  const { lots, alone, failures, ask } = stage();
  const asked = [1, 2, -3, 4].map(ask);
  lots[0]?.end();
  await turn();
  lots[1]?.fail();
  const ends = await Promise.allSettled(asked);
  expect(ends.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(alone).toEqual([2, -3, 4]);
  expect(failures).toEqual([new Error('the lot failed')]);
});

test('what the lot passed over goes alone, and the next lot does not wait for it', async () => {
  const { lots, alone, ask } = stage({ refuses: (item) => item === 2 });
  const asked = [1, 2, 3].map(ask);
  lots[0]?.end();
  await turn();
  lots[1]?.end();
  expect(await Promise.all(asked)).toEqual(['lot of 1', 'alone', 'lot of 2']);
  expect(alone).toEqual([2]);
});
