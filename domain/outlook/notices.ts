/** Who hears of what. The keys are those of `locales/<locale>/outlook.json`. */
import { present } from '../assert.ts';
import type { HoldEvent, NoticeDraft, NoticeParams } from '../loop.ts';
import type { MessageKind, MessageOf } from '../notice/message-kinds.ts';
import { findingSentence } from './finding.ts';
import type { OutlookEvent, OutlookState } from './state.ts';

const asks = 'outlook.settle';

export function outlookNotices(
  event: OutlookEvent | HoldEvent,
  state: OutlookState,
): readonly NoticeDraft[] {
  const account = present(state.account, 'the account of a finding');
  const common = { to: state.waitsFor, urgency: 'working', asks } as const;
  const asked = (): NoticeDraft => {
    const { key, params } = findingSentence({ ...state, account });
    return { ...common, key: key.replace('.finding.', '.asked.') as MessageKind, params };
  };
  const letter = (key: MessageOf<'outlook'>, more: NoticeParams): NoticeDraft => {
    const finding = { term: `outlook.kind.${state.kind}` };
    return { ...common, key: `outlook.${key}`, params: { account: { account }, finding, ...more } };
  };
  switch (event.type) {
    case 'opened':
    case 'askedAgain':
      return [asked()];
    case 'reassigned':
      return state.status === 'accepted' ? [] : [asked()];
    case 'reminded':
      return [letter('reminder', { percent: event.percent })];
    case 'escalated':
      return [letter('escalated', { person: { person: event.from } })];
    case 'acknowledged':
    case 'observed':
    case 'settled':
    case 'held':
    case 'resumed':
      return [];
  }
}
