/** The order of a practice's steps, and who of those named in it may take each. */
import { present } from '../assert.ts';
import { practiceLimits, type ReviewKind } from '../exchange/practice.ts';
import { accept, partyOf, refuse, type Decision, type LoopRules } from '../loop.ts';
import { openAsks, otherOf, reviewKey } from './asks.ts';
import { evolvePractice } from './evolve.ts';
import {
  type ClockCommand,
  initialPractice,
  type PracticeCommand,
  type PracticeEvent,
  type PracticeState,
  type Terms,
} from './state.ts';
import { counted, doubtedBy } from './tally.ts';
import { isNarrower, isNewText, isNewVersion } from './touched.ts';

type Step = Decision<PracticeEvent>;
type Of<Type extends PracticeCommand['type']> = Extract<PracticeCommand, { type: Type }>;

export const practiceRules: LoopRules<PracticeState, PracticeCommand, PracticeEvent> = {
  loop: 'practice',
  version: 1,
  initial: initialPractice,
  // Whoever knows that it is dangerous does not look for somebody who resumes it first.
  evenHeld: ['withdraw', 'refuseTranslation'],
  decide: decidePractice,
  evolve: evolvePractice,
  isClosed: ({ status }) => status === 'withdrawn',
};

function decidePractice(state: PracticeState, command: PracticeCommand): Step {
  if (command.type === 'draft') return draft(state, command);
  if (state.status === 'new') return refuse('loop.not_open');
  if (state.status === 'withdrawn') return refuse('loop.closed');
  switch (command.type) {
    case 'revise':
      return revise(state, command);
    case 'submit':
      if (state.status === 'open') return refuse('practice.submitted');
      return inScope(termsOf(state)) ?? accept({ type: 'submitted' });
    case 'review':
      return review(state, command);
    case 'nameExpert': {
      const duty = state.duties.find(({ country }) => country === command.country);
      if (duty === undefined) return refuse('practice.not_cleared_there');
      const { country, person } = command;
      return accept({ type: 'expertNamed', country, person });
    }
    case 'verify':
      return verify(state, command);
    case 'translate':
    case 'approveTranslation':
    case 'refuseTranslation':
      return translate(state, command);
    case 'judge':
      return judge(state, command);
    case 'withdraw': {
      const { severity, note } = command;
      return accept({ type: 'withdrawn', by: partyOf(command), severity, note });
    }
    case 'assign':
    case 'remind':
    case 'pass':
    case 'escalate':
    case 'fallDue':
    case 'lapse':
    case 'handOn':
      return tick(state, command);
  }
}

const termsOf = ({ terms }: PracticeState): Terms => present(terms, 'the terms of a practice');

function draft(state: PracticeState, command: Of<'draft'>): Step {
  const { author, terms } = command;
  if (state.status !== 'new') return refuse('loop.already_open');
  const by = command.actor === undefined && { openedBy: command.openedBy };
  return tooMany(terms) ?? accept({ type: 'drafted', author, terms, ...by });
}

function tooMany({ countries, products }: Terms): Step | null {
  const { countriesMax, productsMax, scopesMax } = practiceLimits;
  const isTooMany =
    countries.length > countriesMax ||
    products.length > productsMax ||
    countries.length * products.length > scopesMax;
  return isTooMany ? refuse('practice.too_many_scopes', { max: scopesMax }) : null;
}

/** A draft may name no country yet; what is submitted names what it is to be reviewed for. */
const inScope = ({ countries, products }: Terms): Step | null =>
  countries.length === 0 || products.length === 0 ? refuse('practice.no_scope') : null;

function revise(state: PracticeState, { terms, correction }: Of<'revise'>): Step {
  const isOpen = state.status === 'open';
  const refused = tooMany(terms) ?? (isOpen ? inScope(terms) : null);
  if (refused) return refused;
  const isNew = isNewVersion(termsOf(state), terms);
  const version = state.version + (isNew ? 1 : 0);
  if (version > practiceLimits.versionsMax) {
    return refuse('practice.too_many_versions', { max: practiceLimits.versionsMax });
  }
  // What nobody could read needs no correction; the same text, for no fewer people, corrects nothing.
  const before = termsOf(state);
  const isChanged = isNewText(before, terms) || isNarrower(before, terms);
  if (correction !== null && (!isChanged || state.publishedAt === null)) {
    return refuse('practice.nothing_corrected');
  }
  return accept({ type: 'revised', terms, version, correction });
}

function review(state: PracticeState, command: Of<'review'>): Step {
  const { kind, country, product, isApproved, note } = command;
  const by = partyOf(command);
  if (state.status !== 'open') return refuse('practice.not_submitted');
  if (by === state.author) return refuse('practice.own_review');
  if (command.version !== state.version) return refuse('practice.source_changed');
  const found = state.reviews.find((one) => reviewKey(one) === reviewKey(command));
  if (found?.status !== 'open') return refuse('practice.not_under_review');
  if (!isApproved && note === null) return refuse('practice.reason_missing');
  const other = otherOf(state.reviews, found);
  const isOtherApproved = other?.status === 'approved';
  if (isApproved && isOtherApproved && other.by === by) return refuse('practice.both_reviews');
  const reviewed = { type: 'reviewed', kind, country, product, by, isApproved, note } as const;
  return isApproved && isOtherApproved
    ? accept<PracticeEvent>(reviewed, { type: 'cleared', country, product })
    : accept<PracticeEvent>(reviewed);
}

function verify(state: PracticeState, command: Of<'verify'>): Step {
  const { country, version, isValid, note } = command;
  const duty = state.duties.find((one) => one.country === country);
  if (duty === undefined) return refuse('practice.not_cleared_there');
  const by = partyOf(command);
  if (duty.expert !== by) return refuse('practice.not_expert');
  if (version !== state.version) return refuse('practice.source_changed');
  if (!isValid && note === null) return refuse('practice.reason_missing');
  return accept({ type: 'verified', country, by, isValid, note });
}

type Translating = Of<'translate' | 'approveTranslation' | 'refuseTranslation'>;

function translate(state: PracticeState, command: Translating): Step {
  const { locale, content } = command;
  const { hashes, locale: own } = termsOf(state);
  if (state.status !== 'open') return refuse('practice.not_submitted');
  if (locale === own) return refuse('practice.own_language');
  const inLocale = state.translations.filter((one) => one.locale === locale);
  const found = inLocale.find((one) => one.content === content);
  if (command.type === 'translate') {
    if (command.sourceHash !== hashes.text) return refuse('practice.source_changed');
    const by = command.actor === undefined ? null : partyOf(command);
    // What people wrote is theirs; a machine only begins.
    if (by === null && inLocale.length > 0) return refuse('practice.translated');
    if (found?.status === 'approved') return refuse('practice.translated');
    return accept({ type: 'translated', locale, content, by });
  }
  if (found === undefined) return callBack(state, command);
  const by = partyOf(command);
  if (by === found.proposer || by === state.author) return refuse('practice.own_review');
  if (command.type === 'refuseTranslation') {
    const { proposer } = found;
    const { note, severity } = command;
    const recalled = found.status === 'approved' && severity !== undefined && { severity };
    return accept({
      type: 'translationRefused',
      locale,
      content,
      by,
      proposer,
      note,
      ...recalled,
    });
  }
  if (found.status === 'machine') return refuse('practice.machine_text');
  if (command.sourceHash !== hashes.text) return refuse('practice.source_changed');
  const { countries } = command;
  const isNew = countries.some((country) => !found.approvedFor.includes(country));
  if (!isNew) return refuse('practice.translated');
  return accept({ type: 'translationApproved', locale, content, by, countries });
}

/** What is in force no more is not known here: that somebody read it is for the record to say. */
function callBack({ author }: PracticeState, command: Translating): Step {
  if (command.type !== 'refuseTranslation' || command.severity === undefined) {
    return refuse('practice.source_changed');
  }
  const { locale, content, note, severity } = command;
  const by = partyOf(command);
  if (by === author) return refuse('practice.own_review');
  const refused = { type: 'translationRefused', locale, content, by, note, severity } as const;
  return accept({ ...refused, proposer: null });
}

function judge(state: PracticeState, command: Of<'judge'>): Step {
  const { verdict, region, country, content, before } = command;
  if (state.status !== 'open') return refuse('practice.not_submitted');
  const by = partyOf(command);
  if (by === state.author) return refuse('practice.own_verdict');
  const judged = { type: 'judged', by, verdict, region, country, content, before } as const;
  const tally = counted(state.tallies, { verdict, country }, before)[country];
  const reopened = (tally ? doubtedBy(tally) : [])
    .filter((kind) => isApproved(state, country, kind))
    .map((kind) => ({ type: 'reopened', country, kind }) as const);
  return accept<PracticeEvent>(judged, ...reopened);
}

const isApproved = ({ reviews }: PracticeState, country: string, kind: ReviewKind): boolean =>
  reviews.some((one) => one.country === country && one.kind === kind && one.status === 'approved');

const stale: Step = refuse('loop.stale_plan');

function tick(state: PracticeState, command: ClockCommand): Step {
  switch (command.type) {
    case 'assign':
    case 'remind':
    case 'pass':
    case 'escalate':
      return tickAsk(state, command);
    case 'fallDue':
    case 'lapse':
    case 'handOn':
      return tickDuty(state, command);
  }
}

type OfAsk = Extract<ClockCommand, { type: 'assign' | 'remind' | 'pass' | 'escalate' }>;

function tickAsk(state: PracticeState, command: OfAsk): Step {
  const asks = openAsks(state);
  if (command.type === 'assign') {
    const { assignments } = command;
    const areOpen = assignments.every(({ key }) => asks.some((one) => one.key === key));
    return areOpen ? accept({ type: 'assigned', assignments }) : stale;
  }
  const found = asks.find(({ key }) => key === command.key)?.ask;
  if (!found || found.person === null) return stale;
  const { key } = command;
  switch (command.type) {
    case 'remind':
      return accept({ type: 'reminded', key, person: found.person });
    case 'pass':
      return accept({ type: 'passedOn', key, from: found.person, to: command.to });
    case 'escalate':
      return found.isEscalated ? stale : accept({ type: 'escalated', key, to: command.to });
  }
}

type OfDuty = Extract<ClockCommand, { type: 'fallDue' | 'lapse' | 'handOn' }>;

function tickDuty(state: PracticeState, command: OfDuty): Step {
  const duty = state.duties.find(({ country }) => country === command.country);
  if (duty === undefined) return stale;
  const { country, expert } = duty;
  switch (command.type) {
    case 'fallDue':
      return duty.status === 'current' ? accept({ type: 'fellDue', country, expert }) : stale;
    case 'lapse':
      if (duty.status !== 'due') return stale;
      return accept({ type: 'lapsed', country, expert, to: command.to });
    case 'handOn':
      if (expert === command.to) return stale;
      return accept({ type: 'handedOn', country, from: expert, to: command.to });
  }
}
