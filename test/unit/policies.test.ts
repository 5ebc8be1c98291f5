/** What policies may be: the table against its readers, its document, and hostile values. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carriedOver } from '../../domain/budget/carry-over.ts';
import { readBudgetPolicy } from '../../domain/budget/policy.ts';
import { readUnusedPolicy } from '../../domain/budget/unused.ts';
import { wishOf } from '../../domain/digest/wish.ts';
import { askMinutes } from '../../domain/fairness/ask-minutes.ts';
import { currencies } from '../../domain/currency.ts';
import { decimalOf } from '../../domain/money.ts';
import { allowedBy, isWholeIn } from '../../domain/notice/choose-channel.ts';
import {
  isAllowed,
  placeIn,
  policies,
  policyFaults,
  type PolicyKey,
  policyKeys,
} from '../../domain/policy/policies.ts';
import { type PolicyShape, policyFaultsMax, type TextForm } from '../../domain/policy/shape.ts';
import { weekdays } from '../../domain/time/weekday.ts';
import { phrase } from '../../locales/render.ts';
import { readers } from '../support/readers.ts';

const money = (currency: string): fc.Arbitrary<string> =>
  fc.bigInt(0n, 10n ** 12n).map((minor) => decimalOf({ minor, currency }));

const texts: Readonly<Record<TextForm, fc.Arbitrary<string>>> = {
  time: fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
  money: money('EUR'),
  id: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/),
  step: fc.stringMatching(/^[a-z][a-z_]{0,20}$/),
  currency: fc.constant('EUR'),
  currency_or_all: fc.constantFrom('*', ...currencies),
  kind: fc.constantFrom('default', 'handoff.read_back', 'budgetRequest.decide'),
  term: fc.stringMatching(/^[a-zäß電話 ]{1,20}$/),
};

/** Whatever the shape allows, written from the shape alone. */
function valuesOf(shape: PolicyShape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'whole':
      return fc.integer(shape);
    case 'amount':
      return fc.double({ min: 0, max: 1e9, noNaN: true });
    case 'truth':
      return fc.boolean();
    case 'oneOf':
      return fc.constantFrom(...shape.options);
    case 'text':
      return texts[shape.form];
    case 'needs':
      return fc.oneof(fc.constantFrom('any', 'all'), fc.integer({ min: 1, max: shape.max }));
    case 'list': {
      const [minLength, maxLength] = [shape.min, Math.min(shape.max, shape.min + 3)];
      const selector = (one: unknown) => JSON.stringify(one);
      return fc.uniqueArray(valuesOf(shape.of), { minLength, maxLength, selector });
    }
    case 'fields': {
      const of = Object.fromEntries(
        Object.entries(shape.fields).map(([name, one]) => [name, valuesOf(one)]),
      );
      return fc.record(of, { requiredKeys: [...(shape.required ?? [])] });
    }
    case 'oneField':
      return fc.oneof(
        ...Object.entries(shape.fields).map(([name, one]) => fc.record({ [name]: valuesOf(one) })),
      );
    case 'named':
      return fc.dictionary(texts[shape.names], valuesOf(shape.of), { maxKeys: 3 });
    case 'either':
      return fc.oneof(valuesOf(shape.plain), valuesOf(shape.named));
  }
}

type Said = Readonly<Record<string, unknown>>;
const nothing = { route: null, clock: null, exception: null, closeOut: null };
const budget = (said: Partial<typeof nothing> | Said) =>
  readBudgetPolicy({ ...nothing, ...said }, 'EUR');
const readPolicy = (said: Said) => {
  const read = budget(said);
  if (!read.ok) throw new Error(`${read.key} cannot be read`);
  return read.policy;
};

/** What each reader makes of a value that the table allows: the value itself, never a default for it. */
const heeded: Partial<Record<PolicyKey, (value: never) => void>> = {
  'budget.route': (value: { layers: unknown[] }) => {
    expect(readPolicy({ route: value }).layers.length).toBeGreaterThanOrEqual(value.layers.length);
  },
  'budget.clock': (value: Said) => expect(readPolicy({ clock: value }).terms).toMatchObject(value),
  'budget.exception': ({ approver }: Said) =>
    expect(readPolicy({ exception: { approver } }).exceptionApprover).toBe(approver),
  'budget.close_out': (value: Said) => {
    const { terms, holdsNew } = readPolicy({ closeOut: value });
    expect(terms.tolerancePercent).toBe(value['tolerancePercent'] ?? 5);
    expect(holdsNew).toBe(value['holdsNew'] ?? true);
  },
  'budget.carry_over': (value: { percent: number; max?: string }) => {
    const available = { minor: 10_000n, currency: 'EUR' };
    const share = carriedOver({ percent: value.percent }, available);
    expect(share).toBe((10_000n * BigInt(value.percent)) / 100n);
    expect(carriedOver(value, available)).toBeLessThanOrEqual(share);
  },
  'budget.unused': (value: Said) => {
    expect(readUnusedPolicy(value, 'EUR')?.workingDays).toBe(value['workingDays'] ?? 30);
  },
  'digest.wish': (value: Said) => {
    const wish = wishOf(value);
    expect(wish.every).toBe(value['every']);
    if ('weekday' in value) expect(weekdays[wish.weekday - 1]).toBe(value['weekday']);
  },
  'fairness.minutes': (value: number | Readonly<Record<string, number>>) => {
    const said = typeof value === 'number' ? value : (value['default'] ?? 15);
    expect(askMinutes(value, 'a.step')).toBe(said);
  },
  'message.channels': (value: string[]) => expect(allowedBy(value)).toEqual(value),
  'message.chatText': (value: string) => expect(isWholeIn(value)).toBe(value === 'whole'),
};

describe('what the table allows, whoever reads it heeds as it stands', () => {
  test.each(policyKeys)('%s', (key) => {
    const heeds = heeded[key] as ((value: unknown) => void) | undefined;
    fc.assert(
      fc.property(valuesOf(policies[key]), (value) => {
        expect(policyFaults(key, value)).toEqual([]);
        heeds?.(value);
      }),
      { numRuns: 50 },
    );
  });
});

const hostile: readonly unknown[] = [
  null,
  '',
  'abc',
  -1,
  0.5,
  1e300,
  Number.NaN,
  [],
  [[]],
  {},
  { constructor: 1 },
  JSON.parse('{"__proto__": {"min": 1}}'),
  { toString: 1 },
  ['email', 'email'],
  ['sms'],
];

describe('whatever is given is taken as allowed or told what is, and never more', () => {
  test.each(policyKeys)('%s', (key) => {
    const anything = fc.oneof(
      fc.constantFrom(...hostile),
      fc.json().map((text) => JSON.parse(text) as unknown),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const faults = policyFaults(key, value) ?? [];
        expect(faults.length).toBeLessThanOrEqual(policyFaultsMax);
        expect(isAllowed(key, value)).toBe(faults.length === 0);
        for (const { place, wrong, params } of faults) {
          const values = { policy: placeIn(key, place), ...params };
          for (const reader of [readers.berlin, readers.riyadh]) {
            const told = phrase(`directory.${wrong}`, values, reader);
            expect(told).toContain(key);
            expect(told).not.toMatch(/\{\{|undefined|directory\./);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

test('a value just beyond each bound is refused, and the one on it is not', () => {
  const beyond = (key: PolicyKey) => {
    const shape: PolicyShape = policies[key];
    if (shape.kind !== 'whole') return [];
    const { min, max } = shape;
    return [min - 1, min, max, max + 1].map((value) => isAllowed(key, value));
  };
  for (const key of policyKeys)
    expect([[], [false, true, true, false]]).toContainEqual(beyond(key));
});

test.each(['__proto__', 'constructor', 'toString', 'alert.minute', 'ALERT.MINUTES', ''])(
  '“%s” is no policy',
  (key) => expect(policyFaults(key, 15)).toBeNull(),
);

const said: readonly (readonly [key: PolicyKey, value: unknown, place: string, wrong: string])[] = [
  ['alert.minutes', 241, 'alert.minutes', 'policy_minutes'],
  ['budget.clock', { lapseMinutes: 0 }, 'budget.clock.lapseMinutes', 'policy_working_minutes'],
  ['budget.clock', { lapseminutes: 1 }, 'budget.clock', 'policy_fields'],
  ['budget.carry_over', { max: '10.00' }, 'budget.carry_over', 'policy_missing'],
  ['budget.carry_over', { percent: 5, max: '1e9' }, 'budget.carry_over.max', 'policy_money'],
  ['budget.route', { layers: [] }, 'budget.route.layers', 'policy_list'],
  [
    'budget.route',
    { currency: 'JPY', layers: [{ from: '500.50', steps: [] }] },
    'budget.route.layers[0].from',
    'policy_money',
  ],
  [
    'budget.route',
    { layers: [{ steps: [{ name: 'a', asked: [{ role: 'compliance', person: 'b' }] }] }] },
    'budget.route.layers[0].steps[0].asked[0]',
    'policy_one_field',
  ],
  [
    'handoff.redFlags',
    { terms: { off_label: ['a\nb'] } },
    'handoff.redFlags.terms.off_label[0]',
    'policy_term',
  ],
  [
    'handoff.redFlags',
    { paymentsAbove: { EURO: 5 } },
    'handoff.redFlags.paymentsAbove.EURO',
    'policy_currency_or_all',
  ],
  ['fairness.minutes', { 'read back': 5 }, 'fairness.minutes.read back', 'policy_kind'],
  ['message.channels', ['email', 'email'], 'message.channels', 'policy_list'],
  ['exchange.machineTranslation', 'true', 'exchange.machineTranslation', 'policy_truth'],
  ['digest.wish', { every: 'week', at: '9:00' }, 'digest.wish.at', 'policy_time'],
];

test.each(said)('%s of %j: what is allowed is told at its place', (key, value, place, wrong) => {
  const faults = policyFaults(key, value) ?? [];
  expect(faults.map((fault) => [placeIn(key, fault.place), fault.wrong])).toEqual([[place, wrong]]);
});

test('lists within lists, five thousand deep, are refused at the first', () => {
  const deep: unknown = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));
  for (const key of policyKeys) expect(policyFaults(key, deep)?.length).toBeGreaterThan(0);
});

test('the page on policies has every policy once, with its bounds', () => {
  const text = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.map((row) => /^\| `([^`]+)`/.exec(row)?.[1])).toEqual(policyKeys);
  for (const [index, key] of policyKeys.entries()) {
    const shape: PolicyShape = policies[key];
    const bounds = shape.kind === 'whole' ? `${shape.min} to ${shape.max}` : '';
    expect(rows[index]).toContain(bounds);
  }
});
