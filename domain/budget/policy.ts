/**
 * What a region says about requests for development money, as dated policies: who decides
 * (`budget.route`), how long each has (`budget.clock`), who may grant more than a line has
 * (`budget.exception`), and what is asked after the purchase (`budget.close_out`).
 */
import type { PersonId, RegionId } from '../id.ts';
import { parseMoney } from '../money.ts';
import { type Role, roles } from '../people/role.ts';
import type { Asked, RouteLayer, RouteStep } from './route.ts';
import { type BudgetTerms, requestKinds } from './state.ts';

export const budgetPolicies = {
  route: 'budget.route',
  clock: 'budget.clock',
  exception: 'budget.exception',
  closeOut: 'budget.close_out',
} as const;
type PolicyName = keyof typeof budgetPolicies;

export const layersMax = 20;
export const stepsMax = 10;

export interface BudgetPolicy {
  readonly layers: readonly RouteLayer[];
  readonly terms: BudgetTerms;
  readonly exceptionApprover: PersonId | null;
  /** Whether an overdue close-out holds back the requester's next request. */
  readonly holdsNew: boolean;
}

export type ReadPolicy =
  | { readonly ok: true; readonly policy: BudgetPolicy }
  /** The policy that cannot be read: nothing is decided by half a rule. */
  | { readonly ok: false; readonly key: string };

/** Two working days of eight hours, five until it lapses, twenty to close out. */
const termsByDefault: BudgetTerms = {
  allowanceMinutes: 960,
  lapseMinutes: 2_400,
  answerMinutes: 2_400,
  closeOutMinutes: 9_600,
  tolerancePercent: 5,
};
const minutesMax = 525_600;

const always = { from: 0n, kinds: null, regions: null, involvesProfessionals: null } as const;
/** Where nothing is said: whoever manages the requester. */
const layersByDefault: readonly RouteLayer[] = [
  { ...always, steps: [{ name: 'manager', asked: [{ managerOf: 'requester' }], needs: 'any' }] },
];
/** Whatever is said: what health-care professionals take part in is seen by compliance. */
const professionalsLayer: RouteLayer = {
  ...always,
  involvesProfessionals: true,
  steps: [{ name: 'compliance', asked: [{ role: 'compliance' }], needs: 'any' }],
};

export function readBudgetPolicy(
  said: Readonly<Record<PolicyName, unknown>>,
  currency: string,
): ReadPolicy {
  const unread = (name: PolicyName): ReadPolicy => ({ ok: false, key: budgetPolicies[name] });
  const layers = said.route === null ? layersByDefault : readLayers(said.route, currency);
  if (layers === null) return unread('route');
  const clock = readNumbers(said.clock, clockNames, minutesMax);
  if (clock === null) return unread('clock');
  const closeOut = readNumbers(said.closeOut, ['tolerancePercent'], 100);
  if (closeOut === null) return unread('closeOut');
  const approver = fieldOf(said.exception, 'approver');
  if (said.exception !== null && typeof approver !== 'string') return unread('exception');
  return {
    ok: true,
    policy: {
      layers: withCompliance(layers),
      terms: { ...termsByDefault, ...clock, ...closeOut },
      exceptionApprover: typeof approver === 'string' ? (approver as PersonId) : null,
      holdsNew: fieldOf(said.closeOut, 'holdsNew') !== false,
    },
  };
}

const isProfessionals = ({ involvesProfessionals, from, kinds, regions, steps }: RouteLayer) =>
  involvesProfessionals !== false &&
  from === 0n &&
  kinds === null &&
  regions === null &&
  steps.some(({ asked }) => asked.some((one) => 'role' in one && one.role === 'compliance'));

const withCompliance = (layers: readonly RouteLayer[]): readonly RouteLayer[] =>
  layers.some(isProfessionals) ? layers : [...layers, professionalsLayer];

const clockNames = [
  'allowanceMinutes',
  'lapseMinutes',
  'answerMinutes',
  'closeOutMinutes',
] as const;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldOf = (value: unknown, name: string): unknown =>
  isObject(value) ? value[name] : undefined;

/** Those that are said; null where one is no whole number from 1 on, or 0 where it is a share. */
function readNumbers<Name extends keyof BudgetTerms>(
  value: unknown,
  names: readonly Name[],
  max: number,
): Partial<Record<Name, number>> | null {
  if (value === null) return {};
  if (!isObject(value)) return null;
  const read: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const one = value[name];
    if (one === undefined) continue;
    const min = name === 'tolerancePercent' ? 0 : 1;
    if (!Number.isInteger(one) || Number(one) < min || Number(one) > max) return null;
    read[name] = Number(one);
  }
  return read;
}

function readLayers(value: unknown, currency: string): readonly RouteLayer[] | null {
  const layers = fieldOf(value, 'layers');
  if (!Array.isArray(layers) || layers.length === 0 || layers.length > layersMax) return null;
  const stated = fieldOf(value, 'currency');
  if (stated !== undefined && stated !== currency) return null;
  return allOf(layers.map((layer) => readLayer(layer, currency)));
}

const allOf = <T>(values: readonly (T | null)[]): readonly T[] | null => {
  const read = values.filter((value) => value !== null);
  return read.length === values.length ? read : null;
};

function readLayer(value: unknown, currency: string): RouteLayer | null {
  if (!isObject(value)) return null;
  const { from = '0', kinds = null, regions = null, involvesProfessionals = null, steps } = value;
  const amount = typeof from === 'string' ? parseMoney(from, currency) : null;
  if (!amount?.ok || !Array.isArray(steps) || steps.length > stepsMax) return null;
  if (involvesProfessionals !== null && typeof involvesProfessionals !== 'boolean') return null;
  const read = allOf(steps.map(readStep));
  const [ofKinds, ofRegions] = [readNames(kinds), readNames(regions)];
  const isKnown = ofKinds === null || ofKinds?.every((kind) => isOneOf(requestKinds, kind));
  if (read === null || ofKinds === undefined || ofRegions === undefined || !isKnown) return null;
  return {
    from: amount.money.minor,
    kinds: ofKinds,
    regions: ofRegions as readonly RegionId[] | null,
    involvesProfessionals,
    steps: read,
  };
}

/** `undefined` for what is neither null nor a list of words. */
const readNames = (value: unknown): readonly string[] | null | undefined => {
  if (value === null) return null;
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return isList ? value : undefined;
};

const isOneOf = (names: readonly string[], name: unknown): boolean =>
  typeof name === 'string' && names.includes(name);

function readStep(value: unknown): RouteStep | null {
  if (!isObject(value)) return null;
  const { name, asked, needs = 'any' } = value;
  if (typeof name !== 'string' || !/^[a-z][a-z_]{0,39}$/.test(name)) return null;
  if (!Array.isArray(asked) || asked.length === 0 || asked.length > stepsMax) return null;
  const isCount = Number.isInteger(needs) && Number(needs) >= 1 && Number(needs) <= stepsMax;
  if (needs !== 'any' && needs !== 'all' && !isCount) return null;
  const read = allOf(asked.map(readAsked));
  return read === null ? null : { name, asked: read, needs: needs as RouteStep['needs'] };
}

function readAsked(value: unknown): Asked | null {
  if (!isObject(value)) return null;
  const { role, person, managerOf } = value;
  if (isOneOf(roles, role)) return { role: role as Role };
  if (typeof person === 'string') return { person: person as PersonId };
  return managerOf === 'requester' ? { managerOf } : null;
}
