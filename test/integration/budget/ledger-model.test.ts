import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  commitReservation,
  expireReservation,
  voidReservation,
} from '../../../db/budget-ledger.ts';
import { verifyLedger } from '../../../db/budget-verify.ts';
import { present } from '../../../domain/assert.ts';
import { at, budgetStage } from '../../support/budget.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';

let stage: Awaited<ReturnType<typeof budgetStage>>;
beforeAll(async () => {
  stage = await budgetStage();
});
afterAll(() => stage.drop());

interface Held {
  readonly id: string;
  readonly amount: bigint;
  isOpen: boolean;
}

/** What a line is, in a few additions. */
interface Oracle {
  allocated: bigint;
  reserved: bigint;
  committed: bigint;
  readonly held: Held[];
}

interface Real {
  readonly line: string;
}

type Command = fc.AsyncCommand<Oracle, Real>;
const always = () => true;
const taken = { steps: 0 };

async function agrees(oracle: Oracle, { line }: Real): Promise<void> {
  const { allocated, reserved, committed } = oracle;
  expect(await stage.balance(line)).toMatchObject({ allocated, reserved, committed });
  taken.steps++;
}

const reserving = (minor: bigint): Command => ({
  check: always,
  toString: () => `reserve ${minor}`,
  async run(oracle, real) {
    const isThere = oracle.allocated - oracle.reserved - oracle.committed >= minor;
    const { id, ok } = await stage.reserveOf(real.line, minor);
    expect(ok).toBe(isThere);
    if (ok) {
      oracle.held.push({ id, amount: minor, isOpen: true });
      oracle.reserved += minor;
    }
    await agrees(oracle, real);
  },
});

const endings = ['commit', 'void', 'expire'] as const;
type EndingName = (typeof endings)[number];

const endOf = (kind: EndingName, reservation: string, minor: bigint) =>
  stage.within((tx) => {
    const amount = { minor, currency: 'EUR' };
    if (kind === 'commit') return commitReservation(tx, { reservation, amount, at });
    if (kind === 'void') return voidReservation(tx, { reservation, at });
    return expireReservation(tx, { reservation, at });
  });

const ending = (kind: EndingName, which: number, minor: bigint): Command => ({
  check: ({ held }) => held.length > 0,
  toString: () => `${kind} the ${which}th ${minor}`,
  async run(oracle, real) {
    const one = present(oracle.held[which % oracle.held.length], 'a reservation');
    const isAllowed = one.isOpen && (kind !== 'commit' || minor <= one.amount);
    expect((await endOf(kind, one.id, minor)).ok).toBe(isAllowed);
    if (isAllowed) {
      one.isOpen = false;
      oracle.reserved -= one.amount;
      if (kind === 'commit') oracle.committed += minor;
    }
    await agrees(oracle, real);
  },
});

const allocating = (to: bigint): Command => ({
  check: always,
  toString: () => `allocate ${to}`,
  async run(oracle, real) {
    const isEnough = to >= oracle.reserved + oracle.committed;
    expect((await stage.allocate(real.line, to)).ok).toBe(isEnough);
    if (isEnough) oracle.allocated = to;
    await agrees(oracle, real);
  },
});

const amount = fc.bigInt(1n, 400n);
const commands = [
  amount.map(reserving),
  fc.tuple(fc.constantFrom(...endings), fc.nat(30), amount).map((args) => ending(...args)),
  fc.bigInt(0n, 3_000n).map(allocating),
];

test('step by step, the ledger answers as a few additions do', { timeout: 3_600_000 }, async () => {
  const steps = proofSize(1_000, 20_000);
  const run = async (plan: Iterable<Command>) => {
    const real = { line: await stage.lineWith(1_000n) };
    const model: Oracle = { allocated: 1_000n, reserved: 0n, committed: 0n, held: [] };
    await fc.asyncModelRun(() => ({ model, real }), plan);
  };
  for (let round = 0; taken.steps < steps; round++) {
    const plans = fc.asyncProperty(fc.commands(commands, { maxCommands: 100, size: 'max' }), run);
    await fc.assert(plans, { numRuns: 10, seed: proofSeed + round });
  }
  expect((await verifyLedger(stage.db)).differences).toEqual([]);
  reportProof('steps of the ledger, one after another', taken.steps);
});

/** Two lines have money for some hundred steps, and nothing could happen on them after that. */
const stepsOfLines = 500;

test(
  'under any interleaving nothing is overspent and each reservation ends once',
  {
    timeout: 3_600_000,
  },
  async () => {
    const steps = proofSize(5_000, 100_000);
    const random = randomFrom(proofSeed);
    const below = (n: number) => Math.floor(random() * n);
    let lines: readonly string[] = [];
    let held: { readonly id: string; readonly line: string; readonly amount: bigint }[] = [];
    const ended = new Map<string, bigint>();
    const endedTwice: string[] = [];
    const step = async (): Promise<void> => {
      const minor = BigInt(1 + below(400));
      const one = held[Math.max(0, held.length - 1 - below(24))];
      const choice = below(10);
      if (choice < 4 || !one) {
        const line = present(lines[below(lines.length)], 'a line');
        const { id, ok } = await stage.reserveOf(line, minor);
        if (ok) held.push({ id, line, amount: minor });
      } else if (choice < 9) {
        const kind = present(endings[below(endings.length)], 'an ending');
        const answer = await endOf(kind, one.id, minor);
        if (!answer.ok) return;
        if (ended.has(one.id)) endedTwice.push(one.id);
        ended.set(one.id, answer.committed.minor);
      } else {
        await stage.allocate(one.line, BigInt(15_000 + below(20_000)), randomUUID());
      }
    };
    for (let done = 0; done < steps; done += 25) {
      if (done % stepsOfLines === 0) {
        lines = await Promise.all(['a', 'b'].map(() => stage.lineWith(20_000n)));
        held = [];
      }
      await Promise.all(Array.from({ length: 25 }, step));
      for (const line of lines) {
        const { allocated, reserved, committed } = await stage.balance(line);
        const own = held.filter((one) => one.line === line);
        const open = own.filter(({ id }) => !ended.has(id));
        expect(reserved).toBe(open.reduce((sum, one) => sum + one.amount, 0n));
        expect(committed).toBe(own.reduce((sum, one) => sum + (ended.get(one.id) ?? 0n), 0n));
        expect(allocated >= reserved + committed).toBe(true);
      }
    }
    expect(endedTwice).toEqual([]);
    expect(ended.size).toBeGreaterThan(steps / 20);
    expect((await verifyLedger(stage.db)).differences).toEqual([]);
    reportProof('steps of the ledger, many at once', steps);
  },
);
