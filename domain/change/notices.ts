/** What people read of a change that was made, or that could not be. */
import type { NoticeDraft } from '../loop.ts';
import type { Change, ChangePlan, ScheduledChange } from './change.ts';

export type ChangeNotice = Pick<NoticeDraft, 'to' | 'key' | 'params'>;

export const changeNotices = (
  { change, fromDay }: Pick<ScheduledChange, 'change' | 'fromDay'>,
  { told }: ChangePlan,
): readonly ChangeNotice[] =>
  told.map(({ person, key }) => ({
    to: person,
    key,
    params: { ...paramsOf(change), day: { day: fromDay } },
  }));

export const refusedNotice = ({
  fromDay,
  change,
}: Pick<ScheduledChange, 'change' | 'fromDay'>): Omit<ChangeNotice, 'to'> => ({
  key: 'change.refused',
  params: { what: { term: `change.kind.${change.kind}` }, day: { day: fromDay } },
});

function paramsOf(change: Change): NoticeDraft['params'] {
  switch (change.kind) {
    case 'region_merged':
      return { region: { region: change.region }, into: { region: change.into } };
    case 'team_dissolved':
      return {
        team: { team: change.team },
        ...(change.into !== null && { into: { team: change.into } }),
      };
    case 'clearance_lost':
      return {
        product: change.product,
        ...(change.countries.length > 0 && { countries: change.countries.join(', ') }),
      };
    case 'policy_changed':
      return {
        key: change.key,
        ...(change.region !== null && { region: { region: change.region } }),
      };
  }
}
