import { expect, test } from 'vitest';
import { budgetStorm, type StormFault, stormFaults } from '../../support/budget-storm.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';

const requests = proofSize(40, 3_000);
const kills = proofSize(2, 40);
const timeout = proofSize(60_000, 1_800_000);
const random = randomFrom(proofSeed);

test(
  'while processes are killed no request is lost, none kept twice, and nothing is overspent',
  { timeout },
  async () => {
    reportProof('requests for money under kills', requests);
    const report = await budgetStorm({ requests, kills, fault: null, random });
    expect(report).toMatchObject({ lost: 0, doubled: 0, overspent: 0n, untold: 0, differences: 0 });
    expect(report.killed).toBe(kills);
    expect(report.kept).toBeGreaterThanOrEqual(requests / 2);
  },
);

type Report = Awaited<ReturnType<typeof budgetStorm>>;

interface Caught {
  readonly kills: number;
  by(report: Report): boolean;
}

const caught: Readonly<Record<StormFault, Caught>> = {
  'no idempotency': { kills: 1, by: ({ doubled }) => doubled > 0 },
  'notice outside': { kills: 3, by: ({ untold }) => untold > 0 },
  'check then write': {
    kills: 0,
    by: ({ overspent, differences }) => overspent > 0n || differences > 0,
  },
};

test.for(stormFaults)('a fault that is planted is caught: %s', { timeout }, async (fault) => {
  const { kills: deaths, by } = caught[fault];
  const report = await budgetStorm({ requests: 40, kills: deaths, fault, random });
  expect([report, by(report)]).toEqual([report, true]);
});
