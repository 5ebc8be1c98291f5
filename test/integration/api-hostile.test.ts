import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiDocument } from '../../api/documents.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { anyRequest, formlessRequests } from '../support/hostile-requests.ts';
import { proofSeed, proofSize, reportProof } from '../support/proof.ts';

const requests = proofSize(300, 10_000);
const timeout = proofSize(60_000, 1_800_000);
const limits = { burstMax: 1e9, perMinute: 1e9 };

let world: ApiWorld;
let handoff: string;
beforeAll(async () => {
  world = await apiWorld(() => ({ limits: { person: limits, address: limits } }));
  const body = offer(account, tokyo.lead);
  const made = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  handoff = (made.json as { id: string }).id;
});
afterAll(() => world.drop());

const document = 'application/problem+json';

test(
  'whatever is asked is answered or refused by name, and never by accident',
  { timeout },
  async () => {
    reportProof('hostile requests', requests);
    const statuses = new Set<number>();
    const any = anyRequest(apiDocument(world.app, '0'), handoff);
    const property = fc.asyncProperty(any, async ({ path, ...request }) => {
      const { status, headers, text } = await world.ask(path, request);
      statuses.add(status);
      expect(status).toBeLessThan(500);
      expect(headers.get('content-type') === document).toBe(status >= 400);
      expect(text.length).toBeGreaterThan(1);
    });
    await fc.assert(property, { numRuns: requests, seed: proofSeed });
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 403, 404, 422]));
  },
);

test('whatever has not its form is told in words, in every operation, and no pattern is ever shown', async () => {
  const all = apiDocument(world.app, '0');
  const patterns = [...JSON.stringify(all).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = '""']) => (JSON.parse(text) as string).replace(/^\^|\$$/g, ''),
  );
  const told = new Set<string>();
  for (const { path, ...request } of formlessRequests(all)) {
    const { text, status } = await world.ask(path, request);
    const shown = patterns.filter((pattern) => text.includes(JSON.stringify(pattern).slice(1, -1)));
    expect([path, shown, status < 500]).toEqual([path, [], true]);
    if (status < 400) continue;
    const { errors } = JSON.parse(text) as {
      readonly errors?: readonly { readonly code: string }[];
    };
    for (const { code } of errors ?? []) told.add(code);
  }
  expect(told).not.toContain('form_invalid');
  const forms = ['name', 'purpose', 'competency', 'country', 'currency', 'language', 'quarter'];
  const others = [
    'url_invalid',
    'hour_invalid',
    'day_invalid',
    'base64_invalid',
    'id_invalid',
    'instant_invalid',
  ];
  const wanted = [...forms.map((form) => `${form}_invalid`), ...others];
  expect([...told]).toEqual(expect.arrayContaining(wanted));
});
