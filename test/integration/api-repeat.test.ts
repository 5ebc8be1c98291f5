import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LoopGateway } from '../../api/loop-gateway.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { readBack } from '../support/read-back.ts';

/** What stands between the API and the record, so that a test can hold it or break it. */
let fault: ((send: () => Promise<unknown>) => Promise<unknown>) | null = null;
let world: ApiWorld;
let accounts = 0;
let account: string;

beforeAll(async () => {
  world = await apiWorld((loops) => {
    const faulty =
      <Input>(send: (input: Input) => Promise<unknown>) =>
      (input: Input) =>
        fault ? fault(() => send(input)) : send(input);
    return {
      loops: { ...loops, start: faulty(loops.start), send: faulty(loops.send) } as LoopGateway,
    };
  });
});
afterAll(() => world.drop());
beforeEach(async () => {
  fault = null;
  account = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
});

const start = (key: string | null, changes: object = {}, as = berlin.lead) =>
  world.ask('/handoffs', {
    method: 'POST',
    as,
    key,
    body: { ...offer(account, tokyo.lead), ...changes },
  });
const told = ({ status, problem: { code } }: Awaited<ReturnType<typeof start>>) => [status, code];
const handoffsOf = async (id: string) =>
  world.db.selectFrom('handoff').select('id').where('account_id', '=', id).execute();

describe('a POST', () => {
  test('without a key is refused, and so is one with a key that is none', async () => {
    expect(told(await start(null))).toEqual([400, 'request.idempotency_key_missing']);
    for (const key of ['short', 'with space', 'a'.repeat(201)]) {
      expect(told(await start(key))).toEqual([400, 'request.idempotency_key_invalid']);
    }
    expect(await handoffsOf(account)).toEqual([]);
  });

  test('repeated gets the same answer, byte for byte, and nothing happens twice', async () => {
    const key = randomUUID();
    const first = await start(key);
    const again = await start(key);
    expect([first.status, again.status]).toEqual([201, 201]);
    const { id } = first.json as { id: string };
    expect([first, again].map(({ headers }) => headers.get('location'))).toEqual(
      Array(2).fill(`/handoffs/${id}`),
    );
    expect(again.text).toBe(first.text);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await handoffsOf(account)).toHaveLength(1);
  });

  test('that was refused is refused again in the same words', async () => {
    const key = randomUUID();
    const first = await start(key, { receiver: berlin.lead });
    expect(told(first)).toEqual([422, 'handoff.same_person']);
    expect((await start(key, { receiver: berlin.lead })).text).toBe(first.text);
  });

  test('of another body under the same key is refused', async () => {
    const key = randomUUID();
    await start(key);
    const other = await start(key, { summary: 'Something else.' });
    expect(told(other)).toEqual([422, 'request.idempotency_key_reused']);
  });

  test('of somebody else under the same key is another request', async () => {
    const key = randomUUID();
    const first = await start(key);
    const others = await start(key, {}, tokyo.lead);
    expect(others.text).not.toBe(first.text);
    expect(others.headers.get('idempotency-replayed')).toBeNull();
  });
});

test('answers are forgotten after a week, a few with each new one', async () => {
  await start(randomUUID());
  const count = async (): Promise<number> =>
    (await world.db.selectFrom('idempotency').select('key').execute()).length;
  world.clock.moveTo(world.clock.now() + 8 * 86_400_000);
  const before = await count();
  for (let requests = 0; requests < before; requests++) await start(randomUUID());
  expect(await count()).toBe(before);
});

describe('while the first is under way', () => {
  test('a second is told so, and ten at once let one through', async () => {
    const key = randomUUID();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    fault = async (send) => {
      await held;
      return send();
    };
    const early: Awaited<ReturnType<typeof start>>[] = [];
    const { promise: nineAreTold, resolve: areTold } = Promise.withResolvers<void>();
    const answers = Array.from({ length: 10 }, async () => {
      const answer = await start(key);
      if (early.push(answer) === 9) areTold();
      return answer;
    });
    await nineAreTold;
    for (const answer of early) {
      expect(told(answer)).toEqual([409, 'request.in_flight']);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    release();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect((await start(key)).status).toBe(201);
    expect(await handoffsOf(account)).toHaveLength(1);
  });

  test('a claim whose holder died is taken over once its lease has run out', async () => {
    const key = randomUUID();
    const { promise: sent, resolve: isSent } = Promise.withResolvers<void>();
    fault = () => {
      isSent();
      return new Promise(() => undefined);
    };
    void start(key);
    await sent;
    expect((await start(key)).status).toBe(409);
    fault = null;
    world.clock.moveTo(world.clock.now() + 30_001);
    expect((await start(key)).status).toBe(201);
  });
});

describe('a part that is away', () => {
  test('is told as such, and the same request may be repeated at once', async () => {
    const key = randomUUID();
    fault = () => Promise.reject(new Refusal(problem('request.unavailable')));
    const away = await start(key);
    expect(told(away)).toEqual([503, 'request.unavailable']);
    expect(away.headers.get('retry-after')).toBe('2');
    fault = null;
    expect((await start(key)).status).toBe(201);
  });

  test('does not free the key for another request: what was sent may have happened', async () => {
    const key = randomUUID();
    fault = () => Promise.reject(new Refusal(problem('request.timeout')));
    expect((await start(key)).status).toBe(503);
    fault = null;
    expect((await start(key, { summary: 'Other.' })).status).toBe(422);
    const repeated = await start(key);
    expect(repeated.status).toBe(201);
    expect(await handoffsOf(account)).toHaveLength(1);
  });

  test('such as Postgres answers 503, never a stack', async () => {
    const lonely = await apiWorld();
    const token = await lonely.tokens.of(`subject-of-${berlin.lead}`);
    await lonely.drop();
    const answer = await lonely.ask('/handoffs', { token });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.text).not.toContain('at ');
  });
});

test('a step repeated under its key is taken once', async () => {
  const made = await start(randomUUID());
  const { id } = made.json as { id: string };
  const accept = (key: string) =>
    world.ask(`/handoffs/${id}/accept`, {
      method: 'POST',
      as: tokyo.lead,
      key,
      body: readBack,
    });
  const key = randomUUID();
  const first = await accept(key);
  expect(first.status).toBe(200);
  expect((await accept(key)).text).toBe(first.text);
  expect((await accept(randomUUID())).status).toBe(409);
});
