/** Whoever asks for money during a storm: sends everything again until it is answered for good. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { PersonId } from '../../domain/id.ts';
import { purpose } from './budget-organisation.ts';
import type { TestTokens } from './tokens.ts';

export interface StormWalk {
  readonly index: number;
  readonly requester: PersonId;
  readonly amount: string;
}

export interface Submitted {
  /** Null when the money was gone. */
  readonly id: string | null;
  /** Sent twice at once, and answered as two. */
  readonly isDoubled: boolean;
}

export interface StormAsker {
  submits(walk: StormWalk): Promise<Submitted>;
  /** One of four is approved and closed, one approved, one rejected, one withdrawn. */
  decides(id: string, walk: StormWalk): Promise<void>;
  /** How many have been given, by anybody. */
  answers(): number;
  /** How often something was sent again. */
  repeats(): number;
}

/** Every tenth is sent twice at once. */
const twiceEvery = 10;
const waitMs = 100;
/** A claim of a process that was killed is taken over after half a minute. */
const triesMax = 3_000;
const patienceMs = 20_000;

const told = z.object({
  id: z.string(),
  status: z.string(),
  steps: z.array(
    z.object({
      isCurrent: z.boolean(),
      seats: z.array(
        z.object({ person: z.object({ id: z.string() }), decidedBy: z.object({}).nullable() }),
      ),
    }),
  ),
});
const refusal = z.object({ code: z.string() });

interface Asked {
  readonly as: string;
  readonly path: string;
  /** Of a POST; a GET has none. */
  readonly key?: string;
  readonly body?: unknown;
}

interface Answered {
  readonly status: number;
  readonly json: unknown;
}

const isPassing = ({ status, json }: Answered): boolean =>
  status >= 500 ||
  status === 429 ||
  (status === 409 && refusal.parse(json).code === 'request.in_flight');

export function stormAsker({
  url,
  tokens,
}: {
  readonly url: string;
  readonly tokens: TestTokens;
}): StormAsker {
  let [count, again] = [0, 0];

  async function askOnce({ as, path, key, body }: Asked): Promise<Answered | null> {
    try {
      const response = await fetch(`${url}${path}`, {
        method: key === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${await tokens.of(as)}`,
          ...(key !== undefined && { 'content-type': 'application/json', 'idempotency-key': key }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      });
      const answer = { status: response.status, json: await response.json() };
      return isPassing(answer) ? null : answer;
    } catch {
      return null; // nobody answered, or not to the end
    }
  }

  async function ask(asked: Asked): Promise<Answered> {
    for (let tries = 0; tries < triesMax; tries++) {
      const answer = await askOnce(asked);
      if (answer) {
        count++;
        return answer;
      }
      again++;
      await pause(waitMs);
    }
    throw new Error(`never answered: ${asked.path}`);
  }

  async function taken(asked: Asked): Promise<z.infer<typeof told>> {
    const { status, json } = await ask(asked);
    if (status >= 400) throw new Error(`${asked.path} answered ${status}: ${JSON.stringify(json)}`);
    return told.parse(json);
  }

  const submission = async ({ index, requester, amount }: StormWalk): Promise<string | null> => {
    const today = new Date().toISOString().slice(0, 10);
    const { status, json } = await ask({
      as: requester,
      path: '/budget-requests',
      key: `storm-${index}-submit`,
      body: {
        purpose,
        kind: 'course',
        title: `Course ${index}`,
        why: 'To get through storms.',
        gap: `storm-${index}`,
        currency: 'EUR',
        costs: { fee: amount },
        instalments: [{ due: today, amount }],
        ends: today,
        involvesProfessionals: false,
      },
    });
    if (status === 201) return told.parse(json).id;
    if (refusal.parse(json).code === 'budget.not_available') return null;
    throw new Error(`submission ${index} answered ${status}: ${JSON.stringify(json)}`);
  };

  async function approves(id: string, { index, requester }: StormWalk): Promise<void> {
    for (let nth = 0; ; nth++) {
      const { steps } = await taken({ as: requester, path: `/budget-requests/${id}` });
      const current = steps.find(({ isCurrent }) => isCurrent);
      const seat = current?.seats.find(({ decidedBy }) => decidedBy === null);
      if (!seat) return;
      const path = `/budget-requests/${id}/approve`;
      await taken({ as: seat.person.id, path, key: `storm-${index}-approve-${nth}`, body: {} });
    }
  }

  return {
    answers: () => count,
    repeats: () => again,
    async submits(walk) {
      const times = walk.index % twiceEvery === 0 ? 2 : 1;
      const ids = await Promise.all(Array.from({ length: times }, () => submission(walk)));
      const [id = null] = ids;
      return { id, isDoubled: ids.some((other) => other !== id) };
    },
    async decides(id, walk) {
      const { index, requester, amount } = walk;
      const way = index % 4;
      const step = (verb: string, as: string, body: object) =>
        taken({
          as,
          path: `/budget-requests/${id}/${verb}`,
          key: `storm-${index}-${verb}`,
          body,
        });
      if (way < 2) await approves(id, walk);
      if (way === 0) {
        const proof = { instalment: 0, amount, text: 'The receipt.' };
        await step('close', requester, { text: 'Learned.', proof });
      }
      if (way === 2) {
        const { steps } = await taken({ as: requester, path: `/budget-requests/${id}` });
        const [seat] = steps.find(({ isCurrent }) => isCurrent)?.seats ?? [];
        await step('reject', seat?.person.id ?? '', { text: 'Not this year.' });
      }
      if (way === 3) await step('withdraw', requester, {});
    },
  };
}
