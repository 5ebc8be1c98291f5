/** What happened to an assignment: sentences of the catalogue. */
import type { PersonId } from '../id.ts';
import type { NoticeParams, Sentence } from '../loop.ts';
import type { AssignmentEvent } from './state.ts';

export const milestoneKinds = ['signed', 'agreed', 'begun', 'answered', 'ended'] as const;
export type MilestoneKind = (typeof milestoneKinds)[number];

/** What a picture of it shows of an event; null for what it leaves out. */
export function milestoneOf({ type }: { readonly type: string }): MilestoneKind | null {
  if (type === 'checkInAnswered') return 'answered';
  return milestoneKinds.find((kind) => kind === type) ?? null;
}

export function timelineSentence(event: AssignmentEvent): Sentence {
  return { key: `assignment.timeline.${event.type}`, params: paramsOf(event) };
}

const by = (person: PersonId): NoticeParams => ({ by: { person } });

function paramsOf(event: AssignmentEvent): NoticeParams {
  switch (event.type) {
    case 'proposed':
    case 'changeProposed': {
      const { firstDay, lastDay } = event.terms;
      return { firstDay: { day: firstDay }, lastDay: { day: lastDay } };
    }
    case 'signed':
    case 'declined':
    case 'changeDeclined':
    case 'forbidden':
    case 'approved':
    case 'checkInAnswered':
    case 'feedbackGiven':
    case 'rated':
    case 'dutyDone':
    case 'lessonGiven':
      return by(event.by);
    case 'coversAsked':
      return { from: { instant: event.from }, until: { instant: event.until } };
    case 'trainingLapsed':
    case 'trainingRenewed':
    case 'renewalReminded':
      return { person: { person: event.person } };
    case 'signerReplaced':
      return { person: { person: event.person }, to: { person: event.to } };
    case 'begun':
    case 'ended':
    case 'cancelled':
    case 'agreed':
    case 'lapsed':
    case 'changeLapsed':
    case 'blocked':
    case 'signReminded':
    case 'checkInAsked':
    case 'checkInLate':
    case 'stalled':
    case 'closingReminded':
    case 'closed':
      return {};
  }
}
