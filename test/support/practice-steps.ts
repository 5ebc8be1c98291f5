/** Steps of a practice by its rules alone: who takes them, and what came of them. */
import type { ContentId, PersonId, RegionId } from '../../domain/id.ts';
import { practiceRules as rules } from '../../domain/practice/decide.ts';
import type { PracticeCommand, PracticeState, Terms } from '../../domain/practice/state.ts';

export const person = (id: string) => id as PersonId;
export const [author, doctor, officer, reader] = ['author', 'doctor', 'officer', 'reader'].map(
  person,
) as [PersonId, PersonId, PersonId, PersonId];
export const content = (id: string) => id as ContentId;
export const termsOf = (text: string, more: Partial<Terms> = {}): Terms => ({
  kind: 'win',
  competency: 'clinical-fluency',
  isAuthorHidden: false,
  locale: 'pt-BR',
  countries: ['DE', 'JP'],
  products: ['stent'],
  roles: [],
  isForPartners: false,
  content: content(`source ${text}`),
  hashes: { text, notes: {} },
  ...more,
});

export interface Told {
  readonly state: PracticeState;
  /** `accepted`, or the code of the refusal. */
  readonly said: string;
}

/** At one instant after the other. */
export function step(
  { state }: Pick<Told, 'state'>,
  command: PracticeCommand,
  at = state.turn,
): Told {
  const decision = rules.decide(state, command, at);
  if (!decision.ok) return { state, said: decision.problem.code };
  const next = decision.events.reduce((now, event) => rules.evolve(now, event, at), state);
  return { state: next, said: 'accepted' };
}

export const after = (...commands: readonly PracticeCommand[]): Told =>
  commands.reduce<Told>(
    (told, command) => {
      const next = step(told, command);
      if (next.said !== 'accepted') throw new Error(`${command.type}: ${next.said}`);
      return next;
    },
    { state: rules.initial, said: '' },
  );

export const draft = (terms: Partial<Terms> = {}): PracticeCommand => ({
  type: 'draft',
  actor: author,
  author,
  terms: termsOf('one', terms),
});
export const submit: PracticeCommand = { type: 'submit', actor: author };
export const review = (
  kind: 'clinical' | 'compliance',
  more: Partial<Extract<PracticeCommand, { type: 'review' }>> = {},
): PracticeCommand => ({
  type: 'review',
  actor: kind === 'clinical' ? doctor : officer,
  kind,
  country: 'DE',
  product: 'stent',
  isApproved: true,
  version: 1,
  note: null,
  ...more,
});
export const cleared = [draft(), submit, review('clinical'), review('compliance')] as const;
export const translate = { type: 'translate', locale: 'de', sourceHash: 'one' } as const;
export const text = content('translation');
export const proposed: Extract<PracticeCommand, { type: 'translate' }> = {
  ...translate,
  actor: doctor,
  content: text,
};
export const decides = {
  locale: 'de',
  content: text,
  sourceHash: 'one',
  countries: ['DE'],
} as const;
export const approve = (actor: PersonId): PracticeCommand => ({
  type: 'approveTranslation',
  actor,
  ...decides,
});
export const judge = (
  by: string,
  verdict: 'worked' | 'failed' | 'not_allowed',
  before: Extract<PracticeCommand, { type: 'judge' }>['before'] = null,
): PracticeCommand => ({
  type: 'judge',
  actor: person(by),
  verdict,
  region: 'dach' as RegionId,
  country: 'DE',
  content: null,
  before,
});
export const withdraw: PracticeCommand = {
  type: 'withdraw',
  actor: author,
  severity: 'safety',
  note: content('why'),
};
