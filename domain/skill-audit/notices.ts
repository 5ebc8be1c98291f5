/** Who hears of what. The keys are those of `locales/<locale>/skillAudit.json`. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft } from '../loop.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import type { AuditEvent, AuditState } from './state.ts';

interface Letter {
  readonly to: PersonId;
  readonly key: MessageOf<'skillAudit'>;
  readonly by?: PersonId;
  readonly people?: number;
  readonly isAsking?: true;
}

export const auditNotices = (
  event: AuditEvent | HoldEvent,
  state: AuditState,
): readonly NoticeDraft[] =>
  letters(event, state).map(({ to, key, by, people, isAsking }) => {
    const draft: NoticeDraft = {
      to,
      key: `skillAudit.${key}`,
      params: {
        region: { region: state.region },
        quarter: state.quarter,
        closesAt: { instant: state.closesAt },
        ...(people !== undefined && { people }),
        ...(by !== undefined && { person: { person: by } }),
      },
      urgency: 'working',
    };
    return isAsking ? { ...draft, asks: 'skillAudit.rate_people' } : draft;
  });

function letters(event: AuditEvent | HoldEvent, state: AuditState): readonly Letter[] {
  const { owner, raters } = state;
  const leftOf = (person: PersonId): number =>
    raters.find((rater) => rater.person === person)?.left ?? 0;
  switch (event.type) {
    case 'opened':
      return raters.map(({ person, left }) => ({
        to: person,
        key: 'asked',
        people: left,
        isAsking: true,
      }));
    case 'reminded': {
      const { person } = event;
      return [{ to: person, key: 'reminder', people: leftOf(person), isAsking: true }];
    }
    case 'passedOn': {
      const { from, to } = event;
      return [
        { to, key: 'passed_on', by: from, people: leftOf(to), isAsking: true },
        { to: from, key: 'relieved', by: to },
      ];
    }
    case 'closed':
      return [{ to: owner, key: 'closed' }];
    case 'cancelled':
    case 'held':
    case 'resumed':
      return [...new Set([owner, ...raters.map(({ person }) => person)])]
        .filter((to) => to !== event.by)
        .map((to) => ({ to, key: event.type, by: event.by }));
    case 'rated':
    case 'skipped':
    case 'dropped':
      return [];
  }
}
