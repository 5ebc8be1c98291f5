/** Histories that released builds wrote (`npm run histories`) must replay with today's workflows. */
import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildWorkflows } from '../../bin/workflow-bundle.ts';
import { loopNames } from '../../domain/loop.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';

// What does not replay is a value here, and said once.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

const directory = fileURLToPath(new URL('./histories', import.meta.url));
const files = globSync('*/*/*.json', { cwd: directory }).sort();
const read = (file: string): string => readFileSync(path.join(directory, file), 'utf8');

type Bundle = NonNullable<WorkerOptions['workflowBundle']>;

/** A sentence for each history that the workflows would not have written. */
async function divergences(workflowBundle: Bundle): Promise<readonly string[]> {
  const histories = files.map((file) => ({ workflowId: file, history: JSON.parse(read(file)) }));
  const found: string[] = [];
  const results = Worker.runReplayHistories({ workflowBundle }, histories);
  for await (const { workflowId: file, error } of results) {
    if (!error) continue;
    found.push(
      `test/replay/histories/${file} no longer replays: a loop that is open since that release would stop. ` +
        `Keep the order of its commands, or, before that release is out, run npm run histories. (${error.message})`,
    );
  }
  return found;
}

test('every loop has histories to replay', () => {
  const loops = new Set(files.map((file) => path.dirname(path.dirname(file))));
  expect([...loops].sort()).toEqual([...loopNames].sort());
});

test('today’s workflows replay every history of every release', async () => {
  expect(await divergences((await buildWorkflows()).bundle)).toEqual([]);
});

test('workflows that do something in another order replay none of them', async () => {
  const hasty = await divergences(await workflowBundle('test/support/toy/hasty-workflow.ts'));
  expect(hasty).toHaveLength(files.length);
  expect(hasty[0]).toContain(`test/replay/histories/${files[0]} no longer replays`);
});

/** Of a machine: a path of it, a place in code, a process's name; of a person: an address. */
const revealing = /\/(home|root|work|Users|tmp)\/|\.ts:\d|"\d+@|\w@[a-z][\w-]*\.\w/;

test.for(files)('%s names no machine and nobody’s address', (file) => {
  const decoded = read(file).replaceAll(/"data":"([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect(revealing.exec(decoded)?.[0]).toBeUndefined();
});
