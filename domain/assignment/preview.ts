/** What would happen, and when, if all three signed at once and nobody did anything then: no effect. */
import { courseOf, type CourseStep } from '../course.ts';
import type { PlanningWorld } from '../loop.ts';
import type { Problem } from '../problem.ts';
import { assignmentRules } from './decide.ts';
import { assignmentPlan } from './plan.ts';
import { gatesOf, signerOf } from './signers.ts';
import {
  type AssignmentCommand,
  type AssignmentEvent,
  type AssignmentFacts,
  type AssignmentState,
  isAtHost,
  signerRoles,
} from './state.ts';

/** Two years without a meeting or an answer, with room for what later versions add. */
const stepsMax = 1_000;

export type Proposal = Extract<AssignmentCommand, { type: 'propose' }>;
export type Change = Extract<AssignmentCommand, { type: 'change' }>;

/** As it stands once these terms are proposed; or why they cannot be. */
export function proposedState(
  state: AssignmentState,
  command: Proposal | Change,
  at: number,
): AssignmentState | Problem {
  const decision = assignmentRules.decide(state, command, at);
  if (!decision.ok) return decision.problem;
  return decision.events.reduce((so, event) => assignmentRules.evolve(so, event, at), state);
}

/** What is said and looked into before it can be signed, as far as nobody has. */
function beforeSigning(state: AssignmentState): readonly AssignmentCommand[] {
  const { kind, compliance, participant } = state;
  const { isApproved, isMobilityDone } = gatesOf(state);
  const looks = { type: 'finishDuty', actor: participant, duty: 'mobility' } as const;
  return [
    ...(compliance === null || isApproved ? [] : [{ type: 'approve', actor: compliance } as const]),
    ...(isAtHost(kind) && !isMobilityDone ? [looks] : []),
  ];
}

interface Foreseen {
  /** Before anything of it is proposed: new, or as it now stands. */
  readonly before: AssignmentState;
  /** Once it is. */
  readonly after: AssignmentState;
}

/** What is proposed first, every step of the clock after it; or why it cannot begin. */
export function previewAssignment(
  command: Proposal | Change,
  { before, after }: Foreseen,
  world: Omit<PlanningWorld<AssignmentFacts>, 'facts'>,
  factsOf: (state: AssignmentState) => AssignmentFacts,
): readonly CourseStep<AssignmentEvent>[] | Problem {
  const signing = signerRoles.map((role) => ({
    type: 'sign' as const,
    actor: signerOf(after, command.terms, role),
  }));
  const begin = [command, ...beforeSigning(after), ...signing];
  const rules = { ...assignmentRules, initial: before };
  return courseOf({ rules, plan: assignmentPlan, begin, world, factsOf, stepsMax });
}
