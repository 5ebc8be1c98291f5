import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRemoveUnusedTexts } from '../../activities/unused-texts.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';

const day = 86_400_000;
let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
beforeEach(async () => {
  recorder = await handoffRecorder();
});
afterEach(() => recorder.drop());

const kinds = async (): Promise<readonly string[]> => {
  const rows = await recorder.db.selectFrom('content').select('kind').orderBy('kind').execute();
  return rows.map(({ kind }) => kind);
};

test('a text of a refused command goes after sixty days; one that a step refers to stays', async () => {
  const handoff = await recorder.offered();
  const content = await recorder.write('handoff.readBack', berlin.lead);
  expect(await handoff.does({ type: 'readBack', actor: berlin.lead, content })).toBe(
    'handoff.not_receiver',
  );
  const remove = createRemoveUnusedTexts(recorder);
  recorder.clock.moveTo(recorder.clock.now() + 59 * day);
  expect(await remove()).toEqual({ removed: 0 });
  recorder.clock.moveTo(recorder.clock.now() + 2 * day);
  await recorder.write('handoff.answer', tokyo.lead); // written just now, for a step under way
  expect(await remove()).toEqual({ removed: 1 });
  expect(await kinds()).toEqual(['handoff.answer', 'handoff.packet']);
  expect(await remove()).toEqual({ removed: 0 });
});
