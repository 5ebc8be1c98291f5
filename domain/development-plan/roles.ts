/** Who is who in a plan, and what it still has to find. */
import type { PersonId } from '../id.ts';
import type { TaskKind } from '../task-kind.ts';
import { type Need, type PlanRole, planRoles, type PlanState, type PlanTerms } from './state.ts';

export const personOf = (
  { subject, manager }: Pick<PlanState, 'subject' | 'manager'>,
  role: PlanRole,
): PersonId => (role === 'subject' ? subject : manager);

/** For which side somebody agrees; null for everybody else. */
export const roleOf = (
  state: Pick<PlanState, 'subject' | 'manager'>,
  person: PersonId,
): PlanRole | null => planRoles.find((role) => personOf(state, role) === person) ?? null;

/** Has agreed for the other side, or is the other: whoever acts for somebody is no second person. */
export const isOther = (
  state: Pick<PlanState, 'subject' | 'manager' | 'pending'>,
  role: PlanRole,
  hand: PersonId,
): boolean =>
  planRoles.some(
    (one) => one !== role && [personOf(state, one), state.pending?.hands?.[one]].includes(hand),
  );

/** Who has yet to agree to what is proposed. */
export const unagreedBy = (state: PlanState): readonly PersonId[] =>
  state.pending === null
    ? []
    : planRoles
        .filter((role) => !state.pending?.agreed.includes(role))
        .map((role) => personOf(state, role));

/** Those in force, or those that are proposed first. */
export const termsOf = ({ terms, pending }: PlanState): PlanTerms | null =>
  terms ?? pending?.terms ?? null;

/** Of all terms there are. */
export const coachesOf = ({ terms, pending }: PlanState): readonly PersonId[] =>
  [terms?.coach, pending?.terms.coach].filter((coach) => coach !== undefined && coach !== null);

/** Its terms can be changed, and what serves it be named. */
export const isUnderWay = ({ status }: Pick<PlanState, 'status'>): boolean =>
  status === 'proposed' || status === 'running';

export const isMissing = ({ links }: Pick<PlanState, 'links'>, need: Need): boolean =>
  !links.some((link) => link.need === need);

/** The task of whoever looks for it. */
export const findTask: Readonly<Record<Need, TaskKind>> = {
  formal: 'plan.find_money',
  onTheJob: 'plan.find_work',
};
