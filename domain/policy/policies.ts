/**
 * Every policy that the product reads: what its value may be, in which unit and within which bounds.
 * What is written from outside is held to this; what each means without a value is where it is read.
 */
import { answerMinutesMax } from '../alert/state.ts';
import { layersMax, stepsMax } from '../budget/policy.ts';
import { requestKinds } from '../budget/state.ts';
import { workingDaysMax } from '../budget/unused.ts';
import { askMinutesMax } from '../fairness/ask-minutes.ts';
import { allowanceMinutesMax } from '../handoff/packet.ts';
import { chatTexts } from '../notice/choose-channel.ts';
import { channelNames, digestRhythms } from '../people/preferences.ts';
import { roles } from '../people/role.ts';
import { windowDaysMax, windowDaysMin } from '../skill-audit/state.ts';
import { redFlagCodes } from '../text/red-flag-terms.ts';
import { weekdays } from '../time/weekday.ts';
import { faultsOf, type PolicyFault, type PolicyShape, type PolicyUnit } from './shape.ts';

/** A year. */
const stepMinutesMax = 525_600;
const outlookMinutesMax = 90 * 1_440;
const verificationDaysMax = 1_098;
const rateDaysMax = 31;
export const redFlagTermsMax = 500;
export const identifierDigits = { min: 4, max: 30 } as const;
const currenciesMax = 200;
const taskKindsMax = 100;
const regionsMax = 200;

const whole = (unit: PolicyUnit, min: number, max: number): PolicyShape => {
  return { kind: 'whole', unit, min, max };
};
const truth: PolicyShape = { kind: 'truth' };
const money: PolicyShape = { kind: 'text', form: 'money' };
const id: PolicyShape = { kind: 'text', form: 'id' };
const oneOf = (options: readonly string[]): PolicyShape => ({ kind: 'oneOf', options });
const list = (of: PolicyShape, min: number, max: number): PolicyShape => {
  return { kind: 'list', of, min, max };
};
const fields = (of: Readonly<Record<string, PolicyShape>>, ...required: string[]): PolicyShape => {
  return { kind: 'fields', fields: of, required };
};

const stepMinutes = whole('working_minutes', 1, stepMinutesMax);
const messageMinutes = whole('minutes', 1, askMinutesMax);
const percent = whole('percent', 0, 100);

const routeStep = fields(
  {
    name: { kind: 'text', form: 'step' },
    asked: list(
      {
        kind: 'oneField',
        fields: { role: oneOf(roles), person: id, managerOf: oneOf(['requester']) },
      },
      1,
      stepsMax,
    ),
    needs: { kind: 'needs', max: stepsMax },
  },
  'name',
  'asked',
);
const routeLayer = fields(
  {
    from: money,
    kinds: list(oneOf(requestKinds), 1, requestKinds.length),
    regions: list(id, 1, regionsMax),
    involvesProfessionals: truth,
    steps: list(routeStep, 0, stepsMax),
  },
  'steps',
);
const terms = list({ kind: 'text', form: 'term' }, 0, redFlagTermsMax);

export const policies = {
  'handoff.acceptanceMinutes': whole('working_minutes', 1, allowanceMinutesMax),
  'handoff.redFlags': fields({
    terms: fields(Object.fromEntries(redFlagCodes.map((code) => [code, terms]))),
    paymentsAbove: {
      kind: 'named',
      names: 'currency_or_all',
      of: { kind: 'amount' },
      max: currenciesMax,
    },
    identifierDigitsMin: whole('digits', identifierDigits.min, identifierDigits.max),
  }),
  'alert.minutes': whole('minutes', 1, answerMinutesMax),
  'fairness.minutes': {
    kind: 'either',
    plain: messageMinutes,
    named: { kind: 'named', names: 'kind', of: messageMinutes, max: taskKindsMax },
  },
  'outlook.gapMinutes': whole('minutes', 1, outlookMinutesMax),
  'outlook.leaveMinutes': whole('working_minutes', 1, outlookMinutesMax),
  'message.channels': list(oneOf(channelNames), 1, channelNames.length),
  'message.chatText': oneOf(chatTexts),
  'digest.wish': fields(
    { every: oneOf(digestRhythms), weekday: oneOf(weekdays), at: { kind: 'text', form: 'time' } },
    'every',
  ),
  'exchange.machineTranslation': truth,
  'exchange.verificationDays': whole('days', 1, verificationDaysMax),
  'growth.auditDays': whole('days', windowDaysMin, windowDaysMax - 1),
  'budget.route': fields(
    { currency: { kind: 'text', form: 'currency' }, layers: list(routeLayer, 1, layersMax) },
    'layers',
  ),
  'budget.clock': fields({
    allowanceMinutes: stepMinutes,
    lapseMinutes: stepMinutes,
    answerMinutes: stepMinutes,
    closeOutMinutes: stepMinutes,
  }),
  'budget.exception': fields({ approver: id }, 'approver'),
  'budget.close_out': fields({ tolerancePercent: percent, holdsNew: truth }),
  'budget.carry_over': fields({ percent, max: money }, 'percent'),
  'budget.unused': fields({ workingDays: whole('working_days', 1, workingDaysMax), floor: money }),
  'budget.rate_days': whole('days', 0, rateDaysMax),
} as const satisfies Readonly<Record<string, PolicyShape>>;

export type PolicyKey = keyof typeof policies;
export const policyKeys = Object.keys(policies) as readonly PolicyKey[];

export const isPolicyKey = (key: string): key is PolicyKey => Object.hasOwn(policies, key);

/** Null for a key that nothing reads; else what of the value is not as it may be. */
export const policyFaults = (key: string, value: unknown): readonly PolicyFault[] | null =>
  isPolicyKey(key) ? faultsOf(policies[key], value) : null;

/** Whether it counts as it stands. */
export const isAllowed = (key: PolicyKey, value: unknown): boolean =>
  faultsOf(policies[key], value).length === 0;

const shownLettersMax = 100;

/** Such as `budget.route.layers[0].from`; a name that somebody made up is not repeated at length. */
export const placeIn = (base: string, place: PolicyFault['place']): string =>
  place.reduce<string>(
    (path, step) =>
      typeof step === 'number' ? `${path}[${step}]` : `${path}.${step.slice(0, shownLettersMax)}`,
    base,
  );
