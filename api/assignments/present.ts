/** An assignment as the API answers with it: names for ids, sentences for gates, hours and duties. */
import type { z } from '@hono/zod-openapi';
import { assignmentGates } from '../../db/assignment-facts.ts';
import {
  type AssignmentNames,
  assignmentNames,
  type AssignmentRow,
  coversAsked,
  findAssignment,
  givenTexts,
} from '../../db/assignment-list.ts';
import { listMeetings } from '../../db/assignment-meetings.ts';
import { readContents } from '../../db/contents.ts';
import { usedWeeks } from '../../db/lending.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { milestoneOf, timelineSentence } from '../../domain/assignment/explain.ts';
import { isSigner } from '../../domain/assignment/plan.ts';
import { gatesOf } from '../../domain/assignment/signers.ts';
import {
  type AssignmentEvent,
  type AssignmentState,
  duties,
  type Duty,
  isAtHost,
  type Terms,
} from '../../domain/assignment/state.ts';
import type { Actor } from '../../domain/authority.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Instant, Sentence } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { mobilitySentence } from './mobility.ts';
import type { Range } from '../../domain/time/range.ts';
import type { AssignmentParts } from './parts.ts';
import type { assignmentAnswer, assignmentsAnswer } from './schema.ts';

export type Assignment = z.input<typeof assignmentAnswer>;
type Summary = z.input<typeof assignmentsAnswer>['items'][number];

const iso = (at: Instant): string => new Date(at).toISOString();

const spanShown = ({ from, until }: Range) => ({ from: iso(from), until: iso(until) });

/** What does not exist and what may not be seen answer alike. */
export async function seenAssignment(
  { db }: Pick<AssignmentParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<AssignmentRow> {
  const row = await findAssignment(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

function idsIn(states: readonly AssignmentState[]) {
  const terms = states.flatMap((state) => [state.terms, state.pending?.terms ?? null]);
  const known = terms.filter((one) => one !== null);
  return {
    people: [
      ...states.flatMap(({ participant, compliance }) =>
        compliance === null ? [participant] : [participant, compliance],
      ),
      ...known.flatMap(({ home, host }) => [home, host]),
    ],
    accounts: known.flatMap(({ accounts }) => accounts),
    regions: states.flatMap(({ homeRegion, hostRegion }) => [homeRegion, hostRegion]),
  };
}

const finder =
  <Id extends string>(named: readonly { readonly id: Id; readonly name: string }[]) =>
  (id: Id) => {
    const found = named.find((one) => one.id === id);
    return { id, name: found?.name ?? id };
  };

function termsShown(terms: Terms, names: AssignmentNames) {
  const { home, host, accounts, goals, ...plain } = terms;
  const person = finder(names.people);
  return {
    ...plain,
    goals: [...goals],
    accounts: accounts.map(finder(names.accounts)),
    homeManager: person(home),
    hostManager: person(host),
  };
}

function summaryOf(row: AssignmentRow, names: AssignmentNames): Summary {
  const { id, state, proposedAt, closedAt, revision } = row;
  const region = finder(names.regions);
  return {
    id,
    kind: state.kind,
    status: state.status,
    participant: finder(names.people)(state.participant),
    homeRegion: region(state.homeRegion),
    hostRegion: region(state.hostRegion),
    terms: state.terms && termsShown(state.terms, names),
    proposedAt: iso(proposedAt),
    closedAt: closedAt === null ? null : iso(closedAt),
    revision,
  };
}

export async function summariesOf(
  { db }: Pick<AssignmentParts, 'db'>,
  rows: readonly AssignmentRow[],
): Promise<readonly Summary[]> {
  const names = await assignmentNames(db, idsIn(rows.map(({ state }) => state)));
  return rows.map((row) => summaryOf(row, names));
}

/** Official pages of the European Union, where rules of both sides are explained. */
const dutyLinks: Readonly<Record<Duty, readonly string[]>> = {
  mobility: [
    'https://home-affairs.ec.europa.eu/policies/schengen/border-crossing/short-stay-calculator_en',
  ],
  posted_worker: [
    'https://europa.eu/youreurope/citizens/work/work-abroad/posted-workers/index_en.htm',
  ],
  insurance: ['https://europa.eu/youreurope/citizens/work/social-security-forms/index_en.htm'],
};

export async function presentAssignment(
  parts: AssignmentParts,
  actor: Actor,
  id: LoopId,
): Promise<Assignment> {
  const { db, tell } = parts;
  const row = await seenAssignment(parts, actor, id);
  const { state } = row;
  const names = await assignmentNames(db, idsIn([state]));
  const entries = await loopTimeline<AssignmentEvent>(db, id);
  const weeks = await usedWeeks(db, id);
  const gates = await assignmentGates(db, state);
  const asked = isAtHost(state.kind) ? duties : [];
  const mobility = await mobilitySentence(db, actor.id, row, names);
  const [timeline = [], gatesTold = [], weeksTold = [], dutiesTold = [], mobilityTold = []] =
    await tellAll(tell, actor.id, [
      entries.map(({ event }) => timelineSentence(event)),
      gates,
      weeks.map(({ week, minutes, overlapMinutes }) =>
        weekSentence(state, week, { minutes, overlapMinutes }),
      ),
      asked.map((duty) => ({ key: `assignment.about.${duty}`, params: {} })),
      mobility === null ? [] : [mobility],
    ]);
  const { pending, compliance } = state;
  const { isApproved, isMobilityDone } = gatesOf(state);
  return {
    ...summaryOf(row, names),
    compliance: compliance === null ? null : finder(names.people)(compliance),
    isApproved,
    opportunity: state.opportunity,
    pending: pending && {
      number: pending.number,
      terms: termsShown(pending.terms, names),
      signed: [...pending.signed],
      proposedAt: iso(pending.since),
    },
    gates: [...gatesTold],
    duties: asked.map((duty, index) => ({
      duty,
      isDone: duty === 'mobility' ? isMobilityDone : state.doneDuties.includes(duty),
      sentence: dutiesTold[index] ?? '',
      links: [...dutyLinks[duty]],
    })),
    mobility: mobilityTold[0] ?? null,
    weeks: weeks.map((week, index) => ({ ...week, sentence: weeksTold[index] ?? '' })),
    meetings: (await listMeetings(db, id)).map(spanShown),
    covers: (await coversAsked(db, id)).map(spanShown),
    ...(await textsShown(parts, actor, row)),
    milestones: entries.flatMap(({ at, event }) => {
      const kind = milestoneOf(event);
      return kind === null ? [] : [{ at: iso(at), kind }];
    }),
    timeline: entries.map(({ at }, index) => ({ at: iso(at), sentence: timeline[index] ?? '' })),
  };
}

/** All at once, so that names and clocks are read once; given back list by list. */
async function tellAll(
  tell: AssignmentParts['tell'],
  reader: PersonId,
  lists: readonly (readonly Sentence[])[],
): Promise<readonly (readonly string[])[]> {
  const told = await tell(reader, lists.flat());
  let next = 0;
  return lists.map((list) => told.slice(next, (next += list.length)));
}

interface Used {
  readonly minutes: number;
  readonly overlapMinutes: number;
}

const hours = (minutes: number): number => Math.round(minutes / 6) / 10;

function weekSentence(state: AssignmentState, week: string, used: Used): Sentence {
  return {
    key: 'assignment.week',
    params: {
      week: { day: week },
      hours: hours(used.minutes),
      weekly: state.terms?.weeklyHours ?? 0,
      shared: hours(used.overlapMinutes),
      overlap: state.terms?.overlapHours ?? 0,
    },
  };
}

/** What was written is for the three who signed; feedback once nobody can answer to it any more. */
async function textsShown(
  { db }: AssignmentParts,
  actor: Actor,
  { id, state }: AssignmentRow,
): Promise<Pick<Assignment, 'lesson' | 'feedback'>> {
  const selves = [actor.id, ...actor.principals];
  if (!selves.some((person) => isSigner(state, person))) return { lesson: null, feedback: [] };
  const { lesson, feedback } = await givenTexts(db, id);
  const shown = state.status === 'closed' ? feedback : [];
  const contents = [...shown, ...(lesson ? [lesson] : [])].map(({ content }) => content);
  const texts = await readContents(db, contents);
  const textOf = (content: ContentId): string | null =>
    (texts.get(content)?.body as { readonly text?: string } | null)?.text ?? null;
  return {
    lesson: lesson && { kind: lesson.kind, text: textOf(lesson.content) },
    feedback: shown.map(({ role, content }) => ({ role, text: textOf(content) })),
  };
}
