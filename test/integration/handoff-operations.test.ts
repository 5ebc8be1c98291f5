import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptHandoff } from '../../api/handoffs/accept-handoff.ts';
import { answerHandoff } from '../../api/handoffs/answer-handoff.ts';
import { askHandoff } from '../../api/handoffs/ask-handoff.ts';
import { confirmHandoff } from '../../api/handoffs/confirm-handoff.ts';
import { declineHandoff } from '../../api/handoffs/decline-handoff.ts';
import { explainHandoff } from '../../api/handoffs/explain-handoff.ts';
import { holdHandoff } from '../../api/handoffs/hold-handoff.ts';
import { listHandoffs } from '../../api/handoffs/list-handoffs.ts';
import type { OfferInput } from '../../api/handoffs/offer.ts';
import type { HandoffParts } from '../../api/handoffs/parts.ts';
import type { Handoff } from '../../api/handoffs/present.ts';
import { previewHandoff } from '../../api/handoffs/preview-handoff.ts';
import { readHandoff } from '../../api/handoffs/read-handoff.ts';
import { reassignHandoff } from '../../api/handoffs/reassign-handoff.ts';
import { resumeHandoff } from '../../api/handoffs/resume-handoff.ts';
import {
  explainAnswer,
  handoffAnswer,
  handoffsAnswer,
  offerBody,
  previewAnswer,
  saidBody,
} from '../../api/handoffs/schema.ts';
import { startHandoff } from '../../api/handoffs/start-handoff.ts';
import { withdrawHandoff } from '../../api/handoffs/withdraw-handoff.ts';
import { loadActor } from '../../db/actors.ts';
import { createWorldLoader } from '../../db/planning-world.ts';
import { present } from '../../domain/assert.ts';
import { packetLimits } from '../../domain/handoff/packet.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';
import { person } from '../support/people.ts';
import { readBack } from '../support/read-back.ts';

const stranger = person('london-lead');

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
let parts: HandoffParts;
let account: string;
let accounts = 0;

beforeAll(async () => {
  recorder = await handoffRecorder();
  parts = {
    db: recorder.db,
    clock: recorder.clock,
    handoffs: recorder.gateway,
    loadWorld: createWorldLoader(),
    tell: async (_reader, sentences) => sentences.map(({ key }) => key),
  };
});
afterAll(() => recorder.drop());
beforeEach(async () => {
  account = `account-${++accounts}`;
  const since = recorder.clock.now() - 1_000;
  await givenAccount(recorder.db, { id: account as never, owner: berlin.lead, since });
});

const as = async (id: PersonId) =>
  present(await loadActor(recorder.db, id, recorder.clock.now()), id);

const commanded = async <Input>(by: PersonId, input: Input, commandId: string = randomUUID()) => ({
  actor: await as(by),
  input,
  commandId,
});

const offer = (changes: Partial<OfferInput> = {}): OfferInput => ({
  account,
  receiver: tokyo.lead,
  severity: 'important',
  summary: 'Tender for 400 stents; the decision is in the second week of December.',
  actions: [
    { text: 'Send the revised price list', owner: tokyo.lead, dueAt: '2026-11-27T17:00:00+09:00' },
  ],
  situation: 'The head of purchasing changes at the end of the month.',
  contingencies: [{ when: 'the tender comes early', response: 'call purchasing the same day' }],
  ...changes,
});

const started = async (changes: Partial<OfferInput> = {}): Promise<Handoff> =>
  startHandoff(parts, await commanded(berlin.lead, offer(changes)));

async function refusal(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'answered';
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
}

const text = 'In my own words.';

/** A handoff that has ended answers nothing but that. */
const closed = () => Promise.reject(new Refusal(problem('loop.closed')));
const gone = { open: closed, send: closed };

describe('a handoff', () => {
  test('goes from the offer to the confirmation, and shows where it stands after each step', async () => {
    const offered = await started();
    expect(handoffAnswer.safeParse(offered).error).toBeUndefined();
    expect(offered).toMatchObject({
      status: 'offered',
      giver: { id: berlin.lead },
      waitsFor: { id: tokyo.lead, name: 'Name of tokyo-lead' },
      dueAt: '2026-11-24T08:00:00.000Z',
      revision: 1,
      packet: {
        summary: offer().summary,
        actions: [{ owner: { id: tokyo.lead }, dueAt: '2026-11-27T08:00:00.000Z' }],
      },
    });
    const { id } = offered;
    const asked = await askHandoff(
      parts,
      await commanded(tokyo.lead, { id, text: 'Which price?' }),
    );
    expect(asked).toMatchObject({ status: 'questioned', waitsFor: { id: berlin.lead } });
    await answerHandoff(parts, await commanded(berlin.lead, { id, text: 'That of October.' }));
    const accepted = await acceptHandoff(parts, await commanded(tokyo.lead, { id, ...readBack }));
    expect(accepted).toMatchObject({
      status: 'readBack',
      synthesis: { ...readBack, isSameSeverity: true, text: null },
    });
    const confirmed = await confirmHandoff(parts, await commanded(berlin.lead, { id }));
    expect(confirmed).toMatchObject({ status: 'transferred', waitsFor: null, dueAt: null });
    expect(
      confirmed.timeline.map(({ type, actor, text: said }) => [type, actor?.id, said]),
    ).toEqual([
      ['offered', berlin.lead, null],
      ['asked', tokyo.lead, 'Which price?'],
      ['answered', berlin.lead, 'That of October.'],
      ['readBack', tokyo.lead, `${readBack.firstAction}\n${readBack.contingency}`],
      ['transferred', berlin.lead, null],
    ]);
    expect(confirmed.timeline[0]?.sentence).toBe('handoff.timeline.offered');
    expect(handoffAnswer.safeParse(confirmed).error).toBeUndefined();
  });

  test('is declined, reassigned, held, resumed and withdrawn', async () => {
    const { id } = await started();
    const declined = await declineHandoff(parts, await commanded(tokyo.lead, { id, text }));
    expect(declined).toMatchObject({ status: 'offered', waitsFor: null });
    const to = tokyo.backup;
    const reassigned = await reassignHandoff(parts, await commanded(berlin.lead, { id, to }));
    expect(reassigned).toMatchObject({ receiver: { id: to }, waitsFor: { id: to } });
    const held = await holdHandoff(parts, await commanded(berlin.manager, { id }));
    expect(held).toMatchObject({ isHeld: true, dueAt: null });
    const step = acceptHandoff(parts, await commanded(to, { id, ...readBack }));
    expect(await refusal(step)).toBe('loop.held');
    const resumed = await resumeHandoff(parts, await commanded(berlin.lead, { id }));
    expect(resumed.isHeld).toBe(false);
    const withdrawn = await withdrawHandoff(parts, await commanded(berlin.lead, { id, text }));
    expect(withdrawn).toMatchObject({ status: 'withdrawn', closedAt: expect.any(String) });
  });

  test('that the same request starts twice is one handoff with one packet', async () => {
    const asked = await commanded(berlin.lead, offer());
    const first = await startHandoff(parts, asked);
    const second = await startHandoff(parts, asked);
    expect(second).toEqual(first);
    const { count } = await recorder.db
      .selectFrom('handoff')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('account_id', '=', account)
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(1);
  });

  test('that went on is still told to a repeat of the request that moved it', async () => {
    const starting = await commanded(berlin.lead, offer());
    const { id } = await startHandoff(parts, starting);
    const accepting = await commanded(tokyo.lead, { id, ...readBack });
    await acceptHandoff(parts, accepting);
    const confirming = await commanded(berlin.lead, { id });
    const moved = await confirmHandoff(parts, confirming);
    // The answers were lost; meanwhile the account is no longer the giver's to offer.
    const repeats = [
      await startHandoff({ ...parts, handoffs: gone }, starting),
      await acceptHandoff({ ...parts, handoffs: gone }, accepting),
      await confirmHandoff({ ...parts, handoffs: gone }, confirming),
    ];
    expect(repeats).toEqual([moved, moved, moved]);
    const another = confirmHandoff(
      { ...parts, handoffs: gone },
      await commanded(berlin.lead, { id }),
    );
    expect(await refusal(another)).toBe('loop.closed');
  });

  test('does not exist for whoever may not see it', async () => {
    const { id } = await started();
    const reading = readHandoff(parts, { actor: await as(stranger), input: { id } });
    expect(await refusal(reading)).toBe('request.not_found');
    const nowhere = { actor: await as(berlin.lead), input: { id: randomUUID() } };
    expect(await refusal(readHandoff(parts, nowhere))).toBe('request.not_found');
    const step = acceptHandoff(parts, await commanded(stranger, { id, ...readBack }));
    expect(await refusal(step)).toBe('request.not_found');
    expect(await refusal(explainHandoff(parts, { actor: await as(stranger), input: { id } }))).toBe(
      'request.not_found',
    );
  });

  test('is steered by those of its giver only', async () => {
    const { id } = await started();
    for (const operation of [confirmHandoff, holdHandoff, resumeHandoff]) {
      expect(await refusal(operation(parts, await commanded(tokyo.lead, { id })))).toBe(
        'handoff.not_giver',
      );
    }
    const withdrawal = withdrawHandoff(parts, await commanded(tokyo.lead, { id, text }));
    expect(await refusal(withdrawal)).toBe('handoff.not_giver');
    const undelegated = { id, onBehalfOf: berlin.lead };
    expect(await refusal(holdHandoff(parts, await commanded(tokyo.lead, undelegated)))).toBe(
      'authority.no_delegation',
    );
  });
});

describe('an offer is refused', () => {
  const refusals = [
    ['of an account nobody knows', { account: 'nowhere' }, 'handoff.account_unknown'],
    ['to nobody', { receiver: 'nobody' }, 'person.unknown'],
    ['to its own giver', { receiver: berlin.lead }, 'handoff.same_person'],
    [
      'with an action owned by nobody',
      { actions: [{ text, owner: 'nobody', dueAt: '2026-11-27T17:00:00Z' }] },
      'person.unknown',
    ],
    ['under a delegation there is not', { onBehalfOf: berlin.manager }, 'authority.no_delegation'],
  ] as const;
  test.for(refusals)('%s', async ([, changes, code]) => {
    const input = offer(changes as Partial<OfferInput>);
    expect(await refusal(startHandoff(parts, await commanded(berlin.lead, input)))).toBe(code);
    expect(await refusal(previewHandoff(parts, { actor: await as(berlin.lead), input }))).toBe(
      code,
    );
  });

  test('by somebody whose account it is not', async () => {
    const offered = startHandoff(parts, await commanded(stranger, offer()));
    expect(await refusal(offered)).toBe('authority.forbidden');
  });

  test('while the account is in another handoff', async () => {
    await started();
    expect(await refusal(started())).toBe('handoff.account_in_handoff');
    const preview = previewHandoff(parts, { actor: await as(berlin.lead), input: offer() });
    expect(await refusal(preview)).toBe('handoff.account_in_handoff');
  });
});

test('the allowance is that of the policy, the region’s own before that of all', async () => {
  const minutes = async () =>
    (await previewHandoff(parts, { actor: await as(berlin.lead), input: offer() }))
      .allowanceMinutes;
  expect(await minutes()).toBe(480);
  const key = 'handoff.acceptanceMinutes';
  const add = (region: string | null, from: string, value: unknown) =>
    recorder.db
      .insertInto('policy')
      .values({ key, region_id: region, valid_from: from, value: value as never })
      .execute();
  await add(null, '2026-01-01', 240);
  await add(null, '2027-01-01', 10);
  expect(await minutes()).toBe(240);
  await add('world', '2025-01-01', 120);
  expect(await minutes()).toBe(120);
  await recorder.db.deleteFrom('policy').execute();
});

test('a preview shows every step on three clocks, and starts nothing', async () => {
  const preview = await previewHandoff(parts, { actor: await as(berlin.manager), input: offer() });
  expect(previewAnswer.safeParse(preview).error).toBeUndefined();
  const types = preview.steps.map(({ type }) => type).join(' ');
  const silent = 'reminded reminded';
  expect(types).toBe(`offered ${silent} passedOn ${silent} passedOn ${silent} bounced`);
  expect(preview.steps[1]).toEqual({
    at: '2026-11-24T04:00:00.000Z',
    type: 'reminded',
    waitsFor: { id: tokyo.lead, name: 'Name of tokyo-lead' },
    sentence: 'handoff.timeline.reminded',
    local: {
      giver: '2026-11-24T05:00+01:00[Europe/Berlin]',
      receiver: '2026-11-24T13:00+09:00[Asia/Tokyo]',
      site: '2026-11-24T05:00+01:00[Europe/Berlin]',
    },
  });
  const rows = await recorder.db
    .selectFrom('handoff')
    .select('id')
    .where('account_id', '=', account)
    .execute();
  expect(rows).toEqual([]);
});

test('an explanation says why it stands where it stands, and who was told', async () => {
  const { id } = await started();
  const explained = await explainHandoff(parts, { actor: await as(berlin.lead), input: { id } });
  expect(explainAnswer.safeParse(explained).error).toBeUndefined();
  expect(explained.sentences[0]).toBe('handoff.explain.waits_read_back');
  expect(explained.messages).toEqual([
    {
      to: { id: tokyo.lead, name: 'Name of tokyo-lead' },
      key: 'handoff.offered',
      status: 'planned',
      sendAt: '2026-11-24T00:00:00.000Z',
      reason: 'outside_working_time',
    },
  ]);
});

test('a list is in pages, the newest first, each handoff once, and only what its reader may see', async () => {
  const mine: string[] = [];
  for (let nth = 0; nth < 3; nth++) {
    recorder.clock.moveTo(recorder.clock.now() + 60_000);
    account = `listed-${nth}`;
    const since = recorder.clock.now() - 1_000;
    await givenAccount(recorder.db, { id: account as never, owner: stranger, since });
    const input = offer({ receiver: 'new-york-lead', actions: [] });
    mine.unshift((await startHandoff(parts, await commanded(stranger, input))).id);
  }
  const actor = await as(stranger);
  const first = await listHandoffs(parts, { actor, input: { limit: 2 } });
  expect(handoffsAnswer.safeParse(first).error).toBeUndefined();
  const second = await listHandoffs(parts, {
    actor,
    input: { limit: 2, cursor: present(first.next, 'the next page') },
  });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(mine);
  expect(second.next).toBeNull();
  await withdrawHandoff(parts, await commanded(stranger, { id: mine[0] ?? '', text }));
  const listed = async (input: { open?: boolean; account?: string }) =>
    (await listHandoffs(parts, { actor, input: { limit: 9, ...input } })).items.length;
  expect([await listed({ open: true }), await listed({ open: false })]).toEqual([2, 1]);
  expect(await listed({ account: 'listed-1' })).toBe(1);
});

describe('a packet', () => {
  const limits = [
    ['without a severity', { severity: undefined }],
    ['of a severity nobody knows', { severity: 'watcher' }],
    ['without a summary', { summary: '   ' }],
    ['with too long a summary', { summary: 'x'.repeat(packetLimits.summaryLengthMax + 1) }],
    ['with 10,000 actions', { actions: Array.from({ length: 10_000 }, () => offer().actions[0]) }],
    ['with an action due at no instant', { actions: [{ text, owner: 'a', dueAt: 'tomorrow' }] }],
    ['with an action that nobody owns', { actions: [{ text, dueAt: '2026-11-27T17:00:00Z' }] }],
    ['with what it has no place for', { colour: 'red' }],
    ['with a NUL', { summary: 'a\u0000b' }],
    ['with half a character', { summary: 'a\ud800b' }],
  ] as const;
  test.for(limits)('%s is not read', ([, changes]) => {
    expect(offerBody.safeParse({ ...offer(), ...changes }).success).toBe(false);
  });

  test('of exactly the limits is read', () => {
    const actions = Array.from({ length: packetLimits.actionsMax }, () => offer().actions[0]);
    const summary = 'ä'.repeat(packetLimits.summaryLengthMax);
    expect(offerBody.safeParse({ ...offer(), actions, summary }).success).toBe(true);
    expect(saidBody.safeParse({ text: ' ' }).success).toBe(false);
  });
});
