/** Opens, shows, funds and closes budget lines. */
import { createRoute, type z } from '@hono/zod-openapi';
import type { Transaction } from 'kysely';
import {
  carryOver,
  changeAllocation,
  isAllocated,
  lineAfter,
  lockLine,
  lockLines,
  openBudgetLine,
  type Refused,
} from '../../db/budget-lines.ts';
import { findOffer, offerOf } from '../../db/budget-offers.ts';
import {
  closeLine,
  findLine,
  fiscalFactsOf,
  lineEntries,
  type LineRow,
  lineSeries,
  listLines,
} from '../../db/budget-views.ts';
import type { Query } from '../../db/client.ts';
import type { DB } from '../../db/schema.ts';
import { derivedId } from '../../db/derived-id.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { fiscalYear } from '../../domain/budget/fiscal-year.ts';
import { digitsOf } from '../../domain/currency.ts';
import type { RegionId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { decimalOf, type Money, parseMoney } from '../../domain/money.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { type Commanded, stepRoutes } from '../loop-steps.ts';
import {
  allocationBody,
  closeBody,
  lineAnswer,
  lineBody,
  lineParams,
  offerAnswer,
  linesAnswer,
  linesQuery,
  type lineSummary,
} from './schema.ts';

export type BudgetLineParts = Pick<DirectoryParts, 'db' | 'clock'>;

export type BudgetLineShown = z.input<typeof lineAnswer>;
export type LineSummary = z.input<typeof lineSummary>;

const iso = (at: Instant): string => new Date(at).toISOString();

type Sums = Pick<LineRow, 'allocated' | 'reserved' | 'committed'>;

function figuresOf({ allocated, reserved, committed }: Sums, currency: string) {
  const text = (minor: bigint): string => decimalOf({ minor, currency });
  return {
    allocated: text(allocated),
    reserved: text(reserved),
    committed: text(committed),
    available: text(allocated - reserved - committed),
  };
}

export const summaryOf = (row: LineRow): LineSummary => ({
  ...row,
  ...figuresOf(row, row.currency),
  from: iso(row.from),
  until: iso(row.until),
  closedAt: row.closedAt === null ? null : iso(row.closedAt),
});

/** What does not exist and what may not be seen answer alike. */
async function seenLine(
  { db }: { readonly db: Query },
  actor: Actor,
  id: string,
): Promise<LineRow> {
  const row = await findLine(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

/** In the transaction that changes it: nobody else does until it ends. */
async function managedLine(
  tx: Transaction<DB>,
  { actor, input, seen }: Commanded<{ readonly id: string }>,
): Promise<LineRow> {
  await lockLine(tx, input.id);
  const row = await seenLine({ db: tx }, actor, input.id);
  if (!may(actor, 'budgetLine.manage', { region: row.region.id })) {
    throw new Refusal(problem('authority.forbidden'));
  }
  const { revision } = row;
  if (seen !== undefined && seen !== revision) {
    throw new Refusal(problem('request.revision_stale', { seen, revision }));
  }
  return row;
}

async function present(parts: BudgetLineParts, actor: Actor, id: string): Promise<BudgetLineShown> {
  const row = await seenLine(parts, actor, id);
  const { currency } = row;
  const [entries, offered, series] = await Promise.all([
    lineEntries(parts.db, id),
    offerOf(parts.db, id),
    lineSeries(parts.db, id),
  ]);
  return {
    ...summaryOf(row),
    entries: entries.map(({ at, added, ...entry }) => ({
      ...entry,
      at: iso(at),
      added: decimalOf({ minor: added, currency }),
    })),
    offered: offered && {
      at: iso(offered.at),
      available: decimalOf({ minor: offered.available, currency }),
    },
    series: series.map(({ at, ...sums }) => ({ at: iso(at), ...figuresOf(sums, currency) })),
  };
}

function unlessRefused<Done extends { readonly ok: true }>(answer: Done | Refused): Done {
  if (!answer.ok) throw new Refusal(answer.problem);
  return answer;
}

function amountOf(text: string, currency: string): Money {
  const read = parseMoney(text, currency);
  if (!read.ok) throw new Refusal(read.problem);
  return read.money;
}

const answer = {
  description: 'The line as it now stands.',
  content: { 'application/json': { schema: lineAnswer } },
} as const;
const body = <Body extends z.ZodType>(schema: Body) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

const openRoute = createRoute({
  method: 'post',
  path: '/budget-lines',
  operationId: 'openBudgetLine',
  tags: ['budgets'],
  summary: 'What a region may spend in a fiscal year for a purpose: nothing yet',
  request: body(lineBody),
  responses: { 201: answer },
});

async function open(
  parts: BudgetLineParts,
  { actor, input }: Commanded<z.output<typeof lineBody>>,
): Promise<BudgetLineShown> {
  const { year, purpose, isRingFenced, currency } = input;
  const region = input.region as RegionId;
  const facts = may(actor, 'budgetLine.view', { region })
    ? await fiscalFactsOf(parts.db, region)
    : null;
  if (!facts) throw new Refusal(problem('request.not_found'));
  if (!may(actor, 'budgetLine.manage', { region })) {
    throw new Refusal(problem('authority.forbidden'));
  }
  if (digitsOf(currency) === null)
    throw new Refusal(problem('money.currency_unknown', { currency }));
  const line = { region, year: fiscalYear(year, facts), purpose, isRingFenced, currency };
  const opened = await parts.db.transaction().execute((tx) => openBudgetLine(tx, line));
  return present(parts, actor, unlessRefused(opened).id);
}

const readRoute = createRoute({
  method: 'get',
  path: '/budget-lines/{id}',
  operationId: 'readBudgetLine',
  tags: ['budgets'],
  summary: 'A line: its figures, who changed them and why, and how they came about',
  request: { params: lineParams },
  responses: { 200: answer },
});

const read = (
  parts: BudgetLineParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<BudgetLineShown> => present(parts, actor, input.id);

const offerRoute = createRoute({
  method: 'get',
  path: '/budget-lines/{id}/offer',
  operationId: 'readBudgetOffer',
  tags: ['budgets'],
  summary: 'What you were offered of a line ahead of the end of its year; never its figures',
  request: { params: lineParams },
  responses: {
    200: {
      description: 'What it is for, and until when it can be asked for.',
      content: { 'application/json': { schema: offerAnswer } },
    },
  },
});

export type BudgetOfferShown = z.input<typeof offerAnswer>;

/** Whoever was not offered it, or does not belong to us any more, hears what anybody else does. */
async function readOffer(
  { db }: BudgetLineParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<BudgetOfferShown> {
  const offer = actor.isActive ? await findOffer(db, { line: input.id, person: actor.id }) : null;
  if (!offer) throw new Refusal(problem('request.not_found'));
  const { until, closedAt } = offer;
  return { ...offer, until: iso(until), closedAt: closedAt === null ? null : iso(closedAt) };
}

const listRoute = createRoute({
  method: 'get',
  path: '/budget-lines',
  operationId: 'listBudgetLines',
  tags: ['budgets'],
  summary: 'The lines of the regions whose money you may see',
  request: { query: linesQuery },
  responses: {
    200: {
      description: 'The latest year first.',
      content: { 'application/json': { schema: linesAnswer } },
    },
  },
});

async function list(
  { db }: BudgetLineParts,
  { actor, input }: Asked<z.output<typeof linesQuery>>,
): Promise<Page<LineSummary>> {
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const after = place && { year: place[0], id: place[1] };
  const { region, year, limit } = input;
  const rows = await listLines(db, actor, { region, year, after, limit: limit + 1 });
  return pageOf(rows, limit, { item: summaryOf, place: ({ year: of, id }) => [of, id] });
}

const stepRoute = stepRoutes({
  path: '/budget-lines',
  noun: 'BudgetLine',
  tag: 'budgets',
  params: lineParams,
  answer: lineAnswer,
  description: answer.description,
});

type Allocating = { readonly id: string } & z.output<typeof allocationBody>;

async function allocate(
  parts: BudgetLineParts,
  asked: Commanded<Allocating>,
): Promise<BudgetLineShown> {
  const { actor, input, commandId } = asked;
  const { id: line, reason } = input;
  const id = derivedId('budget allocation', commandId);
  await parts.db.transaction().execute(async (tx) => {
    // What a lost answer had committed is not decided upon again.
    if (await isAllocated(tx, id)) return;
    const { currency } = await managedLine(tx, asked);
    const to = amountOf(input.to, currency).minor;
    const change = { id, line, to, author: actor.id, reason, at: parts.clock.now() };
    unlessRefused(await changeAllocation(tx, change));
  });
  return present(parts, actor, line);
}

type Closing = { readonly id: string } & z.output<typeof closeBody>;

async function close(parts: BudgetLineParts, asked: Commanded<Closing>): Promise<BudgetLineShown> {
  const { actor, input } = asked;
  const { id: line } = input;
  const at = parts.clock.now();
  await parts.db.transaction().execute(async (tx) => {
    const into = input.carryOver ? await lineAfter(tx, line) : null;
    if (into !== null) await lockLines(tx, [line, into]);
    await managedLine(tx, asked);
    if (!input.carryOver) {
      if (!(await closeLine(tx, line, at))) throw new Refusal(problem('budget.line_closed'));
      return;
    }
    if (into === null) throw new Refusal(problem('budget.no_next_line'));
    unlessRefused(await carryOver(tx, { line, into, at }));
  });
  return present(parts, actor, line);
}

export const budgetLineOperations = {
  open: { route: openRoute, run: open },
  read: { route: readRoute, run: read },
  offer: { route: offerRoute, run: readOffer },
  list: { route: listRoute, run: list },
  allocate: {
    route: stepRoute(
      'allocate',
      'Changes what it has, by an entry with author and reason; never below what is used',
      allocationBody,
    ),
    run: allocate,
  },
  close: {
    route: stepRoute('close', 'Closes it for good: nothing more is kept on it', closeBody),
    run: close,
  },
} as const;
