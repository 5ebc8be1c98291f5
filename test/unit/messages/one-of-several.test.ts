import { expect, test } from 'vitest';
import { tellMoved } from '../../../activities/plan-step.ts';
import type { MovedDeadline } from '../../../db/calendar-changes.ts';
import type { LoadedWorld } from '../../../db/planning-world.ts';
import type { PersonId } from '../../../domain/id.ts';
import type { NoticeParams } from '../../../domain/loop.ts';
import { reviewNotices } from '../../../domain/quarterly-review/notices.ts';
import { initialReview } from '../../../domain/quarterly-review/state.ts';

const [owner, other] = ['owner', 'other'] as unknown as [PersonId, PersonId];

/** What a message names, apart from the times that it says. */
const named = (params: NoticeParams): string =>
  JSON.stringify(
    Object.entries(params).filter(
      ([, value]) => typeof value !== 'object' || !('instant' in value),
    ),
  );

test('two overdue actions of one owner are two things to their chair', () => {
  const action = { owner, dueAt: 0, isDone: false };
  const actions = [1, 2].map((number) => ({ ...action, number }));
  const state = { ...initialReview, chair: other, actions } as never;
  const toChair = [1, 2].flatMap((number) =>
    reviewNotices({ type: 'actionOverdue', number }, state).filter(({ to }) => to === other),
  );
  expect(toChair).toHaveLength(2);
  expect(new Set(toChair.map(({ params }) => named(params))).size).toBe(2);
});

test('two deadlines of one person that move are two things to whoever waits for them', () => {
  const moved = ['practice.clinical_review/DE/stent', 'practice.clinical_review/FR/stent'].map(
    (task) => ({ task, person: owner, from: 1, to: 2 }) as MovedDeadline,
  );
  const world = {
    at: 0,
    person: () => ({ isActive: true }),
    reader: () => ({
      calendar: {},
      clock: { nextWorking: () => 0, isWorking: () => true },
      quiet: null,
    }),
  } as unknown as LoadedWorld;
  const news = { loop: 'practice', account: null, moved, reasons: ['absence'], waiting: other };
  const told = tellMoved(news as never, world).filter(({ to }) => to === other);
  expect(told).toHaveLength(2);
  expect(new Set(told.map(({ params }) => named(params as NoticeParams))).size).toBe(2);
});
