import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTurns } from '../../../channels/turns.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('as many as may go at once go, and the others in the order they came', async () => {
  const turns = createTurns({ atOnceMax: 2, waitMaxMs: 1_000 });
  const order: string[] = [];
  const first = await turns.take();
  await turns.take();
  const third = turns.take().then((done) => (order.push('third'), done));
  const fourth = turns.take().then((done) => (order.push('fourth'), done));
  expect(order).toEqual([]);
  first?.();
  (await third)?.();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('who waits too long gets no turn, and takes none from who comes later', async () => {
  const turns = createTurns({ atOnceMax: 1, waitMaxMs: 1_000 });
  const held = await turns.take();
  const impatient = turns.take();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await impatient).toBeNull();
  held?.();
  expect(await turns.take()).not.toBeNull();
});

test('a turn given back twice is one turn', async () => {
  const turns = createTurns({ atOnceMax: 1, waitMaxMs: 1_000 });
  const first = await turns.take();
  first?.();
  first?.();
  await turns.take();
  const second = turns.take();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await second).toBeNull();
});
