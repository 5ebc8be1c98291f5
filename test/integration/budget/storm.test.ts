import { expect, test } from 'vitest';
import { budgetStorm, type StormFault, stormFaults } from '../../support/budget-storm.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';

const requests = proofSize(40, 3_000);
const kills = proofSize(2, 40);
const timeout = proofSize(60_000, 1_800_000);
const random = randomFrom(proofSeed);
const secondsSince = (startedAt: number): number =>
  Math.round((performance.now() - startedAt) / 1_000);

test(
  'while processes are killed no request is lost, none kept twice, and nothing is overspent',
  { timeout },
  async () => {
    const startedAt = performance.now();
    reportProof('requests for money under kills', requests);
    const report = await budgetStorm({ requests, kills, fault: null, random });
    expect(report).toMatchObject({ lost: 0, doubled: 0, overspent: 0n, untold: 0, differences: 0 });
    // Each in the middle of what nobody had done before.
    expect(report.killed).toBe(kills);
    expect(report.kept).toBeGreaterThanOrEqual(requests / 2);
    expect(report.unheard).toBeGreaterThanOrEqual(proofSize(0, 1));
    reportProof(`kills, each in new work, in ${secondsSince(startedAt)} s`, report.killed);
    reportProof('requests recorded by whoever died before they said so', report.unheard);
  },
);

type Report = Awaited<ReturnType<typeof budgetStorm>>;

interface Caught {
  readonly kills: number;
  by(report: Report): boolean;
}

const caught: Readonly<Record<StormFault, Caught>> = {
  'no idempotency': { kills: 1, by: ({ doubled }) => doubled > 0 },
  'notice outside': { kills: 1, by: ({ untold }) => untold > 0 },
  'check then write': {
    kills: 0,
    by: ({ overspent, differences }) => overspent > 0n || differences > 0,
  },
};

/** In `npm test` a fault is found within so many requests; how long they take is for a proof to say. */
const requestsOfFault = 40;
const faultSecondsMax = proofSize(Infinity, 15);

test.for(stormFaults)('a fault that is planted is caught: %s', { timeout }, async (fault) => {
  const startedAt = performance.now();
  const { kills: deaths, by } = caught[fault];
  const report = await budgetStorm({ requests: requestsOfFault, kills: deaths, fault, random });
  expect([report, by(report)]).toEqual([report, true]);
  const seconds = secondsSince(startedAt);
  expect(seconds).toBeLessThanOrEqual(faultSecondsMax);
  reportProof(`"${fault}", planted, is caught in ${seconds} s, requests`, requestsOfFault);
});
