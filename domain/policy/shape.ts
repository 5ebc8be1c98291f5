/**
 * What the value of a policy may be, as data, and where a value is something else. A check walks the
 * shape and never the value, so that it is as deep and as long as the shape, whatever is given.
 */

import { digitsOf } from '../currency.ts';
import { parseMoney } from '../money.ts';

/** What a number counts. */
export type PolicyUnit =
  | 'minutes'
  | 'working_minutes'
  | 'days'
  | 'working_days'
  | 'percent'
  | 'digits';

export type PolicyShape =
  | {
      readonly kind: 'whole';
      readonly unit: PolicyUnit;
      readonly min: number;
      readonly max: number;
    }
  /** In units of a currency that is named beside it; not a share of one that has none. */
  | { readonly kind: 'amount' }
  | { readonly kind: 'truth' }
  | { readonly kind: 'oneOf'; readonly options: readonly string[] }
  | { readonly kind: 'text'; readonly form: TextForm }
  /** Each entry once. */
  | {
      readonly kind: 'list';
      readonly of: PolicyShape;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: 'fields';
      readonly fields: Readonly<Record<string, PolicyShape>>;
      readonly required?: readonly string[];
    }
  | { readonly kind: 'oneField'; readonly fields: Readonly<Record<string, PolicyShape>> }
  /** By names that are not known beforehand. */
  | {
      readonly kind: 'named';
      readonly names: TextForm;
      readonly of: PolicyShape;
      readonly max: number;
    }
  /** How many of those who are asked have to agree. */
  | { readonly kind: 'needs'; readonly max: number }
  /** For those that may be written in two ways: by name where it is an object. */
  | { readonly kind: 'either'; readonly plain: PolicyShape; readonly named: PolicyShape };

export const policyWrongs = [
  'policy_minutes',
  'policy_working_minutes',
  'policy_days',
  'policy_working_days',
  'policy_percent',
  'policy_digits',
  'policy_amount',
  'policy_truth',
  'policy_one_of',
  'policy_needs',
  'policy_list',
  'policy_fields',
  'policy_one_field',
  'policy_names',
  'policy_time',
  'policy_money',
  'policy_id',
  'policy_step',
  'policy_currency',
  'policy_currency_or_all',
  'policy_kind',
  'policy_term',
  'policy_missing',
] as const;
export type PolicyWrong = (typeof policyWrongs)[number];

export const termLettersMax = 80;

const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);
const isCurrency = (text: string): boolean => digitsOf(text) !== null;

type IsOfForm = (text: string, currency: string | null) => boolean;
const textForms = {
  time: matches(/^([01]\d|2[0-3]):[0-5]\d$/),
  /** In the currency that is stated around it; where none is, that of the line decides later. */
  money: (text: string, currency: string | null) =>
    currency === null
      ? /^(0|[1-9]\d{0,13})(\.\d{1,4})?$/.test(text)
      : parseMoney(text, currency).ok,
  id: matches(/^[a-z0-9][a-z0-9-]{0,62}$/),
  step: matches(/^[a-z][a-z_]{0,39}$/),
  currency: isCurrency,
  currency_or_all: (text: string) => text === '*' || isCurrency(text),
  /** Of a task, such as `handoff.read_back`. */
  kind: matches(/^([a-z][A-Za-z]{0,39}\.[a-z][a-z_]{0,39}|default)$/),
  term: matches(new RegExp(`^[^\\p{Cc}\\u2028\\u2029]{1,${termLettersMax}}$`, 'u')),
} as const satisfies Readonly<Record<string, IsOfForm>>;
export type TextForm = keyof typeof textForms;

/** What is allowed at a place of the value, which has something else. */
export interface PolicyFault {
  /** Steps into the value; none, the value itself. */
  readonly place: readonly (string | number)[];
  readonly wrong: PolicyWrong;
  readonly params: Readonly<Record<string, string | number>>;
}

interface At {
  readonly place: PolicyFault['place'];
  /** Stated around the value. */
  readonly currency: string | null;
}
type Faults = readonly PolicyFault[];

/** Nobody reads more, and a long list may have many. */
export const policyFaultsMax = 20;

/** None: the value is as the shape has it. */
export const faultsOf = (shape: PolicyShape, value: unknown): Faults =>
  faultsAt(shape, value, { place: [], currency: null }).slice(0, policyFaultsMax);

function faultsAt(shape: PolicyShape, value: unknown, at: At): Faults {
  const { place, currency } = at;
  const unless = (isFit: boolean, wrong: PolicyWrong, params: PolicyFault['params'] = {}): Faults =>
    isFit ? [] : [{ place, wrong, params }];
  switch (shape.kind) {
    case 'whole':
      return unless(isWhole(value, shape), `policy_${shape.unit}`, boundsOf(shape));
    case 'amount':
      return unless(typeof value === 'number' && value >= 0 && value <= amountMax, 'policy_amount');
    case 'truth':
      return unless(typeof value === 'boolean', 'policy_truth');
    case 'oneOf': {
      const isKnown = typeof value === 'string' && shape.options.includes(value);
      return unless(isKnown, 'policy_one_of', { options: shape.options.join(', ') });
    }
    case 'text':
      return unless(isOfForm(shape.form, value, currency), `policy_${shape.form}`);
    case 'needs': {
      const isWord = value === 'any' || value === 'all';
      const isFit = isWord || isWhole(value, { min: 1, max: shape.max });
      return unless(isFit, 'policy_needs', { max: shape.max });
    }
    case 'list':
      return listFaults(shape, value, at);
    case 'fields':
    case 'oneField':
      return fieldFaults(shape, value, at);
    case 'named':
      return namedFaults(shape, value, at);
    case 'either':
      return faultsAt(isObject(value) ? shape.named : shape.plain, value, at);
  }
}

const amountMax = Number.MAX_SAFE_INTEGER;

const isWhole = (value: unknown, { min, max }: { min: number; max: number }): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;

const boundsOf = ({ min, max }: { min: number; max: number }) => ({ min, max });

const isOfForm = (form: TextForm, value: unknown, currency: string | null): boolean =>
  typeof value === 'string' && textForms[form](value, currency);

const within = ({ place, currency }: At, step: string | number): At => ({
  place: [...place, step],
  currency,
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Of<Kind extends PolicyShape['kind']> = Extract<PolicyShape, { readonly kind: Kind }>;

function listFaults({ of, min, max }: Of<'list'>, value: unknown, at: At): Faults {
  const { place } = at;
  const wrong: PolicyFault = { place, wrong: 'policy_list', params: { min, max } };
  if (!Array.isArray(value) || value.length < min || value.length > max) return [wrong];
  const found = value.flatMap((one, index) => faultsAt(of, one, within(at, index)));
  if (found.length > 0) return found;
  const written = new Set(value.map((one) => JSON.stringify(one)));
  return written.size === value.length ? [] : [wrong];
}

function fieldFaults(shape: Of<'fields' | 'oneField'>, value: unknown, at: At): Faults {
  const { fields } = shape;
  const { place } = at;
  const isOne = shape.kind === 'oneField';
  const wrong = isOne ? 'policy_one_field' : 'policy_fields';
  const options = Object.keys(fields).join(', ');
  if (!isObject(value)) return [{ place, wrong, params: { options } }];
  const names = Object.keys(value);
  const isForeign = names.some((name) => !Object.hasOwn(fields, name));
  if (isForeign || (isOne && names.length !== 1)) return [{ place, wrong, params: { options } }];
  const stated = Object.hasOwn(fields, 'currency') ? value['currency'] : undefined;
  const isStated = typeof stated === 'string' && isCurrency(stated);
  const inside = { place, currency: isStated ? stated : at.currency };
  const required = isOne ? [] : (shape.required ?? []);
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((field): PolicyFault => ({ place, wrong: 'policy_missing', params: { field } })),
    ...Object.entries(fields).flatMap(([name, of]) =>
      Object.hasOwn(value, name) ? faultsAt(of, value[name], within(inside, name)) : [],
    ),
  ];
}

function namedFaults({ names, of, max }: Of<'named'>, value: unknown, at: At): Faults {
  const { place } = at;
  const keys = isObject(value) ? Object.keys(value) : [];
  const isNamed = isObject(value) && keys.length <= max;
  if (!isNamed) return [{ place, wrong: 'policy_names', params: { max } }];
  return keys.flatMap((name): Faults => {
    const inside = within(at, name);
    if (isOfForm(names, name, null)) return faultsAt(of, value[name], inside);
    return [{ place: inside.place, wrong: `policy_${names}`, params: {} }];
  });
}
