import { expect, test } from 'vitest';
import { handoffCommands, handoffReads } from '../../../api/handoffs/routes.ts';
import type { LoopId } from '../../../domain/id.ts';
import { handoffIdOf, handoffWorkflowId } from '../../../workflows/handoff/id.ts';
import { handoffUpdates } from '../../../workflows/handoff/messages.ts';

const { start, ...steps } = handoffCommands;

const kebabCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

test('each update of people is one POST, and each POST but the start is one update', () => {
  const { drop: _told, ...ofPeople } = handoffUpdates; // a step of another loop tells it
  const updates = Object.values(ofPeople).map(({ name }) => name);
  expect(
    Object.values(steps)
      .map(({ route }) => route.operationId)
      .toSorted(),
  ).toEqual(updates.toSorted());
  for (const [verb, { route }] of Object.entries(steps)) {
    expect([route.method, route.path]).toEqual(['post', `/handoffs/{id}/${kebabCase(verb)}`]);
  }
  expect([start.route.method, start.route.path]).toEqual(['post', '/handoffs']);
});

test('no two operations share an address', () => {
  const all = [...Object.values(handoffReads), ...Object.values(handoffCommands)];
  const addresses = all.map(({ route }) => `${route.method} ${route.path}`);
  expect(new Set(addresses).size).toBe(all.length);
});

test('the id of a workflow and of its handoff lead to each other', () => {
  const id = '00000000-0000-4000-8000-000000000001' as LoopId;
  expect(handoffIdOf(handoffWorkflowId(id))).toBe(id);
  expect(() => handoffIdOf('budget:1')).toThrow('assertion failed');
});
