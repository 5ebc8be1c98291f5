/** Every operation on what people do to learn, asked as it should be, of what may not be seen. */
import { randomUUID } from 'node:crypto';
import { berlin, tokyo } from './handoff-organisation.ts';
import type { AskedOfOne, Stage, Thing } from './things-unseen.ts';

const said = { text: 'In my own words.' };
const ability = { competency: 'clinical-fluency', level: 'advanced' };
const nominees = [{ person: tokyo.lead, group: 'peers' }];
const terms = {
  firstDay: '2027-01-04',
  lastDay: '2027-02-05',
  weeklyHours: 4,
  overlapHours: 1,
  goals: [ability],
  accounts: [],
  homeManager: berlin.manager,
  hostManager: tokyo.manager,
};

type Of = (thing: Thing, body?: unknown, status?: number) => AskedOfOne;
type Plainly = (
  thing: Thing,
  path: string,
  verbs: readonly string[],
) => Readonly<Record<string, AskedOfOne>>;

export const operationsOnGrowth = (
  of: Of,
  plainly: Plainly,
): Readonly<Record<string, AskedOfOne>> => ({
  ...plainly('plan', '/development-plans', ['refuse', 'leave', 'cancel']),
  ...plainly('round', '/feedback-rounds', ['decline', 'cancel', 'hold', 'resume']),
  ...plainly('quarter', '/quarterly-reviews', ['confirm', 'move', 'conclude', 'cancel']),
  'GET /quarterly-reviews/{id}': of('quarter'),
  'GET /quarterly-reviews/{id}/explain': of('quarter'),
  'GET /quarterly-reviews/{id}/meeting.ics': of('quarter'),
  'POST /quarterly-reviews/{id}/agree': of('quarter', {
    owner: tokyo.lead,
    day: '2027-03-01',
    ...said,
  }),
  'POST /quarterly-reviews/{id}/finish': of('quarter', { number: 1 }),
  'GET /development-plans/{id}': of('plan'),
  'GET /development-plans/{id}/explain': of('plan'),
  'POST /development-plans/{id}/agree': { ...of('plan', {}), headers: { 'if-match': '"1"' } },
  'POST /development-plans/{id}/change': of('plan', { terms: { lastDay: '2027-06-30' } }),
  'POST /development-plans/{id}/link': of('plan', { loop: randomUUID() }),
  'POST /development-plans/{id}/assign': of('plan', {
    kind: 'virtual',
    hostRegion: 'elsewhere',
    terms,
  }),
  'POST /development-plans/{id}/review': of('plan', said),
  'POST /development-plans/{id}/coach': of('plan', said),
  'POST /development-plans/{id}/close': of('plan', {
    ratings: [],
    evidence: 'observation',
    ...said,
  }),
  'GET /feedback-rounds/{id}': of('round'),
  'GET /feedback-rounds/{id}/report': of('round'),
  'POST /feedback-rounds/{id}/nominate': of('round', { nominees }),
  'POST /feedback-rounds/{id}/release': of('round', { nominees }),
  'POST /feedback-rounds/{id}/answer': of('round', {
    answers: [ability],
  }),
  'GET /skill-audits/{id}': of('audit'),
  'GET /skill-audits/{id}/gaps': of('audit'),
  'GET /skill-audits/{id}/gaps.csv': of('audit'),
  'GET /skill-audits/{id}/heat-map': of('audit'),
  'GET /skill-audits/{id}/heat-map.csv': of('audit'),
  'POST /skill-audits/{id}/rate': of('audit', {
    person: berlin.lead,
    ratings: [{ ...ability, evidenceKind: 'observation', ...said }],
  }),
  'POST /skill-audits/{id}/skip': of('audit', { person: berlin.lead, reason: 'away' }),
  'POST /skill-audits/{id}/cancel': of('audit', {}),
  'POST /skill-audits/{id}/hold': of('audit', {}),
  'POST /skill-audits/{id}/resume': of('audit', {}),
});

export async function givenPlan(stage: Stage, id: string): Promise<void> {
  await stage.db
    .insertInto('loop_instance')
    .values({ id, loop: 'developmentPlan', state: { state: { links: [] } } })
    .execute();
  await stage.db
    .insertInto('development_plan')
    .values({
      id: id,
      subject_id: berlin.lead,
      manager_id: berlin.manager,
      status: 'proposed',
      map_version: 1,
      last_day: '2027-06-30',
      started_at: stage.clock.now(),
    })
    .execute();
}

export async function givenQuarter(stage: Stage, id: string): Promise<void> {
  await stage.db
    .insertInto('loop_instance')
    .values({ id, loop: 'quarterlyReview', state: { state: { participants: [], actions: [] } } })
    .execute();
  await stage.db
    .insertInto('quarterly_review')
    .values({
      id: id,
      region_id: 'world',
      quarter: '2026-Q1',
      chair_id: berlin.manager,
      status: 'proposed',
      opened_at: stage.clock.now(),
    })
    .execute();
}
