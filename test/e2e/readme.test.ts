/** What the README tells to type is typed, and what it says is answered is compared with the answer. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProcesses, startScript, type StartProcesses } from '../support/start-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const startedWithinMs = 60_000;
const answeredWithinMs = 60_000;

interface Step {
  readonly typed: string;
  /** Of the last command in it; null where the README prints none. */
  readonly answer: unknown;
}

/** Each ```sh block with the ```json block that follows it. */
function steps(text: string): readonly Step[] {
  const blocks = [...text.matchAll(/```(sh|json)\n(.*?)```/gs)];
  return blocks.flatMap(([, language, typed = ''], index) => {
    if (language !== 'sh') return [];
    const [, next, answer = ''] = blocks[index + 1] ?? [];
    return [{ typed, answer: next === 'json' ? (JSON.parse(answer) as unknown) : null }];
  });
}

/** Ids and instants differ from run to run: one of each is as good as another. */
function printed(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(printed);
  if (typeof answer === 'object' && answer !== null) {
    return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, printed(value)]));
  }
  if (typeof answer !== 'string') return answer;
  if (/^[0-9a-f-]{36}$/.test(answer)) return 'an id';
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(answer) ? 'an instant' : answer;
}

let processes: StartProcesses;
beforeAll(async () => {
  processes = await startProcesses();
  await processes.run(startScript).says('Meridian answers');
}, startedWithinMs);
afterAll(async () => {
  await processes.stop();
  processes.remove();
});

test(
  'the handoff of the README goes as it says, answer by answer',
  { timeout: answeredWithinMs },
  async () => {
    const all = steps(readme);
    expect(all.length).toBeGreaterThanOrEqual(4);
    const mark = '=== answered ===';
    const script = all
      .map(({ typed }) => typed.replaceAll('localhost:3000', `localhost:${processes.port('PORT')}`))
      .join(`\necho '${mark}'\n`);
    const { stdout } = await promisify(execFile)('bash', ['-eu', '-c', script], {
      cwd: root,
      env: processes.environment,
    });
    const answers = stdout.split(mark).map((text) => text.trim());
    expect(answers).toHaveLength(all.length);
    for (const [index, { answer }] of all.entries()) {
      if (answer === null) continue;
      expect(printed(JSON.parse(answers[index] ?? ''))).toMatchObject(printed(answer) as object);
    }
  },
);
