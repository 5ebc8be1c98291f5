/** Who hears of what. The keys are those of `locales/<locale>/feedbackRound.json`. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft } from '../loop.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import type { RoundEvent, RoundState } from './state.ts';

interface Letter {
  readonly to: PersonId;
  readonly key: MessageOf<'feedbackRound'>;
  readonly by?: PersonId;
  readonly asks?: 'nominate' | 'release' | 'give';
}

export const roundNotices = (
  event: RoundEvent | HoldEvent,
  state: RoundState,
): readonly NoticeDraft[] =>
  letters(event, state).map(({ to, key, by, asks }) => {
    const draft: NoticeDraft = {
      to,
      key: `feedbackRound.${key}`,
      params: {
        subject: { person: state.subject },
        closesAt: { instant: state.closesAt },
        ...(by !== undefined && { person: { person: by } }),
      },
      urgency: 'working',
    };
    return asks === undefined ? draft : { ...draft, asks: `feedback.${asks}` };
  });

function letters(event: RoundEvent | HoldEvent, state: RoundState): readonly Letter[] {
  const { status, subject, manager, raters } = state;
  switch (event.type) {
    case 'started':
      return [{ to: subject, key: 'nominate', asks: 'nominate' }];
    case 'nominated':
    case 'nominationLapsed':
    case 'passedOn':
      return [{ to: manager, key: 'release', asks: 'release' }];
    case 'reminded':
      return status === 'nominating'
        ? [{ to: subject, key: 'nominate_reminder', asks: 'nominate' }]
        : [{ to: manager, key: 'release_reminder', asks: 'release' }];
    case 'asked':
      return [{ to: event.by, key: event.by === subject ? 'answer_self' : 'answer', asks: 'give' }];
    case 'raterReminded':
      return [{ to: event.by, key: 'answer_reminder', asks: 'give' }];
    case 'closed':
      return [subject, manager].map((to) => ({ to, key: 'closed' }));
    case 'cancelled': {
      const asked = raters.filter((rater) => rater.status === 'asked').map(({ person }) => person);
      return [...new Set([subject, manager, ...asked])]
        .filter((to) => to !== event.by)
        .map((to) => ({ to, key: 'cancelled' }));
    }
    case 'held':
    case 'resumed':
      return [...new Set([subject, manager])].map((to) => ({ to, key: event.type, by: event.by }));
    case 'released':
    case 'answered':
    case 'declined':
      return [];
  }
}
