import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';

test('each test file has a migrated database of its own', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  expect(one.url).not.toBe(two.url);
  expect(await one.db.selectFrom('loop_instance').selectAll().execute()).toEqual([]);
  await Promise.all([one.drop(), two.drop()]);
});
