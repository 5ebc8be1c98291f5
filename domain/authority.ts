/**
 * Who may see and who may do what. The only place that decides it: lists use the SQL twin of the
 * viewing rules (`db/visibility.ts`), which a property test holds equal to this.
 */
import { type Actor, holds, isOrLeads, isSelf, type Office, standsOver } from './actor.ts';
import { assignmentAuthority } from './assignment/authority.ts';
import type { PersonId } from './id.ts';
import type { LoopName } from './loop.ts';
import type {
  AlertSubject,
  BudgetSubject,
  CoverSubject,
  GrowthSubject,
  HandoffSubject,
  Placed,
  PlanSubject,
  PracticeSubject,
  RegionSubject,
  RotationSubject,
  SubjectOf,
} from './subjects.ts';

export type { Actor, Grant, Office } from './actor.ts';

export type Action = keyof SubjectOf;

/** Offices that read handoffs of the regions their grant counts in. */
export const handoffReaders = [
  'regional-manager',
  'compliance',
  'operator',
  'admin',
  'guest',
] as const;
/** Offices that see the money of the regions their grant counts in. */
export const lineReaders = ['regional-manager', 'learning-lead', 'compliance', 'admin'] as const;
/** Offices that read the open steps of the people of the regions their grant counts in. */
export const taskReaders = ['regional-manager', 'operator', 'admin'] as const;

/** Offices that read how far the groups of their region are. */
export const figureReaders = ['learning-lead', 'regional-manager'] as const;
/** Offices that look after what the people of their regions are going to learn. */
export const planReaders = ['learning-lead', 'regional-manager'] as const;

/** Offices that look at how a quarter went in their regions. */
export const quarterReaders = ['regional-manager', 'learning-lead', 'admin'] as const;

/** Offices that look after practices for the regions that their grant counts in. */
export const practiceReaders = [
  'learning-lead',
  'clinical-reviewer',
  'compliance',
  'regional-manager',
  'operator',
  'admin',
] as const;

type Rules = {
  readonly [A in Action]: (actor: Actor, subject: SubjectOf[A]) => boolean;
};

const isAsked = (actor: Actor, handoff: HandoffSubject) => handoff.asked.includes(actor.id);

/** The giver, or the manager directly above, to whom an unanswered handoff returns. */
const isGiverOrManager = (actor: Actor, { giver }: HandoffSubject) =>
  actor.id === giver.id || actor.id === giver.line[0];

/** Steers a handoff from outside its steps. */
const maySteer = (actor: Actor, { giver }: HandoffSubject) =>
  actor.id === giver.id ||
  giver.line.includes(actor.id) ||
  holds(actor, ['operator'], giver.region);

/** For themselves, or standing over the owner. */
const mayAskForCover = (actor: Actor, { owner }: Pick<CoverSubject, 'owner'>) =>
  isOrLeads(actor, owner) || holds(actor, ['regional-manager', 'admin'], owner.region);

/** Whoever it is asked for, those who stand over them, and whoever asked and might still ask. */
const maySteerCover = (actor: Actor, cover: CoverSubject) => {
  const { owner, asker } = cover;
  return (
    (actor.id === asker && mayAskForCover(actor, cover)) ||
    isOrLeads(actor, owner) ||
    holds(actor, ['regional-manager', 'operator'], owner.region)
  );
};

/** Taking turns in it, or standing over somebody who does: what once let them start it still holds. */
const isOfRotation = (actor: Actor, { members }: RotationSubject) =>
  members.some(
    (one) => isOrLeads(actor, one) || holds(actor, ['regional-manager', 'admin'], one.region),
  );

/** Whoever started it and has still to do with it, who owns the account now, and those above the owner. */
const maySteerRotation = (actor: Actor, rotation: RotationSubject) => {
  const { owner, starter } = rotation;
  return (
    (actor.id === starter && isOfRotation(actor, rotation)) ||
    isOrLeads(actor, owner) ||
    holds(actor, ['regional-manager', 'operator'], owner.region)
  );
};

/** Whoever raised it, whose account it is, and those who stand over them. */
const maySteerAlert = (actor: Actor, { owner, raiser }: AlertSubject) =>
  actor.id === raiser ||
  actor.id === owner.id ||
  owner.line.includes(actor.id) ||
  holds(actor, ['regional-manager', 'operator'], owner.region);

/** By oneself, or by whoever stands over one. */
const maySpeakFor = (actor: Actor, person: Placed): boolean =>
  isOrLeads(actor, person) || holds(actor, ['regional-manager', 'admin'], person.region);
/** From outside its steps: whoever stands over the requester. */
const maySteerBudget = (actor: Actor, { requester }: BudgetSubject) =>
  requester.line.includes(actor.id) ||
  holds(actor, ['regional-manager', 'operator'], requester.region);
/** Whoever leads somebody, or the learning of their region. */
const mayDevelop = (actor: Actor, person: Placed): boolean =>
  person.line.includes(actor.id) || holds(actor, ['learning-lead'], person.region);

/** Whoever works on it with the person: no other office, and nobody further above. */
const mayKnowLevels = (actor: Actor, { person, coaches }: GrowthSubject): boolean =>
  actor.id === person.id ||
  actor.id === person.line[0] ||
  coaches.includes(actor.id) ||
  holds(actor, ['learning-lead'], person.region);
const mayLeadLearning = (actor: Actor, { region }: RegionSubject): boolean =>
  holds(actor, ['learning-lead'], region);
/** Whom it is about, and whoever leads them or looks after what they learn. */
const maySteerPlan = (actor: Actor, { subject, manager }: PlanSubject): boolean =>
  actor.id === subject.id || actor.id === manager || mayDevelop(actor, subject);

const holdsIn = (actor: Actor, offices: readonly Office[], { regions }: PracticeSubject) =>
  regions.some((region) => holds(actor, offices, region));

const isAuthor = (actor: Actor, { author }: PracticeSubject) => actor.id === author;

const rules: Rules = {
  ...assignmentAuthority,
  'handoff.view': (actor, { parties }) =>
    parties.some((party) => standsOver(actor, party) || holds(actor, handoffReaders, party.region)),
  'handoff.start': (actor, { owner }) =>
    actor.id === owner.id || owner.line.includes(actor.id) || holds(actor, ['admin'], owner.region),
  'handoff.ask': isAsked,
  'handoff.accept': isAsked,
  'handoff.decline': isAsked,
  'handoff.answer': isGiverOrManager,
  'handoff.confirm': isGiverOrManager,
  'handoff.sendBack': isGiverOrManager,
  'handoff.revise': (actor, { giver }) => actor.id === giver.id,
  'loop.flags': (actor, { parties }) =>
    parties.some((party) => holds(actor, ['compliance'], party.region)),
  // For some region at least: of which, the list says.
  'flags.list': ({ grants }) => grants.some(({ role }) => role === 'compliance'),
  'handoff.note': (actor, { parties }) => parties.some((party) => isOrLeads(actor, party)),
  'handoff.withdraw': maySteer,
  'handoff.hold': maySteer,
  'handoff.resume': maySteer,
  'handoff.reassign': maySteer,
  'rotation.start': (actor, { owner }) =>
    actor.id === owner.id ||
    owner.line.includes(actor.id) ||
    holds(actor, ['regional-manager', 'admin'], owner.region),
  'rotation.change': maySteerRotation,
  'rotation.end': maySteerRotation,
  'rotation.hold': maySteerRotation,
  'rotation.resume': maySteerRotation,
  // Whoever sees that something cannot wait says so: a colleague, or the account's own partner.
  'alert.raise': (actor, { team }) => actor.teamKind === 'own' || actor.team === team,
  'alert.acknowledge': (actor, { called }) => called.includes(actor.id),
  'alert.withdraw': maySteerAlert,
  'alert.hold': maySteerAlert,
  'alert.resume': maySteerAlert,
  'cover.request': mayAskForCover,
  'cover.take': (actor, { asked }) => asked.includes(actor.id),
  'cover.withdraw': maySteerCover,
  'cover.end': (actor, cover) => actor.id === cover.taker || maySteerCover(actor, cover),
  'cover.hold': maySteerCover,
  'cover.resume': maySteerCover,
  'budget.request': (actor, { requester }) => actor.id === requester.id,
  // Nobody decides about their own request, nor does anybody who reports to the requester.
  'budget.decide': (actor, { requester, asked }) =>
    asked.includes(actor.id) && actor.id !== requester && !actor.line.includes(requester),
  'budget.closeOut': (actor, { requester }) => isOrLeads(actor, requester),
  'budget.withdraw': (actor, { requester }) => isOrLeads(actor, requester),
  'budget.hold': maySteerBudget,
  'budget.resume': maySteerBudget,
  'feedback.start': mayDevelop,
  'feedback.steer': (actor, { subject, starter }) =>
    actor.id === starter || mayDevelop(actor, subject),
  // Those who asked for it or work on it with the person: nobody reads it by office alone.
  'feedback.report': (actor, subject) =>
    actor.id === subject.id ||
    actor.id === subject.line[0] ||
    holds(actor, ['learning-lead'], subject.region),
  // Who answers is asked themselves: nobody reads it in their place.
  'feedback.view': (actor, { subject, manager, starter, asked }) =>
    [subject.id, manager, starter].some((person) => isSelf(actor, person)) ||
    asked.includes(actor.id) ||
    mayDevelop(actor, subject),
  'skillAudit.open': mayLeadLearning,
  'skillAudit.steer': mayLeadLearning,
  // Of groups alone, and never of few.
  'skillAudit.figures': (actor, { region }) => holds(actor, figureReaders, region),
  'skillAudit.view': (actor, { region, named }) =>
    named.includes(actor.id) || holds(actor, figureReaders, region),
  'competency.view': mayKnowLevels,
  // Nobody rates themselves.
  'competency.rate': (actor, { person }) => actor.id !== person.id && mayDevelop(actor, person),
  // Somebody's quota is theirs, and of those who answer for it.
  'quota.view': (actor, person) =>
    isOrLeads(actor, person) || holds(actor, ['regional-manager'], person.region),
  'curiosity.view': (actor, { region }) =>
    actor.teamKind === 'own' || holds(actor, ['learning-lead', 'regional-manager'], region),
  'plan.start': maySteerPlan,
  'plan.steer': maySteerPlan,
  'plan.act': (actor, { subject, manager, coaches }) =>
    [subject.id, manager, ...coaches].includes(actor.id),
  // Where somebody has a gap is for those who work on it with them.
  'plan.view': (actor, { subject, manager, coaches }) =>
    standsOver(actor, subject) ||
    [manager, ...coaches].some((person) => isSelf(actor, person)) ||
    holds(actor, planReaders, subject.region),
  'quarter.open': (actor, { region }) => holds(actor, quarterReaders, region),
  'quarter.attend': (actor, { participants }) => participants.includes(actor.id),
  'quarter.steer': (actor, { region, chair }) =>
    actor.id === chair || holds(actor, ['regional-manager', 'admin'], region),
  // Of a partner’s team those of it who take part see no more than this one.
  'quarter.view': (actor, { region, participants }) =>
    participants.some((person) => isSelf(actor, person)) || holds(actor, quarterReaders, region),
  'practice.draft': () => true,
  // Those who work on it; who reads it is for the gate to say. A draft is its author's alone.
  'practice.view': (actor, practice) =>
    isAuthor(actor, practice) ||
    (!practice.isDraft &&
      (practice.parties.some((party) => isSelf(actor, party)) ||
        holdsIn(actor, practiceReaders, practice))),
  // What people say of it, which nobody reviews: proposing a translation opens that to nobody.
  'practice.hear': (actor, practice) =>
    isAuthor(actor, practice) ||
    (!practice.isDraft &&
      (practice.experts.includes(actor.id) || holdsIn(actor, practiceReaders, practice))),
  'practice.revise': isAuthor,
  'practice.submit': isAuthor,
  'practice.nameExpert': (actor, practice) =>
    practice.experts.includes(actor.id) ||
    holdsIn(actor, ['regional-manager', 'compliance'], practice),
  // Whoever knows that it is wrong stops it; the author can always take back their own.
  'practice.withdraw': (actor, practice) =>
    isAuthor(actor, practice) ||
    practice.experts.includes(actor.id) ||
    holdsIn(actor, ['compliance'], practice),
  'practice.hold': (actor, practice) => holdsIn(actor, ['compliance', 'operator'], practice),
  'practice.resume': (actor, practice) => holdsIn(actor, ['compliance', 'operator'], practice),
  'glossary.change': (actor) => holds(actor, ['learning-lead', 'compliance', 'admin'], null),
  'task.view': (actor, person) =>
    standsOver(actor, person) || holds(actor, taskReaders, person.region),
  // It also tells of what somebody has yet to learn.
  'digest.preview': (actor, person) =>
    standsOver(actor, person) || holds(actor, ['learning-lead'], person.region),
  'holiday.review': (actor, { asked }) => asked.includes(actor.id),
  'finding.acknowledge': (actor, { asked }) => asked.includes(actor.id),
  'absence.enter': maySpeakFor,
  'mail.turnOn': maySpeakFor,
  'delegation.give': maySpeakFor,
  'delegation.end': (actor, { principal, delegate }) =>
    actor.id === delegate ||
    maySpeakFor(actor, principal) ||
    holds(actor, ['operator'], principal.region),
  // Who owns an account at any instant is what the product is for: colleagues see every account.
  'account.view': (actor, { owner, team, parties }) =>
    actor.teamKind === 'own' ||
    team === actor.team ||
    standsOver(actor, owner) ||
    parties.some((party) => isSelf(actor, party)),
  'actions.view': (actor, { custodian, team, parties }) =>
    team === actor.team ||
    standsOver(actor, custodian) ||
    parties.some((party) => isSelf(actor, party)) ||
    holds(actor, handoffReaders, custodian.region),
  'actions.add': (actor, { custodian, team, parties }) =>
    team === actor.team || isOrLeads(actor, custodian) || parties.includes(actor.id),
  'action.change': (actor, { owner, custodian }) =>
    isOrLeads(actor, owner) || isOrLeads(actor, custodian),
  'person.view': (actor, person) =>
    actor.teamKind === 'own' ||
    person.team === actor.team ||
    actor.line.includes(person.id) ||
    standsOver(actor, person) ||
    person.meets.some((met) => isSelf(actor, met)),
  'budgetLine.view': (actor, { region }) => holds(actor, lineReaders, region),
  // Whoever decides about requests does not say how much there is to decide about.
  'budgetLine.manage': (actor, { region }) => holds(actor, ['admin'], region),
  'rates.import': (actor) => holds(actor, ['admin'], null),
  // How evenly it is spread is everybody's business; how much somebody bears is not.
  'fairness.view': (actor, { region }) =>
    actor.teamKind === 'own' || holds(actor, ['regional-manager', 'admin'], region),
  'fairness.people': (actor, { region }) => holds(actor, ['regional-manager', 'admin'], region),
  'scorecard.view': (actor, { team }) => actor.teamKind === 'own' || actor.team === team,
  'directory.view': (actor) => holds(actor, ['admin', 'operator'], null),
  'directory.replace': (actor) => holds(actor, ['admin'], null),
  'directory.change': (actor) => holds(actor, ['admin'], null),
  'loops.operate': (actor) => holds(actor, ['operator'], null),
  'webhooks.manage': (actor, { region }) => holds(actor, ['admin'], region),
};

type NounOf<A extends string> = A extends `${infer Noun}.${string}` ? Noun : never;

/** The loop whose steps an action is about, by its noun; null for what is about none. */
const loopOfNoun: Readonly<Record<NounOf<Action>, LoopName | null>> = {
  handoff: 'handoff',
  cover: 'cover',
  rotation: 'rotation',
  alert: 'alert',
  delegation: 'delegation',
  holiday: 'holidayReview',
  finding: 'outlook',
  budget: 'budgetRequest',
  assignment: 'assignment',
  plan: 'developmentPlan',
  quarter: 'quarterlyReview',
  practice: 'practice',
  skillAudit: 'skillAudit',
  feedback: 'feedbackRound',
  absence: null,
  account: null,
  action: null,
  actions: null,
  budgetLine: null,
  competency: null,
  curiosity: null,
  digest: null,
  directory: null,
  fairness: null,
  flags: null,
  glossary: null,
  loop: null,
  loops: null,
  mail: null,
  opportunity: null,
  person: null,
  quota: null,
  rates: null,
  scorecard: null,
  task: null,
  training: null,
  webhooks: null,
};

const nounOf = (action: Action) => action.split('.')[0] as NounOf<Action>;

export const actions = Object.keys(rules) as readonly Action[];

/** As somebody who decides for others counts in one loop: also for those of that loop alone. */
export function within(actor: Actor, loop: string | null | undefined): Actor {
  const more = loop ? actor.principalsIn[loop as LoopName] : undefined;
  return more ? { ...actor, principals: [...actor.principals, ...more] } : actor;
}

const asCounts = (actor: Actor, action: Action): Actor => within(actor, loopOfNoun[nounOf(action)]);

/** Whether a delegation lets `actor` do this for `principal`, should they be allowed to themselves. */
export const decidesFor = (actor: Actor, principal: PersonId, action: Action): boolean =>
  asCounts(actor, action).principals.includes(principal);

/** By their own right. Whoever has left may nothing; what one may not view answers as missing. */
export function may<A extends Action>(actor: Actor, action: A, subject: SubjectOf[A]): boolean {
  return actor.isActive && rules[action](asCounts(actor, action), subject);
}

/**
 * Under a delegation that holds now: what the principal may do as a person, in
 * their place in the line. Offices are not delegated. What others delegated to the principal is no
 * right of theirs: along a chain, whoever is at its end acts for those others themselves.
 */
export function mayOnBehalfOf<A extends Action>(
  { actor, principal }: { readonly actor: Actor; readonly principal: Actor },
  action: A,
  subject: SubjectOf[A],
): boolean {
  return (
    actor.isActive &&
    decidesFor(actor, principal.id, action) &&
    may({ ...principal, grants: [], principals: [], principalsIn: {} }, action, subject)
  );
}
