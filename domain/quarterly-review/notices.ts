/** Who hears of what. The keys are those of `locales/<locale>/quarterlyReview.json`. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams } from '../loop.ts';
import type { TaskNameOf } from '../task-kind.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import { awaited } from './coming.ts';
import { isAhead, type ReviewEvent, type ReviewState } from './state.ts';

type State = ReviewState;

interface Letter {
  readonly to: PersonId;
  readonly key: MessageOf<'quarterlyReview'>;
  readonly asks?: TaskNameOf<'quarterlyReview'> | `act/${number}`;
  readonly params?: NoticeParams;
}

export const reviewNotices = (
  event: ReviewEvent | HoldEvent,
  state: State,
): readonly NoticeDraft[] =>
  letters(event, state).map(({ to, key, asks, params }) => ({
    to,
    key: `quarterlyReview.${key}`,
    params: { quarter: state.quarter, of: subjectOf(state), ...params },
    urgency: 'working',
    ...(asks !== undefined && { asks: `quarter.${asks}` }),
  }));

/** The region, or the partner’s team. */
export const subjectOf = ({ region, team }: Pick<State, 'region' | 'team'>) =>
  team === null ? { region } : { team };

/** A message with these brings the meeting for its reader’s calendar, and a later one moves it. */
const meeting = ({ slot }: State): NoticeParams => ({
  meetsAt: { instant: slot.from },
  meetsUntil: { instant: slot.until },
});

const asked = (state: State, key: MessageOf<'quarterlyReview'>): readonly Letter[] =>
  awaited(state).map((to) => ({ to, key, asks: 'attend', params: meeting(state) }));

const toAll = (
  state: State,
  key: MessageOf<'quarterlyReview'>,
  params?: NoticeParams,
): readonly Letter[] => state.participants.map((to) => ({ to, key, ...(params && { params }) }));

function ofAction(
  state: State,
  number: number,
  key: MessageOf<'quarterlyReview'>,
): readonly Letter[] {
  const action = state.actions.find((one) => one.number === number);
  if (!action) return [];
  const params = { dueAt: { instant: action.dueAt } };
  return [{ to: action.owner, key, asks: `act/${number}`, params }];
}

function letters(event: ReviewEvent | HoldEvent, state: State): readonly Letter[] {
  const { chair } = state;
  switch (event.type) {
    case 'opened':
      return asked(state, 'proposed');
    case 'moved':
      return [...asked(state, 'moved'), ...mover(state, event.by)];
    case 'attendReminded':
      return asked(state, 'attend_reminder');
    case 'confirmed':
      return toAll(state, 'confirmed', meeting(state));
    case 'met':
      return [{ to: chair, key: 'conclude', asks: 'conclude' }];
    case 'concludeReminded':
      return [{ to: chair, key: 'conclude_reminder', asks: 'conclude' }];
    case 'concluded':
    case 'closed':
    case 'lapsed':
      return toAll(state, event.type);
    case 'cancelled':
      return toAll(state, 'cancelled').filter(({ to }) => to !== event.by);
    case 'chairReplaced':
      return [{ to: event.to, key: 'chair', ...(isAhead(state) && { params: meeting(state) }) }];
    case 'actionAdded':
    case 'actionPassed':
      return ofAction(state, event.number, 'action');
    case 'actionReminded':
      return ofAction(state, event.number, 'action_reminder');
    case 'actionOverdue':
      return overdue(state, event.number);
    case 'attending':
    case 'excused':
    case 'actionDone':
    case 'held':
    case 'resumed':
      return [];
  }
}

/** Comes at the time that they proposed, which is to be in their calendar too. */
const mover = (state: State, by: PersonId | null): readonly Letter[] =>
  by === null ? [] : [{ to: by, key: 'moved_own', params: meeting(state) }];

/** The chair hears of it too, unless it is theirs. */
function overdue(state: State, number: number): readonly Letter[] {
  const own = ofAction(state, number, 'action_overdue');
  const [first] = own;
  if (!first || first.to === state.chair) return own;
  const params = { person: { person: first.to }, action: String(number) };
  return [...own, { to: state.chair, key: 'action_overdue_for', params }];
}
