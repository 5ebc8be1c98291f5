/**
 * In `npm run proof` alone: its own servers, an API and two workers take some fifteen seconds to start
 * and to stop, and each kill two more. Its short form is beside `servers-restarted`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ProductStage,
  productStorm,
  startProduct,
  unharmed,
} from '../support/product-storm.ts';
import { proofSeed, randomFrom, reportProof } from '../support/proof.ts';

const requests = 320;
const kills = 24;
const random = randomFrom(proofSeed);

let stage: ProductStage;
beforeAll(async () => {
  stage = await startProduct();
}, 240_000);
afterAll(() => stage.stop());

test(
  'while API, workers and Postgres are killed no request is lost, doubled, contradicted or overspent',
  { timeout: 900_000 },
  async () => {
    const startedAt = performance.now();
    const report = await productStorm(stage, { requests, kills, random });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    const killed = Object.entries(report.killed).map(([name, count]) => `${count} × ${name}`);
    reportProof(
      `requests to the whole product in ${seconds} s, killed ${killed.join(', ')}`,
      requests,
    );
    expect(report).toMatchObject(unharmed);
    expect(Object.values(report.killed).reduce((sum, count) => sum + count)).toBe(kills);
    expect(report.kept).toBeGreaterThanOrEqual(requests / 2);
  },
);
