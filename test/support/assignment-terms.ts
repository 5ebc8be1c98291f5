/** Terms of an assignment between two regions, as its rules alone read them, and who proposes them. */
import type { AssignmentCommand, Terms } from '../../domain/assignment/state.ts';
import type { AccountId, PersonId, RegionId } from '../../domain/id.ts';
import { person } from './people.ts';

export const [eve, home, host, other] = ['eve', 'home', 'host', 'other'].map(person) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
export const terms: Terms = {
  firstDay: '2027-03-01',
  lastDay: '2027-05-31',
  weeklyHours: 8,
  overlapHours: 3,
  goals: [{ competency: 'clinical-fluency', level: 'advanced' }],
  accounts: ['account' as AccountId],
  home,
  host,
};
export type Proposal = Extract<AssignmentCommand, { type: 'propose' }>;
export const proposal: Proposal = {
  type: 'propose',
  actor: eve,
  kind: 'virtual',
  participant: eve,
  homeRegion: 'germany' as RegionId,
  hostRegion: 'japan' as RegionId,
  compliance: null,
  opportunity: null,
  terms,
};
