/** A budget request as the API answers with it: names for ids, texts for content, decimal amounts. */
import type { z } from '@hono/zod-openapi';
import { attachmentsOf } from '../../db/budget-attachments.ts';
import { type BudgetRow, findBudgetRequest, instalmentsOf } from '../../db/budget-requests.ts';
import { readContents } from '../../db/contents.ts';
import { personNames } from '../../db/people.ts';
import { recordedState } from '../../db/recorded-state.ts';
import { loopTimeline } from '../../db/timelines.ts';
import type { Actor } from '../../domain/authority.ts';
import { timelineSentence } from '../../domain/budget/explain.ts';
import { leftOutOf } from '../../domain/budget/seats.ts';
import {
  type BudgetCommand,
  type BudgetEvent,
  type BudgetState,
  currentStep,
  totalOf,
} from '../../domain/budget/state.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { decimalOf } from '../../domain/money.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { BudgetParts } from './parts.ts';
import type { budgetAnswer, budgetSummary } from './schema.ts';
import type { BudgetWords } from './submit-request.ts';

export type BudgetRequest = z.input<typeof budgetAnswer>;
export type BudgetSummary = z.input<typeof budgetSummary>;

const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

export function summaryOf(row: BudgetRow): BudgetSummary {
  const { request: _request, outcome: _outcome, lineCurrency: _currency, ...shown } = row;
  const amount = (minor: bigint): string => decimalOf({ minor, currency: row.currency });
  return {
    ...shown,
    asked: amount(row.asked),
    granted: row.granted === null ? null : amount(row.granted),
    submittedAt: iso(row.submittedAt),
    decidedAt: isoOrNull(row.decidedAt),
    closeOutDueAt: isoOrNull(row.closeOutDueAt),
    closedAt: isoOrNull(row.closedAt),
  };
}

/** What does not exist and what may not be seen answer alike. */
export async function seenBudget(
  { db }: Pick<BudgetParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<BudgetRow> {
  const row = await findBudgetRequest(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

type Texts = Awaited<ReturnType<typeof readContents>>;

/** Null where nothing was written, and once it is erased. */
function textOf(texts: Texts, id: ContentId | null): string | null {
  const body = id === null ? null : (texts.get(id)?.body as { readonly text?: string } | null);
  return body?.text ?? null;
}

const contentOf = (event: BudgetEvent | HoldEvent): ContentId | null =>
  'content' in event ? event.content : null;

export async function presentBudget(
  parts: BudgetParts,
  actor: Actor,
  id: LoopId,
): Promise<BudgetRequest> {
  const { db } = parts;
  const row = await seenBudget(parts, actor, id);
  const [entries, instalments, { held }, attachments] = await Promise.all([
    loopTimeline<BudgetEvent | HoldEvent>(db, id),
    instalmentsOf(db, id),
    recordedState<BudgetState, BudgetCommand>(db, id),
    attachmentsOf(db, id),
  ]);
  const contents = [
    row.request,
    row.outcome,
    ...instalments.map(({ evidence }) => evidence),
    ...entries.map(({ event }) => contentOf(event)),
  ];
  const [texts, sentences, steps] = await Promise.all([
    readContents(
      db,
      contents.filter((content) => content !== null),
    ),
    parts.tell(
      actor.id,
      entries.map(({ event }) => timelineSentence(event, row.currency)),
    ),
    stepsOf(parts, held.state),
  ]);
  const { raise } = held.state;
  const words = texts.get(row.request)?.body as BudgetWords | null | undefined;
  const amount = (minor: bigint): string => decimalOf({ minor, currency: row.currency });
  return {
    ...summaryOf(row),
    title: words?.title ?? null,
    why: words?.why ?? null,
    costs: words ? { travel: amount(0n), tax: amount(0n), ...words.costs } : null,
    instalments: instalments.map((one) => ({
      due: one.due,
      amount: amount(one.amount),
      spent: one.spent === null ? null : amount(one.spent),
      evidence: textOf(texts, one.evidence),
    })),
    steps,
    raise: raise && {
      instalment: raise.instalment,
      amount: amount(BigInt(raise.minor)),
      total: amount(totalOf(held.state)),
    },
    outcome: textOf(texts, row.outcome),
    attachments: attachments.map((one) => ({ ...one, addedAt: iso(one.addedAt) })),
    timeline: entries.map(({ at, event }, index) => ({
      at: iso(at),
      sentence: sentences[index] ?? '',
      text: textOf(texts, contentOf(event)),
    })),
  };
}

async function stepsOf({ db }: BudgetParts, state: BudgetState): Promise<BudgetRequest['steps']> {
  const seats = state.steps.flatMap((step) => step.seats);
  const people = [
    ...seats.flatMap((seat) => [seat.person, seat.insteadOf, seat.added, seat.decidedBy]),
    ...state.steps.flatMap(leftOutOf).map(({ person }) => person),
  ];
  const names = await personNames(
    db,
    people.filter((person) => person !== null),
  );
  const named = (id: PersonId) => ({ id, name: names.get(id) ?? id });
  const orNull = (id: PersonId | null) => (id === null ? null : named(id));
  const current = currentStep(state);
  return state.steps.map((step) => ({
    name: step.name,
    isCurrent: step === current,
    needs: step.needs,
    seats: step.seats.map(({ person, insteadOf, added, decidedBy }) => ({
      person: named(person),
      insteadOf: orNull(insteadOf),
      added: orNull(added),
      decidedBy: orNull(decidedBy),
    })),
    leftOut: leftOutOf(step).map(({ person, why }) => ({ person: named(person), why })),
  }));
}
