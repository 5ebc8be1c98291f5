import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiDocument } from '../../api/documents.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { anyRequest } from '../support/hostile-requests.ts';
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
