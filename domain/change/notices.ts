/** What people read of a change: that it is planned, that it was made, and that it is not. */
import type { PersonId } from '../id.ts';
import type { NoticeDraft, NoticeParams, Sentence } from '../loop.ts';
import type { Change, ChangePlan, ScheduledChange } from './change.ts';

export type ChangeNotice = Pick<NoticeDraft, 'to' | 'key' | 'params'>;
type OfDay = Pick<ScheduledChange, 'change' | 'fromDay'>;

export const changeNotices = (
  { change, fromDay }: OfDay,
  { told }: ChangePlan,
): readonly ChangeNotice[] =>
  told.map(({ person, key }) => ({
    to: person,
    key,
    params: { ...paramsOf(change), day: { day: fromDay } },
  }));

/** Whom to ask about it is said with it. */
export const plannedNotices = (
  { change, fromDay, by }: OfDay & { readonly by: PersonId },
  told: readonly PersonId[],
): readonly ChangeNotice[] =>
  told.map((to) => ({
    to,
    key: 'change.planned',
    params: { ...within(change), day: { day: fromDay }, person: { person: by } },
  }));

export const calledOffNotices = (
  { change, fromDay }: OfDay,
  told: readonly PersonId[],
): readonly ChangeNotice[] =>
  told.map((to) => ({
    to,
    key: 'change.called_off',
    params: { ...within(change), day: { day: fromDay } },
  }));

export const refusedNotice = ({ fromDay, change }: OfDay): Omit<ChangeNotice, 'to'> => ({
  key: 'change.refused',
  params: { what: { term: `change.kind.${change.kind}` }, day: { day: fromDay } },
});

const within = (change: Change): NoticeParams => {
  const { key, params } = changeSentence(change);
  return { change: { sentence: key, params } };
};

/** What is changed, in a sentence. */
export const changeSentence = (change: Change): Sentence => ({
  key: `change.what.${variantOf(change)}`,
  params: paramsOf(change),
});

function variantOf(change: Change): string {
  switch (change.kind) {
    case 'region_merged':
      return change.kind;
    case 'team_dissolved':
      if (change.into === null) return 'team_left';
      return change.people === 'leave' ? 'team_left_accounts' : change.kind;
    case 'clearance_lost':
      return change.countries.length > 0 ? change.kind : 'clearance_lost_everywhere';
    case 'policy_changed':
      return change.region !== null ? change.kind : 'policy_changed_everywhere';
    case 'account_closed':
      return change.into === null ? change.kind : 'account_merged';
  }
}

function paramsOf(change: Change): NoticeParams {
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
    case 'account_closed':
      return {
        account: { account: change.account },
        ...(change.into !== null && { into: { account: change.into } }),
      };
  }
}
