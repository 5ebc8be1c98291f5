/** Who may do what about assignments, opportunities and trainings; part of `domain/authority.ts`. */
import { type Actor, holds, isOrLeads, type Office } from '../actor.ts';
import type { PersonId, RegionId } from '../id.ts';
import type { Placed } from '../subjects.ts';

export interface AssignmentSubject {
  readonly participant: Placed;
  readonly home: PersonId;
  readonly host: PersonId;
  readonly hostRegion: RegionId;
  /** Of whom the step is asked. */
  readonly asked: readonly PersonId[];
}

/** What a host region offers, by whom. */
export interface OpportunitySubject {
  readonly region: RegionId;
  readonly host: PersonId;
  readonly drafter: PersonId;
  readonly isPublished: boolean;
  /** Whose people it is for. */
  readonly homeRegions: readonly RegionId[];
}

export interface AssignmentSubjects {
  readonly 'assignment.propose': AssignmentSubject;
  readonly 'assignment.act': AssignmentSubject;
  readonly 'assignment.steer': AssignmentSubject;
  readonly 'assignment.suggest': Placed;
  readonly 'opportunity.draft': OpportunitySubject;
  readonly 'opportunity.view': OpportunitySubject;
  readonly 'opportunity.publish': OpportunitySubject;
  readonly 'opportunity.take': OpportunitySubject;
  readonly 'training.view': Placed;
  readonly 'training.record': Placed;
}

type Rules = {
  readonly [A in keyof AssignmentSubjects]: (
    actor: Actor,
    subject: AssignmentSubjects[A],
  ) => boolean;
};

/** The three who sign, those above the participant, and those who manage one of the regions. */
const maySteerAssignment = (actor: Actor, assignment: AssignmentSubject) => {
  const { participant, home, host, hostRegion } = assignment;
  const offices: readonly Office[] = ['regional-manager', 'operator'];
  return (
    isOrLeads(actor, participant) ||
    actor.id === home ||
    actor.id === host ||
    holds(actor, offices, participant.region) ||
    holds(actor, offices, hostRegion)
  );
};

/** Offices that look after what the people of a region learn. */
const learningOffices = ['learning-lead', 'regional-manager', 'admin'] as const;

const mayPublish = (actor: Actor, { host, region }: OpportunitySubject) =>
  actor.id === host || holds(actor, ['regional-manager'], region);

export const assignmentAuthority: Rules = {
  'assignment.propose': (actor, assignment) =>
    maySteerAssignment(actor, assignment) ||
    holds(actor, ['learning-lead'], assignment.participant.region),
  'assignment.act': (actor, { asked }) => asked.includes(actor.id),
  'assignment.steer': maySteerAssignment,
  // Where somebody has a gap is for them, those above and those who look after it, not for a host.
  'assignment.suggest': (actor, person) =>
    isOrLeads(actor, person) || holds(actor, learningOffices, person.region),
  'opportunity.draft': (actor, { region }) =>
    actor.teamKind === 'own' && (actor.region === region || holds(actor, learningOffices, region)),
  'opportunity.view': (actor, opportunity) =>
    (opportunity.isPublished && actor.teamKind === 'own') ||
    actor.id === opportunity.drafter ||
    mayPublish(actor, opportunity),
  'opportunity.publish': mayPublish,
  'opportunity.take': (actor, { isPublished, homeRegions }) =>
    isPublished && actor.teamKind === 'own' && homeRegions.includes(actor.region),
  'training.view': (actor, person) =>
    isOrLeads(actor, person) || holds(actor, learningOffices, person.region),
  'training.record': (actor, person) =>
    actor.id !== person.id && holds(actor, learningOffices, person.region),
};
