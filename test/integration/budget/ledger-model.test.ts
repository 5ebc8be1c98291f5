import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../../db/budget-verify.ts';
import { present } from '../../../domain/assert.ts';
import type { LoopId } from '../../../domain/id.ts';
import {
  askedCurrencies,
  type AskedCurrency,
  carriedPercent,
  converted,
  type Ending,
  endings,
  type LedgerActs,
  ledgerActs,
  lineCurrencies,
} from '../../support/ledger-acts.ts';
import { act, addsUp, type Course, lentTooMuch } from '../../support/ledger-course.ts';
import { sum } from '../../support/ledger-exceptions.ts';
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
  readonly excepted: Excepted[];
}

/** A request that was granted more than its line had. */
interface Excepted {
  readonly request: LoopId;
  readonly line: number;
  /** At first, and by each higher amount. */
  readonly kept: bigint[];
  /** What it raised the line by and has not given back. */
  lent: bigint;
  isOpen: boolean;
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

const exceptionOf = (line: number): Excepted => ({
  request: randomUUID() as LoopId,
  line,
  kept: [],
  lent: 0n,
  isOpen: true,
});

const excepting = (line: number, minor: bigint, max: bigint): Command => ({
  check: always,
  toString: () => `except ${minor} on ${line}, at most ${max} more`,
  run: (oracle, real) => granting('except', exceptionOf(line), { minor, max }, oracle, real),
});

/** A higher amount of what was granted as an exception before. */
const raising = (which: number, minor: bigint, max: bigint): Command => ({
  check: ({ excepted }) => excepted.some(({ isOpen }) => isOpen),
  toString: () => `raise the ${which}th exception by ${minor}, at most ${max} more`,
  run: (oracle, real) =>
    granting('raise', openException(oracle, which), { minor, max }, oracle, real),
});

async function granting(
  what: string,
  one: Excepted,
  { minor, max }: { readonly minor: bigint; readonly max: bigint },
  oracle: Oracle,
  real: Real,
): Promise<void> {
  const of = lineOf(oracle, one.line);
  const lacking = minor - availableOf(of);
  const asked = { minor, currency: oracle.currency };
  const answer = await stage.grants({
    request: one.request,
    line: present(real[one.line], 'a line'),
    asked,
    max,
    nth: one.kept.length,
  });
  expect(answer.ok).toBe(!of.isClosed && lacking <= max);
  if (answer.ok) {
    if (lacking > 0n) {
      of.allocated += lacking;
      one.lent += lacking;
    }
    of.reserved += minor;
    one.kept.push(minor);
    if (one.kept.length === 1) oracle.excepted.push(one);
  }
  await agrees(what, oracle, real);
}

/** Refused, withdrawn or spent: whatever is not kept any more is first that of the exceptions. */
const giving = (which: number, how: 'last' | 'all' | 'spend', percent: bigint): Command => ({
  check: ({ excepted }) => excepted.some(({ isOpen }) => isOpen),
  toString: () => `of the ${which}th exception ${how} ${percent} %`,
  async run(oracle, real) {
    const one = openException(oracle, which);
    const of = lineOf(oracle, one.line);
    const { currency } = oracle;
    const kept = sum(one.kept);
    const spent = how === 'spend' ? (kept * percent) / 100n || 1n : 0n;
    const last = one.kept.findLastIndex((amount) => amount > 0n);
    const given = how === 'last' ? present(one.kept[last], 'what was kept last') : kept - spent;
    await stage.gives(
      one.request,
      how === 'spend' ? { spent: { minor: spent, currency } } : how,
      last,
    );
    of.reserved -= given + spent;
    of.committed += spent;
    const back = given < one.lent ? given : one.lent;
    if (!of.isClosed) {
      of.allocated -= back;
      one.lent -= back;
    }
    if (how === 'last') one.kept[last] = 0n;
    one.isOpen = how === 'last' && sum(one.kept) > 0n;
    await agrees(how, oracle, real);
  },
});

const openException = ({ excepted }: Oracle, which: number): Excepted => {
  const open = excepted.filter(({ isOpen }) => isOpen);
  return present(open[which % open.length], 'an exception');
};

const amount = fc.bigInt(1n, 400n);
const line = fc.nat(1);
const inAny = fc.constantFrom(...askedCurrencies);
const reserves = fc.tuple(line, amount, inAny).map((args) => reserving(...args));
const ends = fc
  .tuple(fc.constantFrom(...endings), fc.nat(30), amount, fc.option(inAny))
  .map((args) => ending(...args));
const more = fc.bigInt(0n, 300n);
const how = fc.constantFrom('last', 'all', 'spend');
/** Carried over seldom: nothing is kept on the line of the old year after that. */
const commands = [
  reserves,
  reserves,
  ends,
  ends,
  fc.tuple(fc.nat(30), fc.bigInt(1n, 100n)).map((args) => lowering(...args)),
  fc.tuple(line, fc.bigInt(0n, 3_000n)).map((args) => allocating(...args)),
  fc.tuple(line, amount, more).map((args) => excepting(...args)),
  fc.tuple(fc.nat(30), amount, more).map((args) => raising(...args)),
  fc.tuple(fc.nat(30), how, fc.bigInt(1n, 100n)).map((args) => giving(...args)),
  fc.nat(5).map((nth) => (nth === 0 ? carrying : allocating(1, 2_000n))),
];

const ledgerSteps = 'allocate carry lower reserve except raise last all spend'.split(' ');

test(
  'step by step, in two currencies and two years, the ledger answers as a few additions do',
  { timeout: 3_600_000 },
  async () => {
    const least = proofSize(1_000, 100_000);
    const run = async (currency: AskedCurrency, plan: Iterable<Command>) => {
      const real = await stage.pairOf(currency, 1_000n);
      const fresh = { reserved: 0n, committed: 0n, isClosed: false };
      const lines = [
        { ...fresh, allocated: 1_000n },
        { ...fresh, allocated: 0n },
      ];
      await fc.asyncModelRun(
        () => ({ model: { currency, lines, held: [], excepted: [] }, real }),
        plan,
      );
    };
    const plan = fc.commands(commands, { maxCommands: 100, size: 'max' });
    const plans = fc.asyncProperty(fc.constantFrom(...lineCurrencies), plan, run);
    for (let round = 0; steps() < least; round++) {
      await fc.assert(plans, { numRuns: 10, seed: proofSeed + round });
    }
    expect((await verifyLedger(stage.db)).differences).toEqual([]);
    expect([...taken.keys()].toSorted()).toEqual([...ledgerSteps, ...endings].toSorted());
    reportProof('steps of the ledger, one after another', steps());
  },
);

/** Four lines have money for some hundred steps, and nothing could happen on them after that. */
const stepsOfLines = 500;

test(
  'under any interleaving, in two currencies, nothing is overspent, each reservation ends once and each year is carried over once',
  { timeout: 3_600_000 },
  async () => {
    const all = proofSize(5_000, 100_000);
    const random = randomFrom(proofSeed);
    const below = (n: number) => Math.floor(random() * n);
    const done = { lowered: 0, excepted: 0, raised: 0, gave: 0, foreign: 0 };
    const course: Course = {
      stage,
      pairs: [],
      held: [],
      excepted: [],
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
        course.excepted = [];
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
    for (const count of [done.raised, done.gave]) expect(count).toBeGreaterThan(all / 500);
    expect(await lentTooMuch(stage)).toEqual([]);
    expect(course.carried.size).toBeGreaterThan(all / 1_000);
    expect((await verifyLedger(stage.db)).differences).toEqual([]);
    reportProof('steps of the ledger, many at once', all);
  },
);
