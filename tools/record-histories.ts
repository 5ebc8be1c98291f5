/**
 * `npm run histories`: runs every way a loop can go and keeps the histories of this release, which
 * each later build must still replay (`test/replay/replay.test.ts`). Run it once a release.
 */
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loopNames, type LoopName } from '../domain/loop.ts';
import { useStack } from '../test/support/current-stack.ts';
import { alertLives, continuedAlert } from '../test/support/alert-lives.ts';
import { assignmentLives, continuedAssignment } from '../test/support/assignment-lives.ts';
import { assignmentWorld } from '../test/support/assignment-story.ts';
import { auditLives, continuedAudit } from '../test/support/audit-lives.ts';
import { auditWorld } from '../test/support/audit-story.ts';
import { continuedCover, coverLives } from '../test/support/cover-lives.ts';
import { continuedDelegation, delegationLives } from '../test/support/delegation-lives.ts';
import { budgetLives, continuedBudget } from '../test/support/budget-lives.ts';
import { budgetWorld } from '../test/support/budget-story.ts';
import { continuedPlan, planLives, planWorld } from '../test/support/plan-story.ts';
import { continuedQuarter, quarterLives, quarterWorld } from '../test/support/quarter-story.ts';
import { continuedRound, feedbackLives } from '../test/support/feedback-lives.ts';
import { feedbackWorld } from '../test/support/feedback-story.ts';
import { continuedLife, handoffLives, type Life } from '../test/support/handoff-lives.ts';
import { handoffWorld } from '../test/support/handoff-story.ts';
import { continuedReview, holidayReviewLives } from '../test/support/holiday-review-lives.ts';
import { holidayWorld } from '../test/support/holiday-review-story.ts';
import { continuedFinding, outlookLives } from '../test/support/outlook-lives.ts';
import { continuedPractice, practiceLives } from '../test/support/practice-lives.ts';
import { practiceWorld } from '../test/support/practice-story.ts';
import { continuedRotation, rotationLives } from '../test/support/rotation-lives.ts';
import { startStack, type StackOptions } from '../test/support/stack.ts';
import type { World, WorldOptions } from '../test/support/world.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const packageFile = readFileSync(path.join(root, 'package.json'), 'utf8');
const { version: release } = z.object({ version: z.string() }).parse(JSON.parse(packageFile));
/** Enough for the last life to be continued as new. */
const suggestNewRunAfter = 20;
const runsMax = 10;
/** Three inside the task, and one after the first timer. */
const outageAttempts = 4;

interface Circumstances {
  readonly stack?: StackOptions;
  readonly world?: Partial<WorldOptions>;
}

/** Of whoever polled, and of its own queue: a process id and the machine's name. */
const processName = /^\d+@/;

interface Told {
  world(options: Partial<WorldOptions>): Promise<World>;
  readonly lives: Readonly<Record<string, Life>>;
  /** Told while Postgres is away at first. */
  readonly interrupted: Life;
  /** Told where the server suggests a new run early. */
  readonly continued: Life;
}

const told: Readonly<Record<LoopName, Told>> = {
  handoff: {
    world: handoffWorld,
    lives: handoffLives,
    interrupted: handoffLives.clean,
    continued: continuedLife,
  },
  cover: {
    world: handoffWorld,
    lives: coverLives,
    interrupted: coverLives.withdrawn,
    continued: continuedCover,
  },
  alert: {
    world: handoffWorld,
    lives: alertLives,
    interrupted: alertLives.acknowledged,
    continued: continuedAlert,
  },
  delegation: {
    world: handoffWorld,
    lives: delegationLives,
    interrupted: delegationLives.withdrawn,
    continued: continuedDelegation,
  },
  budgetRequest: {
    world: budgetWorld,
    lives: budgetLives,
    interrupted: budgetLives.clean,
    continued: continuedBudget,
  },
  developmentPlan: {
    world: planWorld,
    lives: planLives,
    interrupted: planLives.refused,
    continued: continuedPlan,
  },
  quarterlyReview: {
    world: quarterWorld,
    lives: quarterLives,
    interrupted: quarterLives.cancelled,
    continued: continuedQuarter,
  },
  feedbackRound: {
    world: feedbackWorld,
    lives: feedbackLives,
    interrupted: feedbackLives.cancelled,
    continued: continuedRound,
  },
  skillAudit: {
    world: auditWorld,
    lives: auditLives,
    interrupted: auditLives.cancelled,
    continued: continuedAudit,
  },
  rotation: {
    world: handoffWorld,
    lives: rotationLives,
    interrupted: rotationLives.changed,
    continued: continuedRotation,
  },
  assignment: {
    world: assignmentWorld,
    lives: assignmentLives,
    interrupted: assignmentLives.declined,
    continued: continuedAssignment,
  },
  practice: {
    world: practiceWorld,
    lives: practiceLives,
    interrupted: practiceLives.withdrawn,
    continued: continuedPractice,
  },
  holidayReview: {
    world: holidayWorld,
    lives: holidayReviewLives,
    interrupted: holidayReviewLives.confirmed,
    continued: continuedReview,
  },
  outlook: {
    world: handoffWorld,
    lives: outlookLives,
    interrupted: outlookLives.settled,
    continued: continuedFinding,
  },
};

const historySchema = z.object({ events: z.array(z.record(z.string(), z.unknown())) });

/** An event a line, without what names the machine: who polled, and where its code lay. */
function readable(json: string): string {
  const { events } = historySchema.parse(JSON.parse(json));
  const nameless = (key: string, value: unknown): unknown => {
    if (key === 'stackTrace') return '';
    return typeof value === 'string' && processName.test(value) ? 'worker' : value;
  };
  const lines = events.map((event) => JSON.stringify(event, nameless));
  return `{"events": [\n${lines.join(',\n')}\n]}\n`;
}

/** From the last run back to the first, in the order they ran. */
async function runsOf(client: Client, workflowId: string): Promise<readonly string[]> {
  const runs: string[] = [];
  let runId: string | undefined;
  while (runs.length < runsMax) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.unshift(readable(historyToJSON(history)));
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    if (!started?.continuedExecutionRunId) return runs;
    runId = started.continuedExecutionRunId;
  }
  throw new Error(`${workflowId} has more than ${runsMax} runs`);
}

async function record(
  loop: LoopName,
  lives: Told['lives'],
  { stack: options = {}, world: circumstances = {} }: Circumstances = {},
): Promise<void> {
  const directory = path.join(root, 'test', 'replay', 'histories', loop, release);
  mkdirSync(directory, { recursive: true });
  const { stack, stop } = await startStack(options);
  useStack(stack);
  try {
    for (const [name, live] of Object.entries(lives)) {
      const world = await told[loop].world(circumstances);
      const { workflowId } = await live(world);
      const runs = await runsOf(world.client, workflowId);
      for (const [index, run] of runs.entries()) {
        const file = `${name}${runs.length > 1 ? `-${index + 1}` : ''}.json`;
        writeFileSync(path.join(directory, file), run);
        process.stdout.write(`${loop}/${file}: ${run.split('\n').length - 3} events\n`);
      }
      await world.stop();
    }
  } finally {
    await stop();
  }
}

/** A Postgres that is away until after the workflow has begun to wait on the server's timers. */
const postgresAway: NonNullable<WorldOptions['activities']> = (all) => {
  let attempts = 0;
  return {
    ...all,
    recordTransition(...args: Parameters<typeof all.recordTransition>) {
      if (++attempts > outageAttempts) return all.recordTransition(...args);
      throw ApplicationFailure.create({ type: 'outage', message: 'ECONNREFUSED' });
    },
  };
};

/** `npm run histories -- handoff`: of one loop alone, such as a new one. */
const [only] = process.argv.slice(2);

for (const loop of loopNames.filter((name) => only === undefined || name === only)) {
  rmSync(path.join(root, 'test', 'replay', 'histories', loop, release), {
    recursive: true,
    force: true,
  });
  const { lives, interrupted, continued } = told[loop];
  await record(loop, lives);
  await record(loop, { interrupted }, { world: { activities: postgresAway } });
  await record(loop, { continued }, { stack: { suggestNewRunAfter } });
}
