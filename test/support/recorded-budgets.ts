/** Requests for money by their rules and their record alone: one organisation, a line for each story. */
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import type { AskedBudget } from '../../db/budget-submissions.ts';
import { verifyLedger } from '../../db/budget-verify.ts';
import { insertContent } from '../../db/contents.ts';
import { budgetRules } from '../../domain/budget/decide.ts';
import type { BudgetCommand, BudgetState } from '../../domain/budget/state.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { DelegationScope } from '../../domain/people/delegation.ts';
import { givenBudgetPeople, givenLine, givenPolicy, who } from './budget-organisation.ts';
import { raiseCommand, submitCommand } from './budget-story.ts';
import { testDatabase } from './database.ts';
import { recordedLoop, type RecordedLoop } from './recorded-loop.ts';
import { storyClock } from './story-clock.ts';

interface Given {
  /** The value of `budget.route`. */
  readonly route: object;
  onQuery?(): void;
}

export type RecordedBudgets = Awaited<ReturnType<typeof recordedBudgets>>;
export type RecordedBudget = RecordedLoop<BudgetState, BudgetCommand>;

export async function recordedBudgets({ route, onQuery }: Given) {
  const startsAt = Date.parse('2026-11-24T10:00Z');
  const clock = storyClock(startsAt);
  const database = await testDatabase(onQuery ? { onQuery } : {});
  const { db } = database;
  await givenBudgetPeople(db, startsAt);
  await givenPolicy(db, 'budget.route', route);
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const stage = { clock, database };

  let purposes = 0;
  const newLine = async (to?: bigint) => {
    const purpose = `story-${++purposes}`;
    const year = new Date(clock.now()).getUTCFullYear();
    const given = { year, at: clock.now(), purpose, ...(to !== undefined && { to }) };
    return { purpose, line: await givenLine(db, given) };
  };
  const begun = () => recordedLoop({ record, clock }, budgetRules);
  async function submits(given: Partial<AskedBudget>, to?: bigint) {
    const { line, purpose } = await newLine(to);
    const { submittedBy, requester = who.requester } = given;
    const delegation = submittedBy && (await delegated(requester, submittedBy));
    const request = begun();
    const answer = await request.does(await submitCommand(stage, { purpose, ...given }));
    if (answer !== 'recorded') throw new Error(answer);
    await delegation?.ends();
    clock.moveTo(clock.now() + 60_000);
    return { line, request };
  }

  async function written(kind: string, body: object = { text: kind }): Promise<ContentId> {
    const id = randomUUID() as ContentId;
    await insertContent(db, { id, author: who.requester, kind, body, at: clock.now() });
    return id;
  }

  async function raises(
    id: LoopId,
    minor: string,
    given: { readonly actor?: PersonId; readonly isException?: boolean } = {},
  ) {
    const content = await written('budget.raise');
    const { actor = who.requester } = given;
    return raiseCommand(stage, { ...given, id, actor, instalment: 0, minor, content });
  }

  const excepts = async (request: Pick<RecordedBudget, 'does'>, minor: string) => {
    const content = await written('budget.except');
    return request.does({ type: 'except', actor: who.treasurer, minor, content });
  };
  const rejects = async (request: Pick<RecordedBudget, 'does'>, actor: PersonId) =>
    request.does({ type: 'reject', actor, content: await written('budget.reject') });

  const proves = async (request: Pick<RecordedBudget, 'does'>, minor: string) => {
    const content = await written('budget.prove');
    return request.does({ type: 'prove', actor: who.requester, instalment: 0, minor, content });
  };

  /** From now on, until the test ends it. */
  async function delegated(
    principal: PersonId,
    delegate: PersonId,
    scope: DelegationScope = 'all',
  ) {
    const period = `[${new Date(clock.now()).toISOString()},)`;
    const between = { principal_id: principal, delegate_id: delegate, scope };
    const row = { ...between, source: 'directory', period };
    await db
      .insertInto('delegation')
      .values({ ...row, id: randomUUID() })
      .execute();
    return {
      ends: () => db.deleteFrom('delegation').where('principal_id', '=', principal).execute(),
    };
  }

  return {
    ...stage,
    db,
    newLine,
    begun,
    submits,
    written,
    raises,
    excepts,
    rejects,
    proves,
    delegated,
    drop: () => database.drop(),
    submitCommand: (given: Partial<AskedBudget>) => submitCommand(stage, given),
    isLedgerRight: async () => (await verifyLedger(db)).differences.length === 0,
    lineOf: (id: string) =>
      db
        .selectFrom('budget_line')
        .select(['allocated', 'reserved', 'committed'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
  };
}
