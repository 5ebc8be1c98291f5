/** What a rotation and a cover refuse before anybody is asked. */
import { expect, test } from 'vitest';
import { coverRules } from '../../domain/cover/decide.ts';
import type { CoverCommand } from '../../domain/cover/state.ts';
import type { AccountId, ContentId, PersonId } from '../../domain/id.ts';
import { rotationRules } from '../../domain/rotation/decide.ts';
import type { RotationCommand } from '../../domain/rotation/state.ts';

const now = Date.UTC(2027, 0, 4, 9);
const day = 86_400_000;
const [ava, ben] = ['ava', 'ben'] as PersonId[];
const account = 'st-hedwig' as AccountId;

const start: RotationCommand = {
  type: 'start',
  actor: ava!,
  account,
  holder: ava!,
  packet: 'packet' as ContentId,
  members: [ava!, ben!],
  leadMinutes: 60,
};
test.each([
  ['two members', {}, 'ok'],
  ['no member', { members: [] }, 'rotation.owner_not_member'],
  ['one member', { members: [ava] }, 'rotation.too_few'],
  ['somebody twice', { members: [ava, ben, ava] }, 'rotation.member_twice'],
  ['an owner who is no member', { holder: 'eve' }, 'rotation.owner_not_member'],
])('a rotation with %s', (_name, changes, expected) => {
  const command = { ...start, ...changes } as RotationCommand;
  const decision = rotationRules.decide(rotationRules.initial, command, now);
  expect(decision.ok ? 'ok' : decision.problem.code).toBe(expected);
});

const request: CoverCommand = {
  type: 'request',
  actor: ava!,
  account,
  owner: ava!,
  manager: 'boss' as PersonId,
  reason: 'asked',
  candidates: [ben!],
  note: null,
  absence: null,
  from: now + day,
  until: now + 2 * day,
};
test.each([
  ['tomorrow', {}, 'ok'],
  ['part of an hour', { from: now, until: now + 45 * 60_000 }, 'ok'],
  ['already begun', { from: now - day, until: now + day }, 'ok'],
  ['exactly 90 days', { from: now, until: now + 90 * day }, 'ok'],
  [
    'a millisecond more than 90 days',
    { from: now, until: now + 90 * day + 1 },
    'cover.window_too_long',
  ],
  ['over by now', { from: now - day, until: now }, 'cover.window_past'],
  ['without an end after its begin', { from: now + day, until: now + day }, 'cover.window_past'],
])('a cover of a window that is %s', (_name, changes, expected) => {
  const command = { ...request, ...changes } as CoverCommand;
  const decision = coverRules.decide(coverRules.initial, command, now);
  expect(decision.ok ? 'ok' : decision.problem.code).toBe(expected);
});
