/** The ways a practice can go, each told from its draft to its end. */
import { munich, osaka, rio } from './exchange-people.ts';
import { drafts, portuguese, type PracticeStory, terms } from './practice-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<PracticeStory, 'workflowId'>>;

const day = 86_400_000;
const ends = { severity: 'important', text: 'The label has changed.' } as const;

/** Cleared in two countries, translated, judged, corrected, cleared again, withdrawn. */
const recalled: Life = async (world) => {
  const practice = await drafts(world);
  await practice.isCleared();
  await practice.isTranslated('ja', osaka.second);
  await practice.does(osaka.seller, 'judge', { verdict: 'failed', text: 'No answer.' });
  await practice.does(rio.author, 'revise', {
    ...terms({ ...portuguese, result: 'O retorno subiu para 80 %.' }),
    correction: { severity: 'important', text: 'Wrong number.' },
  });
  await world.advance(1);
  await practice.approves(munich.doctor, 'clinical', 'DE');
  await practice.approves(munich.officer, 'compliance', 'DE');
  await practice.does(rio.author, 'withdraw', ends);
  return practice;
};

/** Nobody reviews it in Japan in time: it is passed on, and comes to whoever manages the region. */
const silent: Life = async (world) => {
  const practice = await drafts(world, { countries: ['JP'] });
  await practice.does(rio.author, 'submit', {});
  await world.advance(21 * day);
  await practice.does(rio.author, 'withdraw', ends);
  return practice;
};

/** Verified once, then not in time; two failures open its clinical review again. */
const verified: Life = async (world) => {
  const practice = await drafts(world, { countries: ['JP'] });
  await practice.does(rio.author, 'submit', {});
  await world.advance(1);
  await practice.approves(osaka.doctor, 'clinical', 'JP');
  await practice.approves(osaka.officer, 'compliance', 'JP');
  await world.advance(181 * day);
  const { version } = await practice.reads(osaka.doctor);
  await practice.does(osaka.doctor, 'verify', { country: 'JP', version, isValid: true });
  await practice.does(osaka.seller, 'judge', { verdict: 'failed' });
  await practice.does(osaka.other, 'judge', { verdict: 'failed' });
  await world.advance(1);
  await practice.approves(osaka.doctor, 'clinical', 'JP');
  await practice.does(rio.author, 'withdraw', ends);
  return practice;
};

const withdrawn: Life = async (world) => {
  const practice = await drafts(world);
  await practice.does(rio.author, 'withdraw', ends);
  return practice;
};

export const practiceLives = { recalled, silent, verified, withdrawn } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedPractice: Life = async (world) => {
  const practice = await drafts(world);
  await practice.does(rio.author, 'submit', {});
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(practice.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await practice.does(munich.officer, 'hold', {});
    await practice.does(munich.officer, 'resume', {});
    return (await runOf()) !== first;
  });
  await practice.does(rio.author, 'withdraw', ends);
  return practice;
};
