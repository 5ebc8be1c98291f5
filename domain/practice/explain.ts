/** What happened to a practice: sentences of the catalogue. Who wrote it is said to nobody here. */
import type { Holdable } from '../hold.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, Moment, NoticeParams, Sentence } from '../loop.ts';
import { openAsks } from './asks.ts';
import { aboutAsk } from './notices.ts';
import type { ClockCommand, PracticeEvent, PracticeState } from './state.ts';

const named = (person: PersonId) => ({ person });

/** Null for what is nobody's business, or says nothing. */
export function timelineSentence(
  event: PracticeEvent | HoldEvent,
  author: PersonId,
): Sentence | null {
  const said = told(event, author);
  return said && { key: `practice.timeline.${said[0]}`, params: said[1] };
}

const place = (country: string): NoticeParams => ({ country: { country } });

type Told = readonly [name: string, params: NoticeParams] | null;

function told(event: PracticeEvent | HoldEvent, author: PersonId): Told {
  switch (event.type) {
    case 'drafted':
    case 'submitted':
      return [event.type, {}];
    case 'revised':
      return [event.correction === null ? 'revised' : 'corrected', { version: event.version }];
    case 'reviewed': {
      const { country, product, kind, by, isApproved } = event;
      const review = { term: `practice.review_of.${kind}` };
      const params = { ...place(country), product, review, by: named(by) };
      return [isApproved ? 'approved' : 'refused', params];
    }
    case 'cleared':
      return ['cleared', { ...place(event.country), product: event.product }];
    case 'expertNamed':
      return ['expert', { ...place(event.country), person: named(event.person) }];
    case 'handedOn':
      return ['expert', { ...place(event.country), person: named(event.to) }];
    case 'fellDue':
      return ['due', { ...place(event.country), person: named(event.expert) }];
    case 'lapsed':
      return ['stale', place(event.country)];
    case 'verified':
      return [
        event.isValid ? 'verified' : 'to_change',
        { ...place(event.country), by: named(event.by) },
      ];
    case 'reopened':
      return [
        'reopened',
        { ...place(event.country), review: { term: `practice.review_of.${event.kind}` } },
      ];
    case 'translated':
      // A translation by the author names them no more than the rest does.
      return event.by === null || event.by === author
        ? [
            event.by === null ? 'machine' : 'translated_own',
            { language: { language: event.locale } },
          ]
        : ['translated', { language: { language: event.locale }, by: named(event.by) }];
    case 'translationApproved':
    case 'translationRefused':
      return [
        event.type === 'translationApproved' ? 'translation_approved' : 'translation_refused',
        { language: { language: event.locale }, by: named(event.by) },
      ];
    case 'judged':
      return [
        'judged',
        {
          region: { region: event.region },
          verdict: { term: `practice.verdict_of.${event.verdict}` },
        },
      ];
    case 'withdrawn':
      return event.by === author ? ['withdrawn_own', {}] : ['withdrawn', { by: named(event.by) }];
    case 'held':
    case 'resumed':
      return [event.type, { by: named(event.by) }];
    case 'assigned':
    case 'reminded':
    case 'passedOn':
    case 'escalated':
      return null;
  }
}

const said = (name: string, params: NoticeParams = {}): Sentence => ({
  key: `practice.explain.${name}`,
  params,
});

/** Why it stands where it stands, and what happens next if nobody acts. */
export function explainPractice(
  { state, heldSince }: Holdable<PracticeState>,
  moments: readonly Moment<ClockCommand>[],
): readonly Sentence[] {
  const stands = state.status === 'open' || state.status === 'withdrawn' ? state.status : 'draft';
  if (heldSince !== null) return [said(stands), said('held')];
  const asks = openAsks(state).map(({ key, ask: { person } }) =>
    person === null
      ? said('nobody', aboutAsk(key))
      : said('asked', { ...aboutAsk(key), person: named(person) }),
  );
  return [said(stands), ...asks, ...moments.flatMap(({ at, command }) => next(command, at))];
}

function next(command: ClockCommand, at: number): readonly Sentence[] {
  const when = { at: { instant: at } };
  switch (command.type) {
    case 'pass':
      return [said('pass', { ...when, ...aboutAsk(command.key), person: named(command.to) })];
    case 'escalate':
      return [said('escalate', { ...when, ...aboutAsk(command.key) })];
    case 'lapse':
    case 'fallDue':
      return [said(command.type, { ...when, ...place(command.country) })];
    case 'assign':
    case 'remind':
    case 'handOn':
      return [];
  }
}

/** What a step of a preview says, sentence by sentence. */
export function previewedSentences(event: PracticeEvent, at: number): readonly Sentence[] {
  const when = { at: { instant: at } };
  switch (event.type) {
    case 'assigned':
      return event.assignments.map(({ key, to }) =>
        to === null
          ? said('nobody', aboutAsk(key))
          : said('asked', { ...aboutAsk(key), person: named(to) }),
      );
    case 'reminded':
      return [said('remind', { ...aboutAsk(event.key), person: named(event.person) })];
    case 'passedOn':
      return [said('pass', { ...when, ...aboutAsk(event.key), person: named(event.to) })];
    case 'escalated':
      return [said('escalate', { ...when, ...aboutAsk(event.key) })];
    case 'lapsed':
      return [said('lapse', { ...when, ...place(event.country) })];
    case 'drafted':
    case 'revised':
    case 'submitted':
    case 'reviewed':
    case 'cleared':
    case 'expertNamed':
    case 'handedOn':
    case 'fellDue':
    case 'verified':
    case 'reopened':
    case 'translated':
    case 'translationApproved':
    case 'translationRefused':
    case 'judged':
    case 'withdrawn':
      // As the story of a practice tells them.
      return [timelineSentence(event, '' as PersonId)].filter((one) => one !== null);
  }
}
