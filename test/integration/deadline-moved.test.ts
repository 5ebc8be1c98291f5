import { afterEach, beforeEach, expect, test } from 'vitest';
import { account, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';
import { lackingIn } from '../support/catalogue.ts';

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
beforeEach(async () => {
  recorder = await handoffRecorder();
});
afterEach(() => recorder.drop());

test('whose deadline a day of leave moves is told of which account, and of both times', async () => {
  const handoff = await recorder.offered();
  const now = recorder.clock.now();
  const [firstDay, lastDay] = [now, now + 86_400_000].map((at) =>
    new Date(at).toISOString().slice(0, 10),
  );
  await recorder.db
    .insertInto('absence')
    .values({
      id: 'leave',
      person_id: tokyo.lead,
      first_day: firstDay ?? '',
      last_day: lastDay ?? '',
    })
    .execute();
  await recorder.db
    .updateTable('calendar_revision')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('person_id', '=', tokyo.lead)
    .execute();
  expect(await handoff.replans()).toBe('recorded');
  const { recipient_id, params } = await recorder.db
    .selectFrom('notice')
    .select(['recipient_id', 'params'])
    .where('key', '=', 'handoff.deadline_moved')
    .executeTakeFirstOrThrow();
  expect(recipient_id).toBe(tokyo.lead);
  expect(params).toMatchObject({ account: { account } });
  for (const part of ['subject', 'body']) {
    expect(lackingIn(`handoff.deadline_moved.${part}`, params as never)).toEqual([]);
  }
});
