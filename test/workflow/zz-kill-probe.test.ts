/** Real time: each story begins now, in a database of its own, and killed workers are waited for. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createSweepNotices } from '../../activities/start-delivery.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { verifyAudit } from '../../db/audit.ts';
import type { LoopId } from '../../domain/id.ts';
import {
  berlin,
  handoffWorld,
  inbox,
  offers,
  tokyo,
  type Handoff,
} from '../support/handoff-story.ts';
import { isProof, reportProof } from '../support/proof.ts';
import { commandsOf } from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import { bundleFile, startWorkerProcess, type WorkerChild } from '../support/worker-child.ts';
import type { World } from '../support/world.ts';

type Step = (handoff: Handoff, world: World) => Promise<unknown>;

const steps: readonly Step[] = [
  (handoff) => handoff.asks(tokyo.lead),
  (handoff) => handoff.answers(berlin.lead),
  (handoff) => handoff.send({ type: 'hold', actor: berlin.lead }),
  (handoff) => handoff.send({ type: 'resume', actor: berlin.lead }),
  async (handoff, world) => {
    await handoff.declines(tokyo.lead);
    await until('the next one is asked, by the clock', async () =>
      (await inbox(world, tokyo.backup)).includes('handoff.read_back'),
    );
  },
  (handoff) => handoff.send({ type: 'reassign', actor: berlin.lead, to: tokyo.manager }),
  (handoff) => handoff.readsBack(tokyo.manager),
  (handoff) => handoff.confirms(berlin.lead),
];
const commands = [
  'offer',
  'ask',
  'answer',
  'hold',
  'resume',
  'decline',
  'passOn',
  'reassign',
  'readBack',
  'confirm',
];
const killedAfter = isProof
  ? commands
  : ['offer', 'ask', 'answer', 'passOn', 'readBack', 'confirm'];

let sink: MailSink;
let codePath: string;

const worker = ({ database, taskQueue }: World, dieAfter?: string): Promise<WorkerChild> =>
  startWorkerProcess({
    address: inject('stack').temporalAddress,
    databaseUrl: database.url,
    taskQueue,
    codePath,
    smtpUrl: sink.smtpUrl,
    ...(dieAfter !== undefined && { dieAfter }),
  });

/** The sweep of the maintenance, and then nothing is on its way any more. */
async function mailsSettle({ client, database: { db }, taskQueue }: World): Promise<void> {
  const clock = { now: Date.now };
  await createSweepNotices({ db, client, taskQueue, clock, horizonMs: 0 })();
  await until('no message waits', async () => {
    const waiting = await db
      .selectFrom('notice')
      .select('id')
      .where('status', 'in', ['planned', 'sending'])
      .execute();
    return waiting.length === 0;
  });
}

/** A whole handoff with workers of its own, the first of them killed after one step. */
async function finished(killed?: string): Promise<End> { const t0=performance.now(); const log=(w: string)=>console.log(killed, w, Math.round(performance.now()-t0));
  const world = await handoffWorld({ hasWorker: false, startsAt: Date.now() });
  log('world'); const first = await worker(world, killed); log('worker'); void first.died.then(()=>log('died'));
  const next = killed === undefined ? first : first.died.then(() => worker(world));
  // Urgent: mails go out whatever the hour is.
  const handoff = await offers(world, { severity: 'urgent' });
  log('offered'); await mailsSettle(world); log('mails');
  for (const step of steps) {
    await step(handoff, world);
    log('step'+steps.indexOf(step)); await mailsSettle(world); log('mails');
  }
  await (await next).kill();
  const end = await endOf(world, handoff.id);
  await world.stop();
  return end;
}

async function endOf(world: World, id: LoopId) {
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
  const custody = await db.selectFrom('custody').select('owner_id').orderBy('period').execute();
  const row = await db.selectFrom('handoff').select(['status', 'holder_id']).execute();
  return {
    commands: await commandsOf(world, id),
    notices: notices.map((notice) => ({ ...notice, message_id: null })),
    // As the mail server got them: how often each message that the record knows.
    mails: notices.map(({ key, recipient_id, message_id }) => ({
      key,
      recipient_id,
      arrivedAt: sink
        .messages()
        .filter((mail) => mail.messageId === `<${message_id}@example.test>`)
        .map((mail) => mail.to.join()),
    })),
    tasks,
    custody: custody.map(({ owner_id }) => owner_id),
    row,
    isChainWhole: (await verifyAudit(db)).firstBreak === null,
  };
}

type End = Awaited<ReturnType<typeof endOf>>;
const ends = new Map<string, End>();
let whole: End;

/** All at once: each mostly waits for Temporal to give up on the worker that died. */
beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  codePath = await bundleFile('workflows/index.ts');
  whole = await finished();
  await Promise.all(
    killedAfter.map(async (step) => {
      ends.set(step, await finished(step));
    }),
  );
  reportProof('handoffs whose worker was killed after a step', killedAfter.length);
}, 170_000);
afterAll(() => sink.stop());

test.for(killedAfter)(
  'a worker killed after the commit of %s, before Temporal hears of it: the same end, owners, tasks and mails',
  (step) => {
    expect(ends.get(step)).toEqual(whole);
  },
);

test('and that end is the right one, with every mail sent once and none that nobody recorded', () => {
  expect(whole).toMatchObject({
    commands,
    custody: [berlin.lead, tokyo.manager],
    row: [{ status: 'transferred', holder_id: null }],
    isChainWhole: true,
  });
  for (const { arrivedAt, recipient_id } of whole.mails) {
    expect(arrivedAt).toEqual([`${recipient_id}@example.test`]);
  }
  expect(sink.messages()).toHaveLength(whole.mails.length * (killedAfter.length + 1));
});
