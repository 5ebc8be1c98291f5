/** Practices as a story, by the operations of the API: what people do with them, in the words of the product. */
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { problemDocument } from '../../api/problem.ts';
import type { PracticeParts } from '../../api/practices/parts.ts';
import { practiceOperations } from '../../api/practices/routes.ts';
import { handoffParts } from '../../api/register.ts';
import { loadActor } from '../../db/actors.ts';
import { present } from '../../domain/assert.ts';
import type { SourceText } from '../../domain/exchange/practice.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import { recipientFor } from '../../locales/render.ts';
import { practiceWorkflowId } from '../../workflows/practice/id.ts';
import { givenExchangePeople, munich, osaka, rio } from './exchange-people.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export async function practiceWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({ loops, workflows: 'workflows/index.ts', ...options });
  await givenExchangePeople(world.database.db, world.clock.now());
  return world;
}

export function practiceParts({ client, clock, taskQueue, database }: World): PracticeParts {
  const gateway = createLoopGateway({
    client,
    db: database.db,
    taskQueue,
    answerTimeoutMs: 60_000, // also while Postgres is away at first
  });
  const { tell } = handoffParts({ db: database.db, clock, loops: gateway });
  return { db: database.db, clock, loops: gateway, tell };
}

export async function refusalOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
  return 'accepted';
}

/** The code of a refusal, and what its reader is told. */
export async function refusalIn(locale: string, act: Promise<unknown>): Promise<string> {
  const error: unknown = await act.catch((reason: unknown) => reason);
  if (!(error instanceof Refusal)) throw error;
  const recipient = recipientFor({ locale, zone: 'Etc/UTC' });
  const { code, detail } = problemDocument(error.problem, { publicUrl: '', recipient });
  return `${code}: ${detail}`;
}

export const portuguese: SourceText = {
  title: 'Retorno em 30 dias com o CardioFlow',
  situation: 'Metade das clínicas perdia o retorno.',
  action: 'Ligamos para cada clínica 2 dias antes.',
  result: 'O retorno subiu de 50 % para 85 %.',
  indication: 'Stent de 2,5 mm conforme a bula.',
  evidence: '120 pacientes em 6 clínicas.',
  notes: {},
};
export const japanese = {
  title: 'CardioFlowによる30日後の再診',
  situation: '半数の施設で再診が途絶えていた。',
  action: '各施設に2日前に電話した。',
  result: '再診率は50%から85%に上がった。',
  indication: '添付文書のとおり2.5mmのステント。',
  evidence: '6施設、120名の患者。',
} as const;
export const german = {
  title: 'Nachsorge nach 30 Tagen mit CardioFlow',
  situation: 'Die Hälfte der Kliniken verlor die Nachsorge.',
  action: 'Wir riefen jede Klinik 2 Tage vorher an.',
  result: 'Die Nachsorge stieg von 50 % auf 85 %.',
  indication: 'Stent mit 2,5 mm gemäß Zulassung.',
  evidence: '120 Patienten in 6 Kliniken.',
} as const;

type Operations = typeof practiceOperations;
type Terms = Parameters<Operations['draft']['run']>[1]['input'];

export const terms = (given: Partial<Terms> = {}): Terms => ({
  ...portuguese,
  kind: 'win',
  competency: 'clinical-fluency',
  locale: 'pt-BR',
  countries: ['DE', 'JP', 'US'],
  products: ['stent'],
  roles: [],
  isForPartners: true,
  isAuthorHidden: false,
  ...given,
});

type StepName = Exclude<
  keyof Operations,
  | 'draft'
  | 'read'
  | 'explain'
  | 'preview'
  | 'queue'
  | 'reach'
  | 'unreached'
  | 'tellUnreached'
  | 'readGlossary'
  | 'writeGlossary'
>;
type StepBody<Name extends StepName> = Omit<Parameters<Operations[Name]['run']>[1]['input'], 'id'>;

export interface PracticeStory {
  readonly id: LoopId;
  readonly workflowId: string;
  reads(by: PersonId): ReturnType<Operations['read']['run']>;
  does<Name extends StepName>(
    by: PersonId,
    step: Name,
    body: StepBody<Name>,
  ): ReturnType<Operations['read']['run']>;
  previews(by: PersonId): ReturnType<Operations['preview']['run']>;
  reach(by: PersonId): ReturnType<Operations['reach']['run']>;
  /** Whether it is in the queue of what is to be verified. */
  isStaleFor(by: PersonId): Promise<boolean>;
  approves(by: PersonId, kind: 'clinical' | 'compliance', country: string): Promise<unknown>;
  /** For Germany and Japan, by whoever is cleared there. */
  isCleared(): Promise<void>;
  isTranslated(locale: 'de' | 'ja', approver: PersonId): Promise<void>;
}

export async function drafts(
  world: World,
  given: Partial<Terms> = {},
  author: PersonId = rio.author,
): Promise<PracticeStory> {
  const parts = practiceParts(world);
  const asks = async <Input>(id: PersonId, input: Input) => ({
    actor: present(await loadActor(world.database.db, id, world.clock.now()), 'who asks'),
    input,
    commandId: randomUUID(),
  });
  const drafted = await practiceOperations.draft.run(parts, await asks(author, terms(given)));
  return practiceOf(world, drafted.id as LoopId);
}

export function practiceOf(world: World, id: LoopId): PracticeStory {
  const parts = practiceParts(world);
  const asks = async <Input extends object>(by: PersonId, input: Input) => ({
    actor: present(await loadActor(world.database.db, by, world.clock.now()), 'who asks'),
    input: { ...input, id },
    commandId: randomUUID(),
  });
  const story: PracticeStory = {
    id,
    workflowId: practiceWorkflowId(id),
    reads: async (by) => practiceOperations.read.run(parts, await asks(by, {})),
    async does(by, step, body) {
      const run = practiceOperations[step].run as (
        parts: PracticeParts,
        asked: object,
      ) => ReturnType<Operations['read']['run']>;
      return run(parts, await asks(by, body));
    },
    previews: async (by) => practiceOperations.preview.run(parts, await asks(by, {})),
    reach: async (by) => practiceOperations.reach.run(parts, await asks(by, { limit: 100 })),
    async isStaleFor(by) {
      const asked = await asks(by, { queue: 'stale' as const, limit: 100 });
      const { items } = await practiceOperations.queue.run(parts, asked);
      return items.some((one) => one.id === id);
    },
    async approves(by, kind, country) {
      const { version } = await story.reads(by);
      const approval = { kind, country, product: 'stent', version, isApproved: true } as const;
      return story.does(by, 'review', approval);
    },
    async isCleared() {
      await story.does(rio.author, 'submit', {});
      await world.advance(1);
      for (const { doctor, officer, country } of [
        { ...munich, country: 'DE' },
        { ...osaka, country: 'JP' },
      ]) {
        await story.approves(doctor, 'clinical', country);
        await story.approves(officer, 'compliance', country);
      }
    },
    async isTranslated(locale, approver) {
      const { version } = await story.reads(munich.translator);
      const text = locale === 'de' ? german : japanese;
      await story.does(munich.translator, 'translate', { locale, version, ...text });
      const { work } = await story.reads(approver);
      const content = work?.translations.find((one) => one.locale === locale)?.content ?? '';
      await story.does(approver, 'approveTranslation', { locale, content, version });
    },
  };
  return story;
}
