/** Skill audits as a story, straight to the workflow: what the API would send. */
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createOpenLoop } from '../../activities/open-loop.ts';
import type { Database } from '../../db/client.ts';
import { sheetKind } from '../../db/competency-ratings.ts';
import { insertContent } from '../../db/contents.ts';
import { ratersToAsk } from '../../db/skill-audits.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import type { Competency } from '../../domain/people/competency.ts';
import type { CompetencyLevel } from '../../domain/people/competency-level.ts';
import { quarterAt } from '../../domain/scorecard/quarter.ts';
import type { AuditCommand } from '../../domain/skill-audit/state.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { skillAuditWorkflowId } from '../../workflows/skill-audit/id.ts';
import { skillAuditUpdates } from '../../workflows/skill-audit/messages.ts';
import { type Send, sender } from './loop-sender.ts';
import { givenPeople, person } from './people.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const dayMs = 86_400_000;

export const region = 'world' as RegionId;
export const director = person('director');
export const lead = person('learning-lead');
export const manager = person('munich-manager');
export const munich = [1, 2, 3, 4, 5, 6].map((number) => person(`munich-${number}`));
/** Of a team of their own. */
export const tokyoLead = person('tokyo-lead');
export const tokyo = [1, 2].map((number) => person(`tokyo-${number}`));
export const stranger = person('stranger');

export const asked = ['clinical-fluency', 'cross-border-teamwork'] as const;

/** Intermediate is asked of everybody, in two of the nine. */
export async function givenTargets(db: Database): Promise<void> {
  await db
    .insertInto('target_profile')
    .values(
      asked.map((competency) => ({
        role: 'member',
        valid_from: '2020-01-01',
        competency,
        level: 'intermediate',
      })),
    )
    .execute();
}

export async function auditWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({ loops, workflows: 'workflows/index.ts', ...options });
  const { db } = world.database;
  const zone = 'Europe/Berlin';
  await givenPeople(db, [
    { id: director, zone },
    { id: lead, zone, locale: 'de', manager: director, roles: ['learning-lead'] },
    { id: manager, zone, locale: 'ar', manager: director },
    ...munich.map((id) => ({ id, zone, manager })),
    { id: tokyoLead, zone: 'Asia/Tokyo', locale: 'ja', manager: director },
    ...tokyo.map((id) => ({ id, zone: 'Asia/Tokyo', manager: tokyoLead })),
    { id: stranger, zone, manager: director, roles: ['admin', 'operator', 'compliance'] },
  ]);
  await db
    .insertInto('team')
    .values({ id: 'small', name: 'Small', kind: 'own', region_id: region })
    .execute();
  await db.updateTable('person').set({ team_id: 'small' }).where('id', 'in', tokyo).execute();
  await givenTargets(db);
  return world;
}

type Level = CompetencyLevel;

export interface AuditStory {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<AuditCommand>;
  /** Both competencies alike, with evidence. */
  rates(by: PersonId, who: PersonId, level: Level, keys?: readonly Competency[]): Promise<Receipt>;
}

export async function startsAudit(world: World, owner = lead): Promise<AuditStory> {
  const { client, clock, taskQueue, database } = world;
  const { db } = database;
  const id = randomUUID() as LoopId;
  const at = clock.now();
  const day = new Date(at).toISOString().slice(0, 10);
  const command: AuditCommand = {
    type: 'open',
    actor: owner,
    region,
    quarter: quarterAt(at, 'Etc/UTC'),
    day,
    owner,
    mapVersion: 1,
    raters: await ratersToAsk(db, { region, owner, day }),
    closesAt: at + 21 * dayMs,
  };
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  await open({ loop: 'skillAudit', id, command });
  const workflowId = skillAuditWorkflowId(id);
  const send = sender<AuditCommand>(world, workflowId, skillAuditUpdates);
  return {
    id,
    workflowId,
    send,
    async rates(by, who, level, keys = asked) {
      const sheet = randomUUID() as ContentId;
      const ratings = keys.map((competency) => ({
        competency,
        level,
        evidenceKind: 'observation',
        text: `seen at work: ${who}`,
      }));
      const body = { ratings };
      await insertContent(db, { id: sheet, author: by, kind: sheetKind, body, at: clock.now() });
      return send({ type: 'rate', actor: by, person: who, sheet });
    },
  };
}
