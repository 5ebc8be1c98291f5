import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../../db/budget-verify.ts';
import { present } from '../../../domain/assert.ts';
import {
  askedCurrencies,
  type AskedCurrency,
  carriedPercent,
  type Ending,
  endings,
  type LedgerActs,
  ledgerActs,
  lineCurrencies,
  perEuro,
} from '../../support/ledger-acts.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';

let stage: LedgerActs;
beforeAll(async () => {
  stage = await ledgerActs();
});
afterAll(() => stage.drop());

interface Held {
  readonly id: string;
  readonly line: number;
  readonly asked: { readonly minor: bigint; readonly currency: AskedCurrency };
  /** In the currency of the lines. */
  readonly amount: bigint;
  isOpen: boolean;
}

interface OracleLine {
  allocated: bigint;
  reserved: bigint;
  committed: bigint;
  isClosed: boolean;
}

/** What the lines of two years are, in a few additions. */
interface Oracle {
  readonly currency: AskedCurrency;
  readonly lines: readonly OracleLine[];
  readonly held: Held[];
}

type Real = readonly string[];
type Command = fc.AsyncCommand<Oracle, Real>;
const always = () => true;
const taken = new Map<string, number>();
const steps = (): number => [...taken.values()].reduce((sum, count) => sum + count, 0);

async function agrees(what: string, { lines }: Oracle, real: Real): Promise<void> {
  for (const [index, { allocated, reserved, committed, isClosed }] of lines.entries()) {
    const { closedAt, ...line } = await stage.balance(present(real[index], 'a line'));
    expect(line).toMatchObject({ allocated, reserved, committed });
    expect(closedAt !== null).toBe(isClosed);
  }
  taken.set(what, (taken.get(what) ?? 0) + 1);
}

const digits = (currency: AskedCurrency): number => (currency === 'JPY' ? 1 : 100);

/** In floating point, which is exact for what is asked for here; half goes to the even one. */
function converted(minor: bigint, from: AskedCurrency, to: AskedCurrency): bigint {
  if (from === to) return minor;
  const exact = (Number(minor) * perEuro[to] * digits(to)) / (perEuro[from] * digits(from));
  const whole = Math.floor(exact);
  const rest = exact - whole;
  const isUp = rest > 0.5 || (rest === 0.5 && whole % 2 === 1);
  return BigInt(isUp ? whole + 1 : whole);
}

const availableOf = ({ allocated, reserved, committed }: OracleLine): bigint =>
  allocated - reserved - committed;
const lineOf = ({ lines }: Oracle, index: number): OracleLine => present(lines[index], 'a line');

const reserving = (line: number, minor: bigint, currency: AskedCurrency): Command => ({
  check: always,
  toString: () => `reserve ${minor} ${currency} on ${line}`,
  async run(oracle, real) {
    const of = lineOf(oracle, line);
    const amount = converted(minor, currency, oracle.currency);
    const answer = await stage.reserveOf(present(real[line], 'a line'), minor, currency);
    expect(answer.ok).toBe(!of.isClosed && availableOf(of) >= amount);
    if (answer.ok) {
      oracle.held.push({ id: answer.id, line, asked: { minor, currency }, amount, isOpen: true });
      of.reserved += amount;
    }
    await agrees('reserve', oracle, real);
  },
});

const pick = ({ held }: Oracle, which: number): Held =>
  present(held[which % held.length], 'a reservation');
const hasAny = ({ held }: Oracle): boolean => held.length > 0;

const ending = (
  kind: Ending,
  which: number,
  minor: bigint,
  currency: AskedCurrency | null,
): Command => ({
  check: hasAny,
  toString: () => `${kind} the ${which}th ${minor} ${currency ?? 'as asked'}`,
  async run(oracle, real) {
    const one = pick(oracle, which);
    const of = lineOf(oracle, one.line);
    const spent = { minor, currency: currency ?? one.asked.currency };
    const isKnown = [one.asked.currency, oracle.currency].includes(spent.currency);
    const committed = converted(minor, spent.currency, oracle.currency);
    const isAllowed = one.isOpen && (kind !== 'commit' || (isKnown && committed <= one.amount));
    expect((await stage.ends(kind, one.id, spent)).ok).toBe(isAllowed);
    if (isAllowed) {
      one.isOpen = false;
      of.reserved -= one.amount;
      if (kind === 'commit') of.committed += committed;
    }
    await agrees(kind, oracle, real);
  },
});

const lowering = (which: number, percent: bigint): Command => ({
  check: hasAny,
  toString: () => `lower the ${which}th to ${percent} %`,
  async run(oracle, real) {
    const one = pick(oracle, which);
    const to = { ...one.asked, minor: (one.asked.minor * percent) / 100n || 1n };
    const answer = await stage.lowers(one.id, to);
    expect(answer.ok).toBe(one.isOpen);
    if (one.isOpen) {
      const amount = converted(to.minor, to.currency, oracle.currency);
      one.isOpen = false;
      lineOf(oracle, one.line).reserved -= one.amount - amount;
      oracle.held.push({ id: answer.id, line: one.line, asked: to, amount, isOpen: true });
    }
    await agrees('lower', oracle, real);
  },
});

const allocating = (line: number, to: bigint): Command => ({
  check: always,
  toString: () => `allocate ${to} on ${line}`,
  async run(oracle, real) {
    const of = lineOf(oracle, line);
    const isAllowed = !of.isClosed && to >= of.reserved + of.committed;
    expect((await stage.allocate(present(real[line], 'a line'), to)).ok).toBe(isAllowed);
    if (isAllowed) of.allocated = to;
    await agrees('allocate', oracle, real);
  },
});

const carrying: Command = {
  check: always,
  toString: () => 'carry over',
  async run(oracle, real) {
    const [old, next] = [lineOf(oracle, 0), lineOf(oracle, 1)];
    const carried = (availableOf(old) * BigInt(carriedPercent)) / 100n;
    const answer = await stage.carries(real[0] ?? '', real[1] ?? '');
    expect(answer.ok).toBe(!old.isClosed);
    if (!old.isClosed) {
      old.isClosed = true;
      old.allocated -= carried;
      next.allocated += carried;
    }
    await agrees('carry', oracle, real);
  },
};

const excepting = (line: number, minor: bigint, max: bigint): Command => ({
  check: always,
  toString: () => `except ${minor} on ${line}, at most ${max} more`,
  async run(oracle, real) {
    const of = lineOf(oracle, line);
    const { currency } = oracle;
    const lacking = minor - availableOf(of);
    const asked = { minor, currency };
    const answer = await stage.excepts(present(real[line], 'a line'), asked, max);
    expect(answer.ok).toBe(!of.isClosed && lacking <= max);
    if (answer.ok) {
      if (lacking > 0n) of.allocated += lacking;
      of.reserved += minor;
      oracle.held.push({ id: answer.id, line, asked, amount: minor, isOpen: true });
    }
    await agrees('except', oracle, real);
  },
});

const amount = fc.bigInt(1n, 400n);
const line = fc.nat(1);
const inAny = fc.constantFrom(...askedCurrencies);
const reserves = fc.tuple(line, amount, inAny).map((args) => reserving(...args));
const ends = fc
  .tuple(fc.constantFrom(...endings), fc.nat(30), amount, fc.option(inAny))
  .map((args) => ending(...args));
/** Carried over seldom: nothing is kept on the line of the old year after that. */
const commands = [
  reserves,
  reserves,
  ends,
  ends,
  fc.tuple(fc.nat(30), fc.bigInt(1n, 100n)).map((args) => lowering(...args)),
  fc.tuple(line, fc.bigInt(0n, 3_000n)).map((args) => allocating(...args)),
  fc.tuple(line, amount, fc.bigInt(0n, 300n)).map((args) => excepting(...args)),
  fc.nat(5).map((nth) => (nth === 0 ? carrying : allocating(1, 2_000n))),
];

test(
  'step by step, in two currencies and two years, the ledger answers as a few additions do',
  { timeout: 3_600_000 },
  async () => {
    const least = proofSize(1_000, 20_000);
    const run = async (currency: AskedCurrency, plan: Iterable<Command>) => {
      const real = await stage.pairOf(currency, 1_000n);
      const fresh = { reserved: 0n, committed: 0n, isClosed: false };
      const lines = [
        { ...fresh, allocated: 1_000n },
        { ...fresh, allocated: 0n },
      ];
      await fc.asyncModelRun(() => ({ model: { currency, lines, held: [] }, real }), plan);
    };
    const plan = fc.commands(commands, { maxCommands: 100, size: 'max' });
    const plans = fc.asyncProperty(fc.constantFrom(...lineCurrencies), plan, run);
    for (let round = 0; steps() < least; round++) {
      await fc.assert(plans, { numRuns: 10, seed: proofSeed + round });
    }
    expect((await verifyLedger(stage.db)).differences).toEqual([]);
    expect([...taken.keys()].toSorted()).toEqual(
      ['allocate', 'carry', 'except', 'lower', 'reserve', ...endings].toSorted(),
    );
    reportProof('steps of the ledger, one after another', steps());
  },
);

/** Four lines have money for some hundred steps, and nothing could happen on them after that. */
const stepsOfLines = 500;

interface Kept {
  readonly id: string;
  readonly line: string;
  readonly asked: { readonly minor: bigint; readonly currency: string };
  readonly amount: bigint;
}

/** What many at once did, by what each was answered. */
interface Course {
  pairs: readonly (readonly [line: string, into: string])[];
  held: Kept[];
  readonly ended: Map<string, bigint>;
  readonly endedTwice: string[];
  /** Why an exception, which brings its own money, was refused of an open line. */
  readonly wrong: string[];
  readonly carried: Map<string, number>;
  readonly done: Record<'lowered' | 'excepted' | 'foreign', number>;
}

/** One step at random: what it is and what about. */
async function act(course: Course, below: (n: number) => number): Promise<void> {
  const { held, ended, endedTwice, carried, done } = course;
  const minor = BigInt(1 + below(400));
  const one = held[Math.max(0, held.length - 1 - below(24))];
  const pair = present(course.pairs[below(course.pairs.length)], 'a pair of lines');
  const line = present(pair[below(2)], 'a line');
  const own = course.pairs.indexOf(pair) === 0 ? 'EUR' : 'JPY';
  const choice = below(100);
  const over = (id: string, committed: bigint): void => {
    if (ended.has(id)) endedTwice.push(id);
    ended.set(id, committed);
  };
  if (choice < 40 || !one) {
    const currency = present(askedCurrencies[below(askedCurrencies.length)], 'a currency');
    const answer = await stage.reserveOf(line, minor, currency);
    if (!answer.ok) return;
    held.push({ id: answer.id, line, asked: { minor, currency }, amount: answer.amount.minor });
    if (currency !== own) done.foreign++;
  } else if (choice < 75) {
    const kind = present(endings[below(endings.length)], 'an ending');
    const answer = await stage.ends(kind, one.id, { ...one.asked, minor });
    if (answer.ok) over(one.id, answer.committed.minor);
  } else if (choice < 85) {
    const to = { ...one.asked, minor: one.asked.minor / 2n || 1n };
    const answer = await stage.lowers(one.id, to);
    if (!answer.ok) return;
    over(one.id, 0n);
    held.push({ id: answer.id, line: one.line, asked: to, amount: answer.amount.minor });
    done.lowered++;
  } else if (choice < 92) {
    const asked = { minor: minor * 40n, currency: own };
    const answer = await stage.excepts(line, asked, asked.minor);
    if (!answer.ok && answer.code !== 'budget.line_closed') course.wrong.push(answer.code);
    if (!answer.ok) return;
    held.push({ id: answer.id, line, asked, amount: asked.minor });
    if (answer.raised > 0n) done.excepted++;
  } else if (choice < 93) {
    const answer = await stage.carries(...pair);
    if (answer.ok) carried.set(pair[0], (carried.get(pair[0]) ?? 0) + 1);
  } else {
    await stage.allocate(one.line, BigInt(15_000 + below(20_000)), randomUUID());
  }
}

async function addsUp({ pairs, held, ended }: Course): Promise<void> {
  for (const id of pairs.flat()) {
    const { allocated, reserved, committed } = await stage.balance(id);
    const own = held.filter((one) => one.line === id);
    const open = own.filter((one) => !ended.has(one.id));
    expect(reserved).toBe(open.reduce((sum, one) => sum + one.amount, 0n));
    expect(committed).toBe(own.reduce((sum, one) => sum + (ended.get(one.id) ?? 0n), 0n));
    expect(allocated >= reserved + committed).toBe(true);
  }
}

test(
  'under any interleaving, in two currencies, nothing is overspent, each reservation ends once and each year is carried over once',
  { timeout: 3_600_000 },
  async () => {
    const all = proofSize(5_000, 100_000);
    const random = randomFrom(proofSeed);
    const below = (n: number) => Math.floor(random() * n);
    const done = { lowered: 0, excepted: 0, foreign: 0 };
    const course: Course = {
      pairs: [],
      held: [],
      ended: new Map(),
      endedTwice: [],
      wrong: [],
      carried: new Map(),
      done,
    };
    for (let count = 0; count < all; count += 25) {
      if (count % stepsOfLines === 0) {
        course.pairs = await Promise.all(
          lineCurrencies.map((currency) => stage.pairOf(currency, 20_000n, 10_000n)),
        );
        course.held = [];
      }
      await Promise.all(Array.from({ length: 25 }, () => act(course, below)));
      await addsUp(course);
    }
    expect([course.endedTwice, course.wrong]).toEqual([[], []]);
    expect([...course.carried.values()].filter((times) => times > 1)).toEqual([]);
    expect(course.ended.size).toBeGreaterThan(all / 20);
    expect(done.foreign).toBeGreaterThan(all / 20);
    expect(done.lowered).toBeGreaterThan(all / 50);
    expect(done.excepted).toBeGreaterThan(all / 200);
    expect(course.carried.size).toBeGreaterThan(all / 1_000);
    expect((await verifyLedger(stage.db)).differences).toEqual([]);
    reportProof('steps of the ledger, many at once', all);
  },
);
