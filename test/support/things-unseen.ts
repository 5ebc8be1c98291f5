/** One of each thing that a partner may not see, and every operation on it, asked as it should be. */
import { randomUUID } from 'node:crypto';
import { insertContent } from '../../db/contents.ts';
import type { Database } from '../../db/client.ts';
import type { ContentId } from '../../domain/id.ts';
import type { Instant, LoopName } from '../../domain/loop.ts';
import { givenPlan, givenQuarter, operationsOnGrowth } from './growth-unseen.ts';
import { berlin, operator, tokyo } from './handoff-organisation.ts';

export interface AskedOfOne {
  /** Absent, that it is not found. */
  readonly status?: number;
  /** Of what there is, and may not be seen. */
  readonly id: () => string;
  readonly missing?: string;
  readonly body?: unknown;
  readonly text?: string;
  readonly type?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

const ids = {
  line: randomUUID(),
  request: randomUUID(),
  change: randomUUID(),
  delegation: randomUUID(),
  round: randomUUID(),
  plan: randomUUID(),
  quarter: randomUUID(),
  audit: randomUUID(),
  assignment: randomUUID(),
  opportunity: randomUUID(),
  practice: randomUUID(),
  reply: randomUUID(),
} as const;
export type Thing = keyof typeof ids;

async function givenLoop({ db }: Stage, id: string, loop: LoopName, state: object = {}) {
  await db.insertInto('loop_instance').values({ id, loop, state: { state } }).execute();
}

const givens: Readonly<Record<Thing, (stage: Stage) => Promise<unknown>>> = {
  line: ({ db, clock }) =>
    db
      .insertInto('budget_line')
      .values({
        id: ids.line,
        region_id: 'world',
        fiscal_year: 2026,
        begins_at: clock.now(),
        ends_at: clock.now() + 1,
        purpose: 'leadership',
        is_ring_fenced: false,
        currency: 'EUR',
      })
      .execute(),
  async request(stage) {
    const { db, clock } = stage;
    const [words, at] = [randomUUID() as ContentId, clock.now()];
    const body = { title: 'A course', why: 'To learn' };
    await insertContent(db, { id: words, author: berlin.lead, kind: 'budget.request', body, at });
    await givenLoop(stage, ids.request, 'budgetRequest');
    await db
      .insertInto('budget_request')
      .values({
        id: ids.request,
        requester_id: berlin.lead,
        region_id: 'world',
        purpose: 'leadership',
        kind: 'course',
        status: 'waiting',
        involves_professionals: false,
        is_exception: false,
        is_split: false,
        currency: 'EUR',
        asked: 100n,
        line_currency: 'EUR',
        in_line: 100n,
        policy: 'default',
        service_months: 0,
        request_id: words,
        ends_at: at,
        submitted_at: at,
      })
      .execute();
  },
  change: ({ db, clock }) =>
    db
      .insertInto('directory_change')
      .values({
        id: ids.change,
        kind: 'clearance_lost',
        change: { kind: 'clearance_lost', product: 'stent', countries: null },
        from_day: '2027-03-01',
        at: clock.now() + 1,
        scheduled_by: operator,
        scheduled_at: clock.now(),
      })
      .execute(),
  async delegation(stage) {
    await givenLoop(stage, ids.delegation, 'delegation');
    await stage.db
      .insertInto('delegation_run')
      .values({
        id: ids.delegation,
        delegation_id: 'of-the-test',
        principal_id: berlin.lead,
        delegate_id: tokyo.lead,
        scope: 'all',
        source: 'person',
        status: 'planned',
        begins_at: stage.clock.now() + 1,
        ends_at: stage.clock.now() + 2,
      })
      .execute();
  },
  async assignment(stage) {
    const { db, clock } = stage;
    const elsewhere = { id: 'elsewhere', name: 'Elsewhere', locale: 'en', zone: 'Etc/UTC' };
    await db
      .insertInto('region')
      .values({ ...elsewhere, manager_id: berlin.manager, week_id: 'office' })
      .execute();
    await givenLoop(stage, ids.assignment, 'assignment');
    await db
      .insertInto('assignment')
      .values({
        id: ids.assignment,
        kind: 'virtual_exchange',
        status: 'proposed',
        participant_id: berlin.lead,
        home_manager_id: berlin.manager,
        host_manager_id: tokyo.manager,
        home_region_id: 'world',
        host_region_id: elsewhere.id,
        days: '[2027-01-04,2027-02-05)',
        weekly_hours: 4,
        overlap_hours: 1,
        is_binding: false,
        proposed_at: clock.now(),
      })
      .execute();
  },
  async opportunity({ db, clock }) {
    const [words, at] = [randomUUID() as ContentId, clock.now()];
    const body = { title: 'Tokyo', description: 'Come', prerequisites: '' };
    await insertContent(db, { id: words, author: berlin.manager, kind: 'opportunity', body, at });
    await db
      .insertInto('opportunity')
      .values({
        id: ids.opportunity,
        kind: 'virtual_exchange',
        status: 'draft',
        host_region_id: 'world',
        host_manager_id: berlin.manager,
        drafted_by: berlin.manager,
        content_id: words,
        home_regions: ['world'],
        goals: JSON.stringify([]),
        weekly_hours: 4,
        overlap_hours: 1,
        languages: ['en'],
        days: '[2027-01-04,2027-02-05)',
        drafted_at: at,
      })
      .execute();
  },
  async reply(stage) {
    await givenLoop(stage, ids.reply, 'cover');
    const row = { id: ids.reply, loop_id: ids.reply, person_id: berlin.lead, reason: 'unproven' };
    await stage.db
      .insertInto('held_reply')
      .values({ ...row, at: stage.clock.now() })
      .execute();
  },
  async practice(stage) {
    const { db, clock } = stage;
    const [words, at] = [randomUUID() as ContentId, clock.now()];
    const body = { title: 'Call first', situation: '', action: '', result: '', notes: {} };
    await insertContent(db, { id: words, author: berlin.lead, kind: 'practice.source', body, at });
    await givenLoop(stage, ids.practice, 'practice');
    await db
      .insertInto('practice')
      .values({
        id: ids.practice,
        status: 'draft',
        kind: 'win',
        competency: 'clinical-fluency',
        author_id: berlin.lead,
        is_author_hidden: true,
        source_locale: 'en',
        version: 1,
        content_id: words,
        source_hash: 'of the test',
        countries: ['DE'],
        products: ['stent'],
        roles: [],
        is_for_partners: false,
        drafted_at: at,
        changed_at: at,
      })
      .execute();
  },
  async audit(stage) {
    await givenLoop(stage, ids.audit, 'skillAudit', { raters: [] });
    await stage.db
      .insertInto('skill_audit')
      .values({
        id: ids.audit,
        region_id: 'world',
        quarter: '2026-Q4',
        owner_id: berlin.manager,
        map_version: 1,
        status: 'closed',
        people: 1,
        closes_at: stage.clock.now(),
        opened_at: stage.clock.now(),
      })
      .execute();
    await stage.db
      .insertInto('skill_audit_subject')
      .values({
        audit_id: ids.audit,
        person_id: berlin.lead,
        team_id: 'team',
        rater_id: berlin.manager,
        targets: { 'clinical-fluency': 'advanced' },
        levels: {},
      })
      .execute();
  },
  quarter: (stage) => givenQuarter(stage, ids.quarter),
  plan: (stage) => givenPlan(stage, ids.plan),
  async round(stage) {
    await givenLoop(stage, ids.round, 'feedbackRound', { raters: [], nominees: [] });
    await stage.db
      .insertInto('feedback_round')
      .values({
        id: ids.round,
        subject_id: berlin.lead,
        starter_id: berlin.manager,
        manager_id: berlin.manager,
        status: 'nominating',
        closes_at: stage.clock.now() + 1,
      })
      .execute();
  },
};

export async function givenThings(stage: Stage): Promise<void> {
  for (const given of Object.values(givens)) await given(stage);
}

const of = (thing: Thing, body?: unknown, status?: number): AskedOfOne => ({
  id: () => ids[thing],
  body,
  ...(status !== undefined && { status }),
});
const ofPerson: AskedOfOne = { id: () => berlin.lead, missing: 'nobody' };
const ofRegion: AskedOfOne = { id: () => 'world', missing: 'no-region' };
const said = { text: 'In my own words.' };
const amount = '1.00';
const proof = { instalment: 0, amount, ...said };
const anyText = randomUUID();
const goals = [{ competency: 'clinical-fluency', level: 'advanced' }];
const terms = {
  firstDay: '2027-01-04',
  lastDay: '2027-02-05',
  weeklyHours: 4,
  overlapHours: 1,
  goals,
  accounts: [],
  homeManager: berlin.manager,
  hostManager: tokyo.manager,
};
const training = {
  regions: ['world', 'elsewhere'],
  completedOn: '2026-01-01',
  expiresOn: '2027-01-01',
};
const source = { title: 'Call first', kind: 'win', competency: 'clinical-fluency', locale: 'en' };
const reviewed = {
  kind: 'clinical',
  country: 'DE',
  product: 'stent',
  version: 1,
  isApproved: true,
};
const rated = [{ ...goals[0], evidenceKind: 'observation', ...said }];

/** Steps that take nothing. */
const plainly = (thing: Thing, path: string, verbs: readonly string[]) =>
  Object.fromEntries(verbs.map((verb) => [`POST ${path}/{id}/${verb}`, of(thing, {})]));

export const operationsOnThings: Readonly<Record<string, AskedOfOne>> = {
  ...operationsOnGrowth(of, plainly),
  ...plainly('request', '/budget-requests', ['approve', 'withdraw', 'hold', 'resume']),
  ...plainly('practice', '/practices', ['submit', 'hold', 'resume']),
  'POST /me/held-replies/{id}/release': of('reply', {}),
  'DELETE /me/held-replies/{id}': of('reply'),
  'POST /me/unreached-recalls/{id}/told': of('practice', {}),
  'GET /budget-lines/{id}': of('line'),
  'GET /budget-lines/{id}/offer': of('line'),
  'POST /budget-lines/{id}/allocate': of('line', { to: amount, reason: 'More' }),
  'POST /budget-lines/{id}/close': of('line', {}),
  'GET /budget-requests/{id}': of('request'),
  'GET /budget-requests/{id}/explain': of('request'),
  'GET /budget-requests/{id}/attachments/{attachment}': of('request'),
  'POST /budget-requests/{id}/attachments': of('request', { name: 'a.pdf', content: 'JVBERi0=' }),
  'POST /budget-requests/{id}/reject': of('request', said),
  'POST /budget-requests/{id}/ask': of('request', said),
  'POST /budget-requests/{id}/answer': of('request', said),
  'POST /budget-requests/{id}/except': of('request', { amount, ...said }),
  'POST /budget-requests/{id}/prove': of('request', proof),
  'POST /budget-requests/{id}/raise': of('request', proof),
  'POST /budget-requests/{id}/close': of('request', said),
  'GET /changes/{id}': of('change'),
  'POST /changes/{id}/cancel': of('change', {}, 403),
  'GET /delegations/{id}': of('delegation'),
  'POST /delegations/{id}/end': of('delegation', {}),
  'GET /people/{id}/delegations': ofPerson,
  'POST /people/{id}/delegations': {
    ...ofPerson,
    body: { delegate: tokyo.lead, from: '2026-12-01', until: '2026-12-02' },
  },
  'GET /people/{id}/digest-preview': ofPerson,
  'GET /regions/{id}/approvals': ofRegion,
  'GET /assignments/{id}': of('assignment'),
  'GET /assignments/{id}/explain': of('assignment'),
  'POST /assignments/{id}/answer': of('assignment', said),
  'POST /assignments/{id}/approve': of('assignment', {}),
  'POST /assignments/{id}/cancel': of('assignment', {}),
  'POST /assignments/{id}/training': of('assignment', {}),
  'POST /assignments/{id}/change': of('assignment', { terms }),
  'POST /assignments/{id}/preview': of('assignment', { terms }),
  'POST /assignments/{id}/decline': of('assignment', said),
  'POST /assignments/{id}/duty': of('assignment', { duty: 'insurance' }),
  'POST /assignments/{id}/feedback': of('assignment', said),
  'POST /assignments/{id}/forbid': of('assignment', said),
  'POST /assignments/{id}/hours': of('assignment', {
    day: '2027-01-05',
    minutes: 60,
    overlapMinutes: 0,
  }),
  'POST /assignments/{id}/lesson': of('assignment', { kind: 'win', ...said }),
  'POST /assignments/{id}/meetings': of('assignment', { minutes: 30 }),
  'POST /assignments/{id}/rate': of('assignment', { ratings: goals, ...said }),
  'POST /assignments/{id}/return': of('assignment', {}),
  'POST /assignments/{id}/sign': { ...of('assignment', {}), headers: { 'if-match': '"1"' } },
  'POST /assignments/{id}/start': of('assignment', {}),
  'GET /opportunities/{id}': of('opportunity'),
  'GET /opportunities/{id}/suggestions': of('opportunity'),
  'POST /opportunities/{id}/close': of('opportunity', {}),
  'POST /opportunities/{id}/publish': of('opportunity', {}),
  'POST /opportunities/{id}/interest': of('opportunity', {}),
  'POST /opportunities/{id}/withdraw-interest': of('opportunity', {}),
  'GET /people/{id}/trainings': ofPerson,
  'POST /people/{id}/trainings': { ...ofPerson, body: training },
  'GET /regions/{id}/lending': { ...ofRegion, query: '?quarter=2026-Q4' },
  'GET /practices/{id}': of('practice'),
  'GET /practices/{id}/explain': of('practice'),
  'GET /practices/{id}/preview': of('practice'),
  'GET /practices/{id}/reach': of('practice'),
  'POST /practices/{id}/approve-translation': of('practice', {
    locale: 'de',
    content: anyText,
    version: 1,
  }),
  'POST /practices/{id}/refuse-translation': of('practice', {
    locale: 'de',
    content: anyText,
    note: 'Not so.',
  }),
  'POST /practices/{id}/translate': of('practice', { locale: 'de', version: 1, title: 'Anrufen' }),
  'POST /practices/{id}/judge': of('practice', { verdict: 'worked' }),
  'POST /practices/{id}/name-expert': of('practice', { country: 'DE', person: berlin.lead }),
  'POST /practices/{id}/review': of('practice', reviewed),
  'POST /practices/{id}/revise': of('practice', source),
  'POST /practices/{id}/verify': of('practice', { country: 'DE', version: 1, isValid: true }),
  'POST /practices/{id}/withdraw': of('practice', { severity: 'important', ...said }),
  'GET /regions/{id}/curiosity': ofRegion,
  'GET /people/{id}/competencies': ofPerson,
  'POST /people/{id}/ratings': { ...ofPerson, body: { ratings: rated } },
};
