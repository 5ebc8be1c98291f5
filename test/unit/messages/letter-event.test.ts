import { describe, expect, test } from 'vitest';
import {
  entryOf,
  letterEvent,
  timedPart,
  withdrawnEvent,
} from '../../../activities/letter-event.ts';
import type { BundledNotice } from '../../../db/bundles.ts';
import type { EntryTime } from '../../../db/calendar-entries.ts';
import { assignmentNotices } from '../../../domain/assignment/notices.ts';
import { coverNotices } from '../../../domain/cover/notices.ts';
import { delegationNotices } from '../../../domain/delegation/notices.ts';
import { assignmentPlan } from '../../../domain/assignment/plan.ts';
import { coverPlan } from '../../../domain/cover/plan.ts';
import { delegationPlan } from '../../../domain/delegation/plan.ts';
import { handoffPlan } from '../../../domain/handoff/plan.ts';
import { reviewNotices } from '../../../domain/quarterly-review/notices.ts';
import { reviewPlan } from '../../../domain/quarterly-review/plan.ts';
import { initialReview } from '../../../domain/quarterly-review/state.ts';
import { rotationPlan } from '../../../domain/rotation/plan.ts';
import type { LoopId, NoticeId, PersonId } from '../../../domain/id.ts';
import type { NoticeDraft } from '../../../domain/loop.ts';
import { rotationNotices } from '../../../domain/rotation/notices.ts';

const [owner, taker] = ['owner', 'taker'] as unknown as [PersonId, PersonId];
const [from, until] = [Date.UTC(2027, 2, 1, 8), Date.UTC(2027, 2, 5, 16)];

const partOf = ({ key, params }: Pick<NoticeDraft, 'key' | 'params'>): BundledNotice => ({
  id: 'notice' as NoticeId,
  loopId: '0190a0a0-5b6c-8def-9012-3456789abcde' as LoopId,
  sequence: 3,
  key,
  params,
  locale: null,
});
const silent = (to: PersonId) => ({ to, isAsking: false, dueAt: null });
/** What each message of a step puts into its reader's calendar. */
const timesOf = (drafts: readonly NoticeDraft[]) =>
  drafts.map((draft) => {
    const part = timedPart([partOf(draft)], silent(draft.to));
    return [draft.to, part && entryOf(part, silent(draft.to)).time];
  });

const cover = { account: 'a', owner, asker: owner, taker, from, until, status: 'taken' } as never;
const world = { facts: { chain: null } } as never;

test('a cover that is taken is in the calendars of its owner and of whoever took it', () => {
  const drafts = coverNotices({ type: 'taken', by: taker } as never, cover, world);
  expect(timesOf(drafts)).toEqual([
    [owner, { from, until }],
    [taker, { from, until }],
  ]);
  expect(
    timesOf(
      coverNotices(
        { type: 'requested' } as never,
        {
          ...(cover as object),
          candidates: [taker],
          refused: [],
          status: 'asked',
          taker: null,
        } as never,
        world,
      ),
    ),
  ).toEqual([[taker, null]]);
});

test('an agreed assignment is in the calendars of all three, as whole days', () => {
  const terms = { firstDay: '2027-03-01', lastDay: '2027-03-12', home: 'home', host: 'host' };
  const state = { participant: taker, terms, pending: null, kind: 'virtual', number: 1 };
  const days = { firstDay: '2027-03-01', lastDay: '2027-03-12' };
  const drafts = assignmentNotices({ type: 'agreed' } as never, state as never);
  expect(timesOf(drafts)).toEqual(['taker', 'home', 'host'].map((to) => [to, days]));
  const lapsed = assignmentNotices({ type: 'lapsed' } as never, state as never);
  expect(timesOf(lapsed).map(([, time]) => time)).toEqual([null, null, null]);
});

test('whoever takes the place of a signer has the days that all have signed, not those only proposed', () => {
  const terms = { firstDay: '2027-03-01', lastDay: '2027-03-12', home: 'home', host: 'heir' };
  const pending = { terms: { ...terms, lastDay: '2027-03-31' }, signed: [] };
  const state = { participant: taker, terms, pending, kind: 'virtual', number: 1 };
  const event = { type: 'signerReplaced', role: 'host', person: 'host', to: 'heir' } as never;
  const timesIn = (status: string) =>
    timesOf(assignmentNotices(event, { ...state, status } as never)).filter(([, time]) => time);
  const days = { firstDay: '2027-03-01', lastDay: '2027-03-12' };
  for (const status of ['agreed', 'waiting', 'running']) {
    expect([status, timesIn(status)]).toEqual([status, [['heir', days]]]);
  }
  for (const status of ['proposed', 'closing']) expect(timesIn(status)).toEqual([]);
});

test('whoever takes the chair of a review has the meeting in their calendar, as long as it is ahead', () => {
  const event = { type: 'chairReplaced', from: owner, to: taker } as never;
  const state = { ...initialReview, chair: taker, participants: [taker], slot: { from, until } };
  const timesIn = (status: 'confirmed' | 'following') =>
    timesOf(reviewNotices(event, { ...state, status }));
  expect(timesIn('confirmed')).toEqual([[taker, { from, until }]]);
  expect(timesIn('following')).toEqual([[taker, null]]);
});

test('a delegation is in the calendars of both, and what ended it in nobody’s', () => {
  const state = { principal: owner, delegate: taker, from, until, scope: 'all', by: null };
  const world = { at: from - 1 } as never;
  const given = delegationNotices({ type: 'given' } as never, state as never, world);
  expect(timesOf(given)).toEqual([
    [owner, { from, until }],
    [taker, { from, until }],
  ]);
  const ended = { type: 'ended', ending: 'over', hadBegun: true } as never;
  const over = delegationNotices(ended, state as never, world);
  expect(timesOf(over).map(([, time]) => time)).toEqual([null, null]);
});

test('whoever hands over a watch has the time at which the next one begins', () => {
  const event = { type: 'handedOver', outcome: 'offered', giver: owner, to: taker, begins: from };
  const state = { account: 'a', members: [owner, taker], starter: owner };
  const drafts = rotationNotices(event as never, state as never, {} as never);
  expect(timesOf(drafts)).toEqual([[owner, { from }]]);
});

test('a period is found also within a bundle, and moves rather than doubles when it is told again', () => {
  const [drafted] = coverNotices({ type: 'taken', by: taker } as never, cover, world);
  const other = partOf({ key: 'handoff.declined', params: {} });
  const period = partOf(drafted as NoticeDraft);
  expect(timedPart([other, period], silent(owner))).toBe(period);
  const [begun] = coverNotices({ type: 'begun', to: taker } as never, cover, world);
  const entries = [drafted, begun].map((draft) =>
    letterEvent(entryOf(partOf(draft as NoticeDraft), silent(owner)), owner, ''),
  );
  expect(entries.map(({ uid, isBusy }) => [uid, isBusy])).toEqual([
    [entries[0]?.uid, false],
    [entries[0]?.uid, false],
  ]);
});

test.for(['meetsAt', 'agreedFrom'])(
  'of several times (%s) that one loop tells in one mail the latest step counts',
  (name) => {
    const told = [2, 5, 3].map((sequence) => ({
      ...partOf({ key: 'handoff.call', params: { [name]: { instant: from + sequence } } }),
      sequence,
    }));
    const [first, ...others] = told as [BundledNotice, ...BundledNotice[]];
    expect(timedPart([first, ...others], silent(owner))?.sequence).toBe(5);
    const elsewhere = { ...first, loopId: 'other' as LoopId, sequence: 9 };
    expect(timedPart([first, elsewhere], silent(owner))).toBe(first);
  },
);

describe('what is called off', () => {
  const zone = 'Asia/Tokyo';
  const at = Date.UTC(2027, 2, 2, 16); // the 3rd of March there
  const loop = '0190a0a0-5b6c-8def-9012-3456789abcde' as LoopId;
  const off = (time: EntryTime) =>
    withdrawnEvent(
      { loop, kind: 'period', sequence: 3, time },
      { at, zone, sequence: 7, to: owner, summary: 'Off' },
    );
  const days = (firstDay: string, lastDay: string) => ({ firstDay, lastDay });

  test.for([
    { time: { from: at + 1, until: at + 9 } },
    { time: { from: at + 1 } },
    { time: days('2027-03-04', '2027-03-09') },
  ])('and lies ahead is cancelled: $time', ({ time }) => {
    expect(off(time)).toMatchObject({ isCancelled: true, sequence: 7, time });
  });

  test.for([
    { time: { from: at - 9, until: at + 9 }, left: { from: at - 9, until: at } },
    { time: days('2027-03-01', '2027-03-09'), left: days('2027-03-01', '2027-03-03') },
    { time: days('2027-03-03', '2027-03-09'), left: days('2027-03-03', '2027-03-03') },
  ])('and has begun ends then, on the days of its reader: $time', ({ time, left }) => {
    expect(off(time)).toMatchObject({ sequence: 7, time: left });
    expect(off(time)?.isCancelled).toBeUndefined();
  });

  test.for([
    { time: { from: at - 9, until: at } },
    { time: { from: at } },
    { time: days('2027-03-01', '2027-03-03') },
  ])('and is over stays as it was: $time', ({ time }) => {
    expect(off(time)).toBe(null);
  });

  test('is the same entry, of a later step', () => {
    const entry = { loop, kind: 'period', sequence: 3, time: { from: at + 1 } } as const;
    const had = letterEvent(entry, owner, 'Agreed');
    const event = off(entry.time);
    expect([event?.uid, event!.sequence > had.sequence]).toEqual([had.uid, true]);
  });
});

test.for([
  ['cover', coverPlan, ['withdrawn', 'overtaken', 'returned', 'accountClosed'], 'taken'],
  ['delegation', delegationPlan, ['ended'], 'given'],
  ['rotation', rotationPlan, ['ended', 'stopped'], 'handedOver'],
  ['assignment', assignmentPlan, ['cancelled', 'lapsed', 'ended'], 'agreed'],
  ['handoff', handoffPlan, ['withdrawn', 'transferred', 'declined', 'bounced'], 'callProposed'],
  ['quarterly review', reviewPlan, ['cancelled', 'lapsed'], 'confirmed'],
] as const)('of a %s that ends before its time the entry goes', ([, plan, ends, agrees]) => {
  const callsOff = (type: string) => (plan.callsOff as (event: object) => boolean)({ type });
  expect(ends.map(callsOff)).toEqual(ends.map(() => true));
  expect(callsOff(agrees)).toBe(false);
});
