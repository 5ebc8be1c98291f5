/** Rounds of feedback as a story, straight to the workflow: what the API would send. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { loops } from '../../activities/loops.ts';
import { type Answer, stageAnswers } from '../../db/feedback.ts';
import type { Nominee, RoundCommand } from '../../domain/feedback-round/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { feedbackRoundWorkflowId } from '../../workflows/feedback-round/id.ts';
import { feedbackRoundUpdates } from '../../workflows/feedback-round/messages.ts';
import { type Send, sender } from './loop-sender.ts';
import { givenPeople, person } from './people.ts';
import type { ServedWorld } from './served-world.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const dayMs = 86_400_000;

export const subject = person('munich-lead');
export const manager = person('munich-manager');
export const peers = ['paris', 'tokyo', 'delhi', 'lyon'].map((city) => person(`${city}-peer`));
export const report = person('munich-report');

/** Berlin's hours for all but those in Asia; the manager reads Arabic. */
export async function feedbackWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({ loops, workflows: 'workflows/index.ts', ...options });
  const zone = 'Europe/Berlin';
  await givenPeople(world.database.db, [
    { id: 'director', zone },
    { id: manager, zone, locale: 'ar', manager: 'director' },
    { id: subject, zone, locale: 'de', manager },
    { id: report, zone, manager: subject },
    ...peers.map((id) => ({
      id,
      zone: id === 'tokyo-peer' ? 'Asia/Tokyo' : zone,
      manager: id === 'lyon-peer' ? manager : 'director',
    })),
    { id: 'coach', zone, manager, roles: ['learning-lead'] },
    { id: 'stranger', zone, roles: ['admin', 'operator', 'compliance', 'regional-manager'] },
  ]);
  return world;
}

export const nominees: readonly Nominee[] = [
  ...peers.slice(0, 3).map((one) => ({ person: one, group: 'peers' as const })),
  { person: report, group: 'reports' },
];

export const answers = (rank: Answer['rank'], comment: string | null = null): readonly Answer[] => [
  { competency: 'cross-border-teamwork', rank, comment },
  { competency: 'clinical-fluency', rank, comment: null },
];

/** As the API takes them. */
export const answersOf = (level: string, comment?: string) => ({
  answers: [
    { competency: 'cross-border-teamwork', level, ...(comment && { comment }) },
    { competency: 'clinical-fluency', level },
  ],
});

/** As a page's form names them. */
export const naming = (people: readonly { readonly person: PersonId; readonly group: string }[]) =>
  Object.fromEntries(
    people.flatMap(({ person: who, group }, row) => [
      [`person-${row}`, who],
      [`group-${row}`, group],
    ]),
  );

export interface Round {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<RoundCommand>;
  nominates(): Promise<Receipt>;
  releases(): Promise<Receipt>;
  answers(by: PersonId, given: readonly Answer[]): Promise<Receipt>;
}

/** As the manager begins it over the API. */
export async function beginsRound(
  ask: ServedWorld['ask'],
  asked: { readonly subject: PersonId; readonly closesOn: string },
): Promise<string> {
  const { status, json } = await ask(manager, '/feedback-rounds', asked);
  if (status !== 201) throw new Error(`no round was begun: ${status}`);
  return String(json['id']);
}

/** About Munich's lead, for three weeks. */
export async function startsRound(world: World, about = subject): Promise<Round> {
  const { client, clock, taskQueue, database } = world;
  const id = randomUUID() as LoopId;
  const command: RoundCommand = {
    type: 'start',
    actor: manager,
    subject: about,
    manager,
    closesAt: clock.now() + 21 * dayMs,
  };
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'feedbackRound', id, command });
  const workflowId = feedbackRoundWorkflowId(id);
  const send = sender<RoundCommand>(world, workflowId, feedbackRoundUpdates);
  const named = nominees.filter((one) => one.person !== about);
  return {
    id,
    workflowId,
    send,
    nominates: () => send({ type: 'nominate', actor: about, nominees: named }),
    releases: () => send({ type: 'release', actor: manager, nominees: named }),
    async answers(by, given) {
      const ticket = randomUUID();
      await stageAnswers(database.db, { ticket, round: id, answers: given });
      return send({ type: 'answer', actor: by, ticket });
    },
  };
}
