/** What authority is asked about: for each action, what has to be known of its subject. */
import type { AssignmentSubjects } from './assignment/authority.ts';
import type { PersonId, RegionId, TeamId } from './id.ts';

/** A person as authority looks at them; `line` are the managers above, the nearest first. */
export interface Placed {
  readonly id: PersonId;
  readonly region: RegionId;
  readonly team: TeamId;
  readonly line: readonly PersonId[];
}

export interface HandoffSubject {
  readonly giver: Placed;
  /** Everyone named in it, the giver included. */
  readonly parties: readonly Placed[];
  /** Who is asked to read it back now. */
  readonly asked: readonly PersonId[];
}

export interface CoverSubject {
  readonly owner: Placed;
  readonly asker: PersonId | null;
  readonly taker: PersonId | null;
  /** Who is asked to take it now. */
  readonly asked: readonly PersonId[];
}

export interface RotationSubject {
  /** Of the account, now. */
  readonly owner: Placed;
  readonly starter: PersonId;
  /** Of now, not those that a change would make. */
  readonly members: readonly Placed[];
}

export interface AlertSubject {
  /** Of the account, now. */
  readonly owner: Placed;
  readonly raiser: PersonId;
  readonly called: readonly PersonId[];
}

export interface BudgetSubject {
  readonly requester: Placed;
}

export interface BudgetDecisionSubject {
  readonly requester: PersonId;
  /** Who sits in the step that is asked now, or acts in their place. */
  readonly asked: readonly PersonId[];
}

export interface FeedbackSubject {
  readonly subject: Placed;
  readonly starter: PersonId;
}

/** Somebody, as what they can do is looked at. */
export interface GrowthSubject {
  readonly person: Placed;
  /** Whoever helps them to grow now. */
  readonly coaches: readonly PersonId[];
}

export interface PlanSubject {
  readonly subject: Placed;
  readonly manager: PersonId;
  readonly coaches: readonly PersonId[];
}

export interface RoundSubject {
  readonly subject: Placed;
  readonly manager: PersonId;
  readonly starter: PersonId;
  /** Whoever has been asked for answers. */
  readonly asked: readonly PersonId[];
}

export interface AuditSubject {
  readonly region: RegionId;
  /** Whoever rates in it, and whoever is rated. */
  readonly named: readonly PersonId[];
}

export interface QuarterSubject {
  readonly region: RegionId;
  readonly chair: PersonId;
  readonly participants: readonly PersonId[];
}

export interface PracticeSubject {
  readonly author: PersonId;
  /** Nobody else's yet. */
  readonly isDraft: boolean;
  /** Everyone else named in it. */
  readonly parties: readonly PersonId[];
  readonly experts: readonly PersonId[];
  /** Of the countries that it is meant for. */
  readonly regions: readonly RegionId[];
}

export interface AccountSubject {
  readonly owner: Placed;
  readonly team: TeamId;
  /** Everyone named in any handoff of it. */
  readonly parties: readonly PersonId[];
}

/** What the rules warned of in a loop: where those named in it are. */
export interface FlagsSubject {
  readonly parties: readonly Pick<Placed, 'region'>[];
}

/** What is to be done for an account, all together. */
export interface ActionsSubject {
  readonly custodian: Placed;
  readonly team: TeamId;
  /** Who gives it and who is asked to take it, while a handoff of it is open. */
  readonly parties: readonly PersonId[];
}

export interface ActionSubject {
  readonly owner: Placed;
  readonly custodian: Placed;
}

export interface PersonSubject extends Placed {
  /** Everyone named together with this person in some loop. */
  readonly meets: readonly PersonId[];
}

export interface DelegationSubject {
  readonly principal: Placed;
  readonly delegate: PersonId;
}

/** What a region has, such as its money. */
export interface RegionSubject {
  readonly region: RegionId;
}

/** What is counted over people: those of a region, or those of one team. */
export interface GroupSubject {
  readonly region: RegionId;
  readonly team: TeamId | null;
}

/** Another system that hears of steps: of those of one region or, with null, of all. */
export interface WebhookSubject {
  readonly region: RegionId | null;
}

/** What belongs to nobody in particular: the directory, the engine. */
export const organisation = 'organisation';
type Organisation = typeof organisation;

export interface SubjectOf extends AssignmentSubjects {
  readonly 'handoff.view': HandoffSubject;
  readonly 'handoff.start': AccountSubject;
  readonly 'handoff.ask': HandoffSubject;
  readonly 'handoff.accept': HandoffSubject;
  readonly 'handoff.decline': HandoffSubject;
  readonly 'handoff.answer': HandoffSubject;
  readonly 'handoff.confirm': HandoffSubject;
  readonly 'handoff.sendBack': HandoffSubject;
  readonly 'handoff.revise': HandoffSubject;
  readonly 'handoff.note': HandoffSubject;
  readonly 'loop.flags': FlagsSubject;
  readonly 'flags.list': Organisation;
  readonly 'handoff.withdraw': HandoffSubject;
  readonly 'handoff.hold': HandoffSubject;
  readonly 'handoff.resume': HandoffSubject;
  readonly 'handoff.reassign': HandoffSubject;
  readonly 'rotation.start': AccountSubject;
  readonly 'rotation.change': RotationSubject;
  readonly 'rotation.end': RotationSubject;
  readonly 'rotation.hold': RotationSubject;
  readonly 'rotation.resume': RotationSubject;
  readonly 'alert.raise': AccountSubject;
  readonly 'alert.acknowledge': AlertSubject;
  readonly 'alert.withdraw': AlertSubject;
  readonly 'alert.hold': AlertSubject;
  readonly 'alert.resume': AlertSubject;
  readonly 'cover.request': AccountSubject;
  readonly 'cover.take': CoverSubject;
  readonly 'cover.withdraw': CoverSubject;
  readonly 'cover.end': CoverSubject;
  readonly 'cover.hold': CoverSubject;
  readonly 'cover.resume': CoverSubject;
  readonly 'budget.request': BudgetSubject;
  readonly 'budget.decide': BudgetDecisionSubject;
  readonly 'budget.closeOut': BudgetSubject;
  readonly 'budget.withdraw': BudgetSubject;
  readonly 'budget.hold': BudgetSubject;
  readonly 'budget.resume': BudgetSubject;
  readonly 'feedback.start': Placed;
  readonly 'feedback.steer': FeedbackSubject;
  readonly 'feedback.report': Placed;
  readonly 'feedback.view': RoundSubject;
  readonly 'skillAudit.open': RegionSubject;
  readonly 'skillAudit.steer': RegionSubject;
  readonly 'skillAudit.figures': RegionSubject;
  readonly 'skillAudit.view': AuditSubject;
  readonly 'competency.view': GrowthSubject;
  readonly 'competency.rate': GrowthSubject;
  readonly 'quota.view': Placed;
  readonly 'curiosity.view': RegionSubject;
  readonly 'plan.start': PlanSubject;
  readonly 'plan.view': PlanSubject;
  readonly 'plan.act': PlanSubject;
  readonly 'plan.steer': PlanSubject;
  readonly 'quarter.open': QuarterSubject;
  readonly 'quarter.view': QuarterSubject;
  readonly 'quarter.attend': QuarterSubject;
  readonly 'quarter.steer': QuarterSubject;
  readonly 'practice.draft': Organisation;
  readonly 'practice.view': PracticeSubject;
  readonly 'practice.revise': PracticeSubject;
  readonly 'practice.submit': PracticeSubject;
  readonly 'practice.nameExpert': PracticeSubject;
  readonly 'practice.hear': PracticeSubject;
  readonly 'practice.withdraw': PracticeSubject;
  readonly 'practice.hold': PracticeSubject;
  readonly 'practice.resume': PracticeSubject;
  readonly 'glossary.change': Organisation;
  readonly 'task.view': Placed;
  readonly 'digest.preview': Placed;
  readonly 'absence.enter': Placed;
  readonly 'mail.turnOn': Placed;
  readonly 'delegation.give': Placed;
  readonly 'delegation.end': DelegationSubject;
  readonly 'holiday.review': { readonly asked: readonly PersonId[] };
  readonly 'finding.acknowledge': { readonly asked: readonly PersonId[] };
  readonly 'account.view': AccountSubject;
  readonly 'actions.view': ActionsSubject;
  readonly 'actions.add': ActionsSubject;
  readonly 'action.change': ActionSubject;
  readonly 'person.view': PersonSubject;
  readonly 'budgetLine.view': RegionSubject;
  readonly 'budgetLine.manage': RegionSubject;
  readonly 'rates.import': Organisation;
  readonly 'fairness.view': GroupSubject;
  readonly 'fairness.people': GroupSubject;
  readonly 'scorecard.view': GroupSubject;
  readonly 'directory.view': Organisation;
  readonly 'directory.replace': Organisation;
  readonly 'directory.change': Organisation;
  readonly 'loops.operate': Organisation;
  readonly 'webhooks.manage': WebhookSubject;
}
