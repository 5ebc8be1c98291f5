/** Assignments as a story, straight to the workflow: what the API and the engine would send. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import type {
  AssignmentCommand,
  AssignmentKind,
  LessonKind,
  Terms,
} from '../../domain/assignment/state.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { assignmentWorkflowId } from '../../workflows/assignment/id.ts';
import { assignmentUpdates } from '../../workflows/assignment/messages.ts';
import type { Database } from '../../db/client.ts';
import { account, berlin, tokyo } from './handoff-organisation.ts';
import { handoffWorld, write } from './handoff-story.ts';
import type { World, WorldOptions } from './world.ts';

const dayMs = 86_400_000;
export const home = 'world' as RegionId;
export const host = 'japan' as RegionId;

/** Tokyo is a region of its own, whose late hours meet those of Berlin; everybody who signs is trained. */
export async function givenTwoRegions(db: Database): Promise<void> {
  const late = Object.fromEntries([
    ...['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [[720, 1260]]]),
    ['sat', []],
    ['sun', []],
  ]);
  await db.insertInto('working_week').values({ id: 'late', intervals: late }).execute();
  await db
    .insertInto('region')
    .values({
      id: host,
      name: 'Japan',
      locale: 'ja',
      zone: 'Asia/Tokyo',
      manager_id: tokyo.manager,
      week_id: 'late',
    })
    .execute();
  await db
    .updateTable('person')
    .set({ region_id: host })
    .where('id', 'in', [tokyo.lead, tokyo.backup, tokyo.manager])
    .execute();
  for (const person of [berlin.lead, berlin.manager, tokyo.manager])
    await givenTraining(db, person);
}

export async function givenTraining(
  db: Database,
  person: PersonId,
  expiresOn: string = '2099-12-31',
): Promise<void> {
  await db
    .insertInto('cultural_training')
    .values({
      id: randomUUID(),
      person_id: person,
      region_a: host,
      region_b: home,
      completed_on: '2026-01-15',
      expires_on: expiresOn,
      recorded_by: tokyo.backup,
      recorded_at: 0,
    })
    .execute();
}

export async function assignmentWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await handoffWorld(options);
  await givenTwoRegions(world.database.db);
  return world;
}

export interface Assignment {
  readonly id: LoopId;
  readonly workflowId: string;
  send(command: AssignmentCommand, commandId?: string): Promise<Receipt>;
  isSignedByAll(): Promise<void>;
  answers(type: 'answerCheckIn' | 'giveFeedback', by: PersonId): Promise<Receipt>;
  /** A lesson, feedback from both sides, and a rating. */
  isClosed(lesson?: LessonKind): Promise<void>;
}

export const dayAfter = (
  world: { readonly clock: Pick<World['clock'], 'now'> },
  days: number,
): string => new Date(world.clock.now() + days * dayMs).toISOString().slice(0, 10);

/** From in four weeks on, for so many days; Berlin's lead works with Tokyo from home. */
export const termsFor = (
  world: { readonly clock: Pick<World['clock'], 'now'> },
  given: Partial<Terms> & { readonly days?: number } = {},
): Terms => {
  const { days = 90, ...terms } = given;
  return {
    firstDay: dayAfter(world, 28),
    lastDay: dayAfter(world, 28 + days - 1),
    weeklyHours: 8,
    overlapHours: 3,
    goals: [{ competency: 'cross-border-teamwork', level: 'advanced' }],
    accounts: [account],
    home: berlin.manager,
    host: tokyo.manager,
    ...terms,
  };
};

interface Proposed {
  readonly kind?: AssignmentKind;
  readonly terms?: Partial<Terms> & { readonly days?: number };
  readonly compliance?: PersonId;
  readonly by?: PersonId;
}

export const proposalOf = (
  world: { readonly clock: Pick<World['clock'], 'now'> },
  given: Proposed = {},
): Extract<AssignmentCommand, { type: 'propose' }> => ({
  type: 'propose',
  actor: given.by ?? berlin.lead,
  kind: given.kind ?? 'virtual',
  participant: berlin.lead,
  homeRegion: home,
  hostRegion: host,
  compliance: given.compliance ?? null,
  opportunity: null,
  terms: termsFor(world, given.terms),
});

export async function proposes(world: World, given: Proposed = {}): Promise<Assignment> {
  const { client, clock, taskQueue } = world;
  const id = randomUUID() as LoopId;
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'assignment', id, command: proposalOf(world, given) });
  return assignmentOf(world, id);
}

export function assignmentOf(world: World, id: LoopId): Assignment {
  const { client, clock } = world;
  const workflowId = assignmentWorkflowId(id);
  const send = (command: AssignmentCommand, commandId: string = randomUUID()): Promise<Receipt> =>
    client.workflow
      .getHandle(workflowId)
      .executeUpdate<Receipt, [object]>(
        assignmentUpdates[command.type as keyof typeof assignmentUpdates].name,
        { updateId: commandId, args: [{ commandId, command, at: clock.now() }] },
      );
  const answers: Assignment['answers'] = async (type, actor) =>
    send({ type, actor, content: await write(world, actor, `assignment.${type}`) });
  return {
    id,
    workflowId,
    send,
    answers,
    async isSignedByAll() {
      for (const actor of [berlin.lead, berlin.manager, tokyo.manager]) {
        await send({ type: 'sign', actor });
      }
    },
    async isClosed(lesson = 'win') {
      const content = await write(world, berlin.lead, 'assignment.lesson');
      await send({ type: 'giveLesson', actor: berlin.lead, lesson, content });
      await answers('giveFeedback', berlin.lead);
      await answers('giveFeedback', tokyo.manager);
      await send({
        type: 'rate',
        actor: berlin.manager,
        ratings: [{ competency: 'cross-border-teamwork', level: 'advanced' }],
        content: await write(world, berlin.manager, 'assignment.evidence'),
      });
    },
  };
}

export const statusOf = async (
  { database }: { readonly database: Pick<World['database'], 'db'> },
  id: LoopId,
): Promise<string> =>
  (
    await database.db
      .selectFrom('assignment')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).status;
