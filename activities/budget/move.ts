/** What a step of a budget request moves: its read model, its money, what was decided and learned. */
import type { Transaction } from 'kysely';
import {
  keepMoney,
  lowerMoney,
  raiseLine,
  releaseKept,
  releaseMoney,
  returnException,
  spendMoney,
  usedBeforeReceipts,
  usedByLine,
} from '../../db/budget-kept.ts';
import {
  insertBudgetRequest,
  keepInLine,
  keepDecision,
  keepEvidence,
  offerLesson,
  updateBudgetRequest,
} from '../../db/budget-requests.ts';
import { lineInstead, lockLines } from '../../db/budget-lines.ts';
import { convertedInLine } from '../../db/budget-submissions.ts';
import { competencyOfGap } from '../../db/competencies.ts';
import { readContents } from '../../db/contents.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { seatOf } from '../../domain/budget/decide.ts';
import { usedBy } from '../../domain/budget/clock.ts';
import { closeOutDueAt } from '../../domain/budget/plan.ts';
import {
  currentStep,
  isExceptionStep,
  type BudgetEvent,
  type Instalment,
} from '../../domain/budget/state.ts';
import type { PracticeKind } from '../../domain/exchange/practice.ts';
import type { HoldEvent } from '../../domain/loop.ts';
import type { Money } from '../../domain/money.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Competency } from '../../domain/people/competency.ts';
import { draftPractice } from '../draft-practice.ts';
import type { Opening } from '../loop-record.ts';
import type { BudgetStep } from './record.ts';

type Tx = Transaction<DB>;
type Of<Type extends BudgetEvent['type']> = Extract<BudgetEvent, { type: Type }>;

export async function moveBudget(tx: Tx, step: BudgetStep): Promise<readonly Opening[]> {
  const lines = await linesOf(tx, step);
  // One by one, in the order of its instalments, it could wait for a request that waits for it.
  if (lines.size > 1) await lockLines(tx, [...lines]);
  for (const event of step.events) await moveFor(tx, step, event);
  const ended = step.events.find((event) => event.type === 'completed');
  return ended === undefined ? [] : giveLesson(tx, step, ended);
}

/** Of its instalments; and where higher amounts come from, which may be of a later year. */
async function linesOf(tx: Tx, { id, after }: BudgetStep): Promise<ReadonlySet<string>> {
  const { instalments, raise, raises } = after;
  const lines = instalments.map(({ line }) => line);
  if (raises === 0) return new Set(lines);
  const asked = raise && instalments[raise.instalment];
  const instead = asked && (await lineInstead(tx, asked.line));
  const used = await usedByLine(tx, id);
  return new Set([...lines, ...used.keys(), ...(instead ? [instead] : [])]);
}

/** Offered at the close-out, and drafted as a practice by the same step. */
async function giveLesson(
  tx: Tx,
  { id, at, after }: BudgetStep,
  { by, lesson }: Of<'completed'>,
): Promise<readonly Opening[]> {
  if (lesson === null) return [];
  const given = (await readContents(tx, [lesson])).get(lesson)?.body as GivenLesson | null;
  const { kind, text } = present(given ?? undefined, 'what was learned');
  const competency = (after.gap && (await competencyOfGap(tx, after.gap))) || competencyByDefault;
  const opening = await draftPractice(tx, { by: id, at, author: by, kind, text, competency });
  await offerLesson(tx, { id, author: by, content: lesson, at, practice: opening.id });
  return [opening];
}

interface GivenLesson {
  readonly kind: PracticeKind;
  readonly text: string;
}

/** Of a request that names no gap; its author says another where it is one. */
const competencyByDefault: Competency = 'cross-border-teamwork';

/** What may leave a request with less than an exception was granted for. */
const returning: readonly string[] = [
  'approved',
  'rejected',
  'lapsed',
  'withdrawn',
  'proven',
  'completed',
];

async function moveFor(tx: Tx, step: BudgetStep, event: BudgetEvent | HoldEvent): Promise<void> {
  const { id: request, at, before, after } = step;
  const isReturning = before.isException && returning.includes(event.type);
  const usedUntil = event.type === 'completed' ? usedBeforeReceipts : usedByLine;
  const used = isReturning ? await usedUntil(tx, request) : null;
  switch (event.type) {
    case 'submitted':
      return submitted(tx, step);
    case 'approved':
      await decided(tx, step, event);
      await lowered(tx, step, event);
      break;
    case 'excepted':
      await decided(tx, step, event);
      await excepted(tx, step, event);
      break;
    case 'rejected':
      await decided(tx, step, event);
      await undecided(tx, step, 'voided');
      break;
    case 'asked':
      await decided(tx, step, event);
      break;
    case 'lapsed':
      await undecided(tx, step, 'expired');
      break;
    case 'withdrawn':
      await releaseMoney(tx, { request, at, as: 'voided' });
      break;
    case 'proven':
      await proven(tx, step, event);
      break;
    case 'raised':
      await raised(tx, step, event);
      break;
    case 'completed':
      await releaseMoney(tx, { request, at, as: 'voided' });
      break;
    case 'answered':
    case 'questionLapsed':
      break;
    case 'rerouted':
      if (after.status === 'approved') break;
      return;
    case 'reminded':
    case 'overdue':
    case 'closeOutReminded':
    case 'held':
    case 'resumed':
      return;
  }
  const hasChangedAmounts = before.instalments !== after.instalments;
  if (used) {
    const why = `${step.sequence} ${event.type}`;
    await returnException(tx, { request, author: step.actor, why, before: used, at });
  }
  // A higher amount that is asked for puts nothing off.
  const isGranted = after.status === 'approved' || after.raise !== null;
  const dueAt = isGranted ? closeOutDueAt(after, step.world) : null;
  const outcome = event.type === 'completed' ? event.content : null;
  const isRaising = event.type === 'raised' || event.type === 'excepted';
  if (isRaising || (before.raise !== null && after.raise === null)) {
    await keepInLine(tx, request, await unkept(tx, step));
  }
  await updateBudgetRequest(tx, { ...step, closeOutDueAt: dueAt, outcome, hasChangedAmounts });
}

/** With the money of every instalment; of an exception only once it is granted. */
async function submitted(tx: Tx, step: BudgetStep): Promise<void> {
  const { after, at } = step;
  const { lineCurrency, inLine } = await convertedInLine(tx, after, at);
  await insertBudgetRequest(tx, { ...step, lineCurrency, inLine });
  if (!after.isException) await keepAll(tx, step, 'submitted');
}

async function keepAll(tx: Tx, { after, id: request, at }: BudgetStep, why: string): Promise<void> {
  for (const [position, instalment] of after.instalments.entries()) {
    const asked = moneyOf(instalment, after.currency);
    await keepMoney(tx, { request, position, line: instalment.line, asked, why, at });
  }
}

const moneyOf = ({ minor }: Pick<Instalment, 'minor'>, currency: string): Money => ({
  minor: BigInt(minor),
  currency,
});

type DecidingEvent = Of<'approved' | 'excepted' | 'rejected' | 'asked'>;

async function decided(tx: Tx, step: BudgetStep, { type, by }: DecidingEvent): Promise<void> {
  const { before, id, at, world } = step;
  const actedBy = present(step.actor, 'who acts');
  const seat = present(seatOf(before, by), 'the seat of whoever decided');
  const { name } = present(currentStep(before), 'the step that was decided');
  const since = seat.person === by ? seat.since : (seat.overdueAt ?? seat.since);
  const { runs } = before;
  await keepDecision(tx, {
    id,
    step: name,
    kind: type,
    person: by,
    actedBy,
    at,
    // A delegate's own time, where one decides: it is theirs that the clock ran in.
    waitedMinutes: usedBy(world.working(actedBy), { runs, since, until: at }),
  });
}

/** Less than asked for: the rest is available again at once. */
async function lowered(tx: Tx, step: BudgetStep, { amounts }: Of<'approved'>): Promise<void> {
  const { id: request, after, at } = step;
  for (const [position, minor] of (amounts ?? []).entries()) {
    const to = moneyOf({ minor }, after.currency);
    await lowerMoney(tx, { request, position, to, at });
  }
}

/** The lines are raised by what they lack, and what is asked for is kept; of a raise only that. */
async function excepted(tx: Tx, step: BudgetStep, { by, minor }: Of<'excepted'>): Promise<void> {
  const { id: request, before, after, at } = step;
  const { currency, region, raises } = after;
  const more = before.raise && (await moreOf(tx, before, before.raise));
  const instalments = more ? [more] : after.instalments;
  const why = more && raiseName(raises);
  let left = BigInt(minor);
  const { byLine } = await convertedInLine(tx, { currency, region, instalments }, at);
  for (const [line, needed] of byLine) {
    left -= await raiseLine(tx, { request, line, why, author: by, needed, max: left, at });
  }
  await (more ? keepMore(tx, step, more) : keepAll(tx, step, 'excepted'));
}

/** Of a raise only what it asked for beyond what was granted goes back, if it is kept already. */
async function undecided(tx: Tx, step: BudgetStep, as: 'voided' | 'expired'): Promise<void> {
  const { id: request, at, before } = step;
  if (before.raise === null) return releaseMoney(tx, { request, at, as });
  if (isExceptionStep(currentStep(before))) return;
  const { instalment: position } = before.raise;
  await releaseKept(tx, { request, at, as, position, why: raiseName(before.raises) });
}

async function proven(tx: Tx, step: BudgetStep, event: Of<'proven'>): Promise<void> {
  const { id: request, after, at } = step;
  const { instalment: position, content, by: author } = event;
  await spendMoney(tx, { request, position, author, spent: moneyOf(event, after.currency), at });
  await keepEvidence(tx, { id: request, position, content });
}

/** Of an exception nothing is kept before it is granted; that there is a line is known at once. */
async function raised(tx: Tx, step: BudgetStep, event: Of<'raised'>): Promise<void> {
  const more = await moreOf(tx, step.before, event);
  if (!step.after.isException) await keepMore(tx, step, more);
}

interface More extends Omit<Instalment, 'spent'> {
  readonly position: number;
}

/** What a raise asks for beyond what is granted; of a year that is closed the money went on into the next. */
async function moreOf(
  tx: Tx,
  { instalments }: BudgetStep['before'],
  { instalment: position, minor }: Pick<Of<'raised'>, 'instalment' | 'minor'>,
): Promise<More> {
  const granted = present(instalments[position], 'the instalment');
  const line = await lineInstead(tx, granted.line);
  if (line === null) throw new Refusal(problem('budget.line_closed'));
  const more = String(BigInt(minor) - BigInt(granted.minor));
  return { line, due: granted.due, minor: more, position };
}

async function keepMore(tx: Tx, step: BudgetStep, more: More): Promise<void> {
  const { id: request, after, at } = step;
  const { position, line } = more;
  const why = raiseName(after.raises);
  await keepMoney(tx, { request, position, line, asked: moneyOf(more, after.currency), why, at });
}

/** In the currency of the lines: what the step of the exception is still asked for. */
async function unkept(tx: Tx, { after, at }: BudgetStep): Promise<bigint> {
  const { raise, currency, region } = after;
  if (raise === null || !isExceptionStep(currentStep(after))) return 0n;
  const instalments = [await moreOf(tx, after, raise)];
  return (await convertedInLine(tx, { currency, region, instalments }, at)).inLine;
}

const raiseName = (raises: number): string => `raise ${raises}`;
