/** Who hears of what. The keys are those of `locales/<locale>/holidayReview.json`. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams } from '../loop.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import type { HolidayReviewEvent, HolidayReviewState } from './state.ts';

const asks = 'holidayReview.review';

export function holidayReviewNotices(
  event: HolidayReviewEvent | HoldEvent,
  state: HolidayReviewState,
): readonly NoticeDraft[] {
  const { region, day, reviewer, alsoAsked } = state;
  const common: NoticeParams = {
    region: { region },
    holiday: { holiday: { region, day } },
    day: { day },
  };
  const letter = (
    to: PersonId,
    key: MessageOf<'holidayReview'>,
    params: NoticeParams = {},
  ): NoticeDraft => ({
    to,
    key: `holidayReview.${key}`,
    params: { ...common, ...params },
    urgency: 'working',
  });
  switch (event.type) {
    case 'asked':
      return [{ ...letter(reviewer, 'asked'), asks }];
    case 'reminded':
      return [{ ...letter(alsoAsked ?? reviewer, 'reminder', { percent: event.percent }), asks }];
    case 'escalated':
      return [{ ...letter(event.to, 'escalated', { person: { person: reviewer } }), asks }];
    case 'lapsed':
      return [letter(reviewer, 'lapsed')];
    case 'confirmed':
    case 'corrected':
    case 'settled':
    case 'held':
    case 'resumed':
      return [];
  }
}
