/** What each event makes of the state. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import { present } from '../assert.ts';
import type { AuditEvent, AuditRater, AuditState } from './state.ts';

export function evolveAudit(state: AuditState, event: AuditEvent, at: Instant): AuditState {
  const next: AuditState = { ...state, changedAt: at, lately: null };
  switch (event.type) {
    case 'opened': {
      const { type: _opened, by: _by, raters, ...opened } = event;
      return {
        ...next,
        ...opened,
        status: 'rating',
        people: raters.reduce((sum, { people }) => sum + people, 0),
        raters: raters.map(({ person, people }) => asked(person, people, at)),
      };
    }
    case 'rated':
    case 'skipped':
      return {
        ...next,
        raters: withoutOne(state.raters, event.by),
        lately: { settled: event.person },
      };
    case 'dropped':
      return {
        ...next,
        people: state.people - 1,
        raters: withoutOne(state.raters, event.rater),
        lately: { settled: event.person },
      };
    case 'reminded':
      return {
        ...next,
        raters: state.raters.map((rater) =>
          rater.person === event.person ? { ...rater, reminders: rater.reminders + 1 } : rater,
        ),
      };
    case 'passedOn': {
      const { from, to } = event;
      return { ...next, raters: passedOn(state.raters, event, at), lately: { from, to } };
    }
    case 'closed':
    case 'cancelled':
      return { ...next, status: event.type };
  }
}

const asked = (person: PersonId, left: number, since: Instant): AuditRater => ({
  person,
  left,
  since,
  reminders: 0,
  isLast: false,
});

/** Whoever has nobody left is asked for nothing any more. */
export const withoutOne = (
  raters: readonly AuditRater[],
  person: PersonId,
): readonly AuditRater[] =>
  raters
    .map((rater) => (rater.person === person ? { ...rater, left: rater.left - 1 } : rater))
    .filter(({ left }) => left > 0);

/** Whoever takes over has as long for all of them as whoever is asked anew. */
function passedOn(
  raters: readonly AuditRater[],
  { from, to }: { readonly from: PersonId; readonly to: PersonId },
  at: Instant,
): readonly AuditRater[] {
  const { left } = present(
    raters.find(({ person }) => person === from),
    'who is relieved',
  );
  const own = raters.find(({ person }) => person === to)?.left ?? 0;
  return [
    ...raters.filter(({ person }) => person !== from && person !== to),
    { ...asked(to, own + left, at), isLast: true },
  ];
}
