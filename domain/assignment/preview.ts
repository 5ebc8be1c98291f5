/** What would happen, and when, if all three signed at once and nobody did anything then: no effect. */
import { courseOf, type CourseStep } from '../course.ts';
import type { PlanningWorld } from '../loop.ts';
import type { Problem } from '../problem.ts';
import { assignmentRules } from './decide.ts';
import { assignmentPlan } from './plan.ts';
import { signerOf } from './signers.ts';
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

/** What is said and looked into before it can be signed. */
function beforeSigning({ kind, compliance, participant }: Proposal): readonly AssignmentCommand[] {
  const looks = { type: 'finishDuty', actor: participant, duty: 'mobility' } as const;
  return [
    ...(compliance === null ? [] : [{ type: 'approve', actor: compliance } as const]),
    ...(isAtHost(kind) ? [looks] : []),
  ];
}

/** The proposal first, every step of the clock after it; or why it cannot begin. */
export function previewAssignment(
  proposal: Proposal,
  world: Omit<PlanningWorld<AssignmentFacts>, 'facts'>,
  factsOf: (state: AssignmentState) => AssignmentFacts,
): readonly CourseStep<AssignmentEvent>[] | Problem {
  const signing = signerRoles.map((role) => ({
    type: 'sign' as const,
    actor: signerOf(proposal, proposal.terms, role),
  }));
  const begin = [proposal, ...beforeSigning(proposal), ...signing];
  const parts = { rules: assignmentRules, plan: assignmentPlan };
  return courseOf({ ...parts, begin, world, factsOf, stepsMax });
}
