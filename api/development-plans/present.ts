/** A development plan as the API answers with it: names for ids, texts for content, sentences for links. */
import type { z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { readContents } from '../../db/contents.ts';
import {
  contentOf,
  findPlan,
  type LinkRow,
  linksOf,
  type PlanRow,
  ratedSince,
} from '../../db/development-plans.ts';
import { personNames } from '../../db/people.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import { timelineSentence } from '../../domain/development-plan/explain.ts';
import { coachesOf, isMissing } from '../../domain/development-plan/roles.ts';
import {
  needs,
  type PlanEvent,
  type PlanState,
  type PlanTerms,
} from '../../domain/development-plan/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { HoldEvent, Instant, Sentence } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { PlanSubject } from '../../domain/subjects.ts';
import type { PlanParts } from './parts.ts';
import type { planAnswer, planSummary } from './schema.ts';

export type Plan = z.input<typeof planAnswer>;
export type PlanSummary = z.input<typeof planSummary>;
type Terms = NonNullable<Plan['terms']>;

const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

/** What does not exist and what may not be seen answer alike. */
export async function seenPlan(
  { db }: Pick<PlanParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<PlanRow> {
  const row = await findPlan(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

/** Whom it is about and who works on it, as authority asks it. */
export async function planSubject(
  { db, clock }: Pick<PlanParts, 'db' | 'clock'>,
  { subject, ...others }: Omit<PlanSubject, 'subject'> & { readonly subject: PersonId },
): Promise<PlanSubject> {
  const placed = (await loadActors(db, [subject], clock.now())).get(subject);
  return { subject: present(placed, 'the person'), ...others };
}

type Names = ReadonlyMap<PersonId, string>;

export function termsShown({ goals, lastDay, reviewDays, coach }: PlanTerms, names: Names): Terms {
  return {
    goals: [...goals],
    lastDay,
    reviewDays,
    coach: coach === null ? null : { id: coach, name: names.get(coach) ?? coach },
  };
}

function summaryOf(row: PlanRow, names: Names): PlanSummary {
  const { state, startedAt, closedAt, ...shown } = row;
  return {
    ...shown,
    status: state.status,
    terms: state.terms && termsShown(state.terms, names),
    stalledAt: closedAt === null ? isoOrNull(state.stalledAt) : null,
    startedAt: iso(startedAt),
    closedAt: isoOrNull(closedAt),
  };
}

export async function summariesOf(
  { db }: Pick<PlanParts, 'db'>,
  rows: readonly PlanRow[],
): Promise<readonly PlanSummary[]> {
  const names = await personNames(
    db,
    rows.flatMap(({ state }) => coachesOf(state)),
  );
  return rows.map((row) => summaryOf(row, names));
}

export async function presentPlan(parts: PlanParts, actor: Actor, id: LoopId): Promise<Plan> {
  const { db, tell } = parts;
  const row = await seenPlan(parts, actor, id);
  const { state } = row;
  const { pending, subject, agreedAt: since } = state;
  const [names, entries, links, rated] = await Promise.all([
    personNames(db, coachesOf(state)),
    loopTimeline<PlanEvent | HoldEvent>(db, id),
    linksOf(db, id),
    since === 0 ? null : ratedSince(db, { subject, since }),
  ]);
  const contents = entries.flatMap(({ event }) => contentOf(event) ?? []);
  const texts = await readContents(db, contents);
  const sentences = [
    ...links.map(linkSentence),
    ...entries.map(({ event }) => timelineSentence(event)),
  ];
  const told = await tell(actor.id, sentences);
  return {
    ...summaryOf(row, names),
    mapVersion: state.version,
    pending: pending && {
      terms: termsShown(pending.terms, names),
      agreed: [...pending.agreed],
      proposedAt: iso(pending.since),
    },
    missing: needs.filter((need) => isMissing(state, need)),
    links: links.map((link, index) => ({ ...link, sentence: told[index] ?? '' })),
    rated: goalsRated(state, rated ?? new Map()),
    timeline: entries.map(({ at, event }, index) => {
      const content = contentOf(event);
      const body = content === null ? null : texts.get(content)?.body;
      return {
        at: iso(at),
        sentence: told[links.length + index] ?? '',
        text: (body as { readonly text?: string } | null)?.text ?? null,
      };
    }),
  };
}

function linkSentence({ need, kind, status }: LinkRow): Sentence {
  const [kinds, statuses] =
    need === 'formal'
      ? ['budgetRequest.kind', 'page.budget.status_of']
      : ['page.assignment.kind_of', 'page.assignment.status_of'];
  return {
    key: 'developmentPlan.link',
    params: { kind: { term: `${kinds}.${kind}` }, status: { term: `${statuses}.${status}` } },
  };
}

type Rated = Awaited<ReturnType<typeof ratedSince>>;

const goalsRated = ({ terms }: PlanState, rated: Rated): Plan['rated'] =>
  (terms?.goals ?? []).flatMap(({ competency }) => {
    const level = rated.get(competency);
    return level === undefined ? [] : [{ competency, level }];
  });
