/**
 * Handoffs in real time, each at another step when their worker is killed: the step has committed,
 * and neither Temporal nor a mail knows of it.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createSweepNotices } from '../../activities/start-delivery.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { verifyAudit } from '../../db/audit.ts';
import type { AccountId, LoopId } from '../../domain/id.ts';
import { givenAccount, givenDaysOff } from '../support/handoff-organisation.ts';
import {
  berlin,
  handoffOf,
  handoffWorld,
  offers,
  tokyo,
  type Handoff,
} from '../support/handoff-story.ts';
import { commandsOf } from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import { bundleFile, startWorkerProcess, type WorkerChild } from '../support/worker-child.ts';
import type { World } from '../support/world.ts';

let world: World;
let sink: MailSink;
let codePath: string;

interface Story {
  readonly id: LoopId;
  readonly account: AccountId;
  readonly handoff: Handoff;
}
type Act = (story: Story) => Promise<unknown>;

const clock: Act = () => Promise.resolve();
const steps: readonly { readonly command: string; readonly act: Act }[] = [
  // Urgent: whoever is asked to take it has a mail at once. What the others are told waits for days.
  {
    command: 'offer',
    act: ({ id, account }) => offers(world, { id, account, severity: 'urgent' }),
  },
  { command: 'ask', act: ({ handoff }) => handoff.asks(tokyo.lead) },
  { command: 'answer', act: ({ handoff }) => handoff.answers(berlin.lead) },
  { command: 'hold', act: ({ handoff }) => handoff.send({ type: 'hold', actor: berlin.lead }) },
  { command: 'resume', act: ({ handoff }) => handoff.send({ type: 'resume', actor: berlin.lead }) },
  { command: 'decline', act: ({ handoff }) => handoff.declines(tokyo.lead) },
  { command: 'passOn', act: clock }, // as soon as somebody has declined
  {
    command: 'reassign',
    act: ({ handoff }) => handoff.send({ type: 'reassign', actor: berlin.lead, to: tokyo.manager }),
  },
  { command: 'readBack', act: ({ handoff }) => handoff.readsBack(tokyo.manager) },
  { command: 'confirm', act: ({ handoff }) => handoff.confirms(berlin.lead) },
];
const commands = steps.map(({ command }) => command);

async function story(): Promise<Story> {
  const id = randomUUID() as LoopId;
  const account = `account-${randomUUID()}` as AccountId;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.database.db, { id: account, owner: berlin.lead, since });
  return { id, account, handoff: handoffOf(world, id) };
}

const worker = (): Promise<WorkerChild> =>
  startWorkerProcess({
    address: inject('stack').temporalAddress,
    databaseUrl: world.database.url,
    taskQueue: world.taskQueue,
    codePath,
    smtpUrl: sink.smtpUrl,
  });

/** Takes the steps from one to before another, the mails of each at rest before the next. */
async function goesOn(told: Story, from: number, to = steps.length): Promise<void> {
  for (const [index, { act }] of steps.entries()) {
    if (index < from || index >= to) continue;
    await act(told);
    await recorded(told, index);
    await mailsRest(told);
  }
}

const recorded = ({ id }: Story, index: number): Promise<void> =>
  until(`${commands[index]} is recorded`, async () => (await commandsOf(world, id)).length > index);

const mailsRest = ({ id }: Story): Promise<void> =>
  until('no message is on its way', async () => {
    const open = await world.database.db
      .selectFrom('notice')
      .select('id')
      .where('loop_id', '=', id)
      .where('urgency', '=', 'now')
      .where('status', 'in', ['planned', 'sending'])
      .execute();
    return open.length === 0;
  });

/** Brings each handoff to its step, kills the worker after it, and ends them with the next; one ends before. */
async function killAtEachStep(untouched: Story, stories: readonly Story[]): Promise<void> {
  const first = await worker();
  // What the clock does follows at once from the step before, which then is the one to take.
  const killed = stories.map((told, index) => {
    const act = steps[index]?.act === clock ? index - 1 : index;
    return { told, index, act };
  });
  await Promise.all([goesOn(untouched, 0), ...killed.map(({ told, act }) => goesOn(told, 0, act))]);
  await first.hangAfter(
    Object.fromEntries(killed.map(({ told, index }) => [told.id, commands[index] ?? ''])),
  );
  const answers = killed.map(({ told, act }) => steps[act]?.act(told));
  await Promise.all(killed.map(({ told, index }) => recorded(told, index)));
  await first.kill();

  const next = await worker();
  const { client, database, taskQueue } = world;
  const sweep = createSweepNotices({
    db: database.db,
    client,
    taskQueue,
    clock: { now: Date.now },
    horizonMs: 0,
  });
  await sweep();
  await Promise.all(
    killed.map(async ({ told, index }) => {
      await answers[index];
      await mailsRest(told);
      await goesOn(told, index + 1);
    }),
  );
  await next.kill();
}

async function endOf({ id, account }: Story) {
  const { db } = world.database;
  const notices = await db
    .selectFrom('notice')
    .select(['sequence', 'key', 'recipient_id', 'status', 'attempts', 'message_id'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .orderBy('key')
    .orderBy('recipient_id')
    .execute();
  const tasks = await db
    .selectFrom('task')
    .select(['kind', 'person_id', 'opened_sequence', 'closed_sequence'])
    .where('loop_id', '=', id)
    .orderBy('opened_sequence')
    .execute();
  const custody = await db
    .selectFrom('custody')
    .select('owner_id')
    .where('account_id', '=', account)
    .orderBy('period')
    .execute();
  const row = await db
    .selectFrom('handoff')
    .select(['status', 'holder_id'])
    .where('id', '=', id)
    .execute();
  return {
    commands: await commandsOf(world, id),
    // Beside each, the mails that came with its Message-ID.
    notices: notices.map(({ message_id, ...notice }) => ({
      ...notice,
      arrived: arrived(message_id),
    })),
    tasks,
    custody: custody.map(({ owner_id }) => owner_id),
    row,
  };
}

const arrived = (messageId: string): readonly string[] =>
  sink
    .messages()
    .filter((mail) => mail.messageId === `<${messageId}@example.test>`)
    .map((mail) => mail.to.join());

type End = Awaited<ReturnType<typeof endOf>>;
const ends = new Map<string, End>();
let whole: End;

beforeAll(async () => {
  // Real time: the story begins now, and killed workers are waited for.
  world = await handoffWorld({ hasWorker: false, startsAt: Date.now() });
  await givenDaysOff(world.database.db, world.clock.now());
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  codePath = await bundleFile('workflows/index.ts');
  const untouched = await story();
  const stories = await Promise.all(steps.map(story));
  await killAtEachStep(untouched, stories);
  whole = await endOf(untouched);
  for (const [index, told] of stories.entries()) ends.set(commands[index] ?? '', await endOf(told));
}, 120_000);
afterAll(async () => {
  await world.stop();
  await sink.stop();
});

test.for(commands)(
  'a worker killed after the commit of %s, before Temporal hears of it: the same end, owners, tasks and mails',
  (command) => {
    expect(ends.get(command)).toEqual(whole);
  },
);

test('and that end is the right one, in a chain that is whole', async () => {
  expect(whole).toMatchObject({
    commands,
    custody: [berlin.lead, tokyo.manager],
    row: [{ status: 'transferred', holder_id: null }],
  });
  expect((await verifyAudit(world.database.db)).firstBreak).toBeNull();
});

test('every mail came once, to whom it was for, and none that nobody recorded', () => {
  const sent = whole.notices.filter(({ status }) => status === 'sent');
  expect(sent.map(({ key }) => key.replace('handoff.', ''))).toEqual([
    'offered',
    'answered',
    'escalated',
    'reassigned',
  ]);
  expect(sent.map(({ arrived: came }) => came)).toEqual(
    sent.map(({ recipient_id }) => [`${recipient_id}@example.test`]),
  );
  expect(sink.messages()).toHaveLength(sent.length * (commands.length + 1));
});
