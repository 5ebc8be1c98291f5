/** The API as a story: over HTTP, with the rules and the record where the workflow would stand between. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import type { ApiParts } from '../../api/environment.ts';
import type { LoopGateway } from '../../api/loop-gateway.ts';
import type { ProblemDocument } from '../../api/problem.ts';
import type { PersonId } from '../../domain/id.ts';
import { budgetWorkflow } from '../../workflows/budget/id.ts';
import { handoffRecorder } from './handoff-recorder.ts';
import { issuer, testTokens, type TestTokens } from './tokens.ts';

export const publicUrl = 'https://meridian.test';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
  readonly problem: ProblemDocument;
}

export interface Asking {
  readonly method?: string;
  readonly as?: PersonId | null;
  readonly token?: string;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ApiWorld = Awaited<ReturnType<typeof apiWorld>>;

type Change = (loops: LoopGateway) => Partial<ApiParts>;

export async function apiWorld(change: Change = () => ({})) {
  const recorder = await handoffRecorder();
  const { db, clock, gateway, openBudget } = recorder;
  const tokens: TestTokens = await testTokens(clock);
  const people = await db.selectFrom('person').select('id').execute();
  await db
    .insertInto('identity')
    .values(people.map(({ id }) => ({ issuer, subject: `subject-of-${id}`, person_id: id })))
    .execute();
  const lines: Record<string, unknown>[] = [];
  const loops: LoopGateway = {
    start: ({ workflow, loopId, envelope }) =>
      workflow === budgetWorkflow
        ? openBudget(loopId, envelope)
        : gateway.open(loopId, envelope as never),
    send: ({ loopId, envelope }) => gateway.send(loopId, envelope as never),
    isReachable: async () => true,
  };
  const app = createApp({
    db,
    loops,
    clock,
    verifyToken: tokens.verifyToken,
    issuer,
    publicUrl,
    log: pino(
      {},
      { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    ...change(loops),
  });

  async function headersOf(asking: Asking): Promise<Record<string, string>> {
    const { method = 'GET', as, key } = asking;
    const token = asking.token ?? (as ? await tokens.of(`subject-of-${as}`) : undefined);
    const hasBody = asking.body !== undefined || asking.text !== undefined;
    const sentKey = key === undefined && method === 'POST' ? randomUUID() : key;
    return {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(sentKey && { 'idempotency-key': sentKey }),
      ...asking.headers,
    };
  }

  async function ask(path: string, asking: Asking = {}): Promise<Answer> {
    const body = asking.text ?? (asking.body === undefined ? null : JSON.stringify(asking.body));
    const response = await app.request(path, {
      method: asking.method ?? 'GET',
      headers: await headersOf(asking),
      body,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text) as unknown;
      },
      get problem() {
        return JSON.parse(text) as ProblemDocument;
      },
    };
  }

  return { ...recorder, app, tokens, lines, ask };
}

/** A whole offer that nothing is wrong with. */
export const offer = (account: string, receiver: PersonId) => ({
  account,
  receiver,
  severity: 'important',
  summary: 'The contract is signed; the first delivery is on its way.',
  actions: [{ text: 'Call the clinic', owner: receiver, dueAt: '2026-11-25T09:00:00+09:00' }],
  situation: 'They wait for the delivery.',
  contingencies: [{ when: 'The delivery is late', response: 'Tell the head of purchasing first.' }],
});
