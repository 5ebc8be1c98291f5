/** Something on every page of growth, for whoever leads the learning of the region: what each of them shows. */
import { sql } from 'kysely';
import type { Database } from '../../db/client.ts';
import { currentMap } from '../../db/competency-map.ts';
import { convene, reviewId } from '../../db/quarterly-reviews.ts';
import { ratersToAsk } from '../../db/skill-audits.ts';
import { present } from '../../domain/assert.ts';
import { planRules } from '../../domain/development-plan/decide.ts';
import { roundRules } from '../../domain/feedback-round/decide.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { reviewRules } from '../../domain/quarterly-review/decide.ts';
import { quarterAfter, quarterAt } from '../../domain/scorecard/quarter.ts';
import { auditRules } from '../../domain/skill-audit/decide.ts';
import { taskPath } from '../../locales/links.ts';
import { asked, givenTargets } from './audit-story.ts';
import { openInRecord } from './open-in-record.ts';

interface Stage {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

interface Who {
  readonly lead: PersonId;
  readonly subject: PersonId;
  readonly manager: PersonId;
}

const dayMs = 86_400_000;
const region = 'world' as RegionId;

export async function growthPages(stage: Stage, who: Who): Promise<readonly string[]> {
  const { lead, subject } = who;
  const role = { person_id: lead, role: 'learning-lead', region_id: region };
  const roles = stage.db.insertInto('person_role').values(role);
  await roles.onConflict((taken) => taken.doNothing()).execute();
  await stage.db.updateTable('region').set({ manager_id: lead }).where('id', '=', region).execute();
  const [plan, round] = [await givenPlan(stage, who), await givenRound(stage, who)];
  return [
    '/plans',
    taskPath(plan),
    `/plans/${plan}/assign`,
    '/reviews',
    taskPath(await givenReview(stage)),
    '/audits',
    taskPath(await givenAudit(stage, who)),
    '/competencies',
    `/competencies/${subject}`,
    '/rounds',
    taskPath(round),
  ];
}

/** Agreed to by both: its goals are drawn. */
async function givenPlan(stage: Stage, { lead, subject, manager }: Who) {
  const endsAt = Math.ceil(stage.clock.now() / dayMs) * dayMs + 90 * dayMs;
  const plan = await openInRecord(stage, planRules, {
    type: 'start',
    actor: subject,
    subject,
    manager,
    version: 1,
    terms: {
      goals: [{ competency: 'clinical-fluency', from: null, to: 'advanced', gap: null }],
      lastDay: new Date(endsAt - dayMs).toISOString().slice(0, 10),
      endsAt,
      reviewDays: 20,
      coach: lead,
    },
  });
  await sql`UPDATE loop_instance SET state = jsonb_set(
    jsonb_set(state, '{state,terms}', state #> '{state,pending,terms}'), '{state,status}', '"running"')
    WHERE id = ${plan}`.execute(stage.db);
  return plan;
}

const givenRound = (stage: Stage, { lead: actor, subject, manager }: Who) =>
  openInRecord(stage, roundRules, {
    type: 'start',
    actor,
    subject,
    manager,
    closesAt: stage.clock.now() + 20 * dayMs,
  });

async function givenReview(stage: Stage) {
  const at = stage.clock.now();
  const of = { region, team: null, quarter: quarterAfter(quarterAt(at, 'Etc/UTC'), -1) };
  const convened = present(await convene(stage.db, of, at), 'what is convened');
  return openInRecord(stage, reviewRules, { type: 'open', ...convened }, reviewId(of));
}

/** Closed, with everybody rated: its map and its gaps are drawn. */
async function givenAudit(stage: Stage, { lead: owner }: Who) {
  const { db, clock } = stage;
  const at = clock.now();
  const day = new Date(at).toISOString().slice(0, 10);
  await givenTargets(db);
  const audit = await openInRecord(stage, auditRules, {
    type: 'open',
    region,
    quarter: quarterAt(at, 'Etc/UTC'),
    day,
    owner,
    mapVersion: await currentMap(db, day),
    raters: await ratersToAsk(db, { region, owner, day }),
    closesAt: at + 20 * dayMs,
  });
  const levels = Object.fromEntries(asked.map((key) => [key, 'beginner']));
  await sql`UPDATE skill_audit_subject SET settled = 'rated', settled_at = now(), levels = ${levels}::jsonb
    WHERE audit_id = ${audit}`.execute(db);
  await sql`UPDATE skill_audit SET status = 'closed', closed_at = now() WHERE id = ${audit}`.execute(
    db,
  );
  return audit;
}
