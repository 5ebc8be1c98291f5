/** One of every loop, each with a task of the Tokyo lead: for what must hold whatever is asked. */
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { insertContent } from '../../db/contents.ts';
import { sourceHashes } from '../../db/practice-hashes.ts';
import { ratersToAsk } from '../../db/skill-audits.ts';
import type { Database } from '../../db/client.ts';
import { alertRules } from '../../domain/alert/decide.ts';
import { assignmentRules } from '../../domain/assignment/decide.ts';
import { coverRules } from '../../domain/cover/decide.ts';
import { roundRules } from '../../domain/feedback-round/decide.ts';
import { reviewRules } from '../../domain/quarterly-review/decide.ts';
import { reviewId } from '../../db/quarterly-reviews.ts';
import { planRules } from '../../domain/development-plan/decide.ts';
import { holidayReviewRules } from '../../domain/holiday-review/decide.ts';
import type { AccountId, ContentId, LoopId, RegionId } from '../../domain/id.ts';
import type { Instant, LoopName } from '../../domain/loop.ts';
import { outlookRules } from '../../domain/outlook/decide.ts';
import { auditRules } from '../../domain/skill-audit/decide.ts';
import { practiceRules } from '../../domain/practice/decide.ts';
import type { PracticeCommand } from '../../domain/practice/state.ts';
import { delegationRules } from '../../domain/delegation/decide.ts';
import { handoffRules } from '../../domain/handoff/decide.ts';
import { rotationRules } from '../../domain/rotation/decide.ts';
import type { ApiWorld } from './api.ts';
import { asksFor, givenAskable } from './budget-asked.ts';
import { berlin, givenAccount, tokyo } from './handoff-organisation.ts';
import { openInRecord } from './open-in-record.ts';
import { recordedLoop } from './recorded-loop.ts';

interface Stage {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** Over HTTP too, for what takes more than a command. */
type Open = (stage: ApiWorld, account: AccountId) => Promise<LoopId>;

const dayMs = 86_400_000;
const asked = tokyo.lead;
const comingDays = ({ clock }: Stage) => {
  const from = clock.now() + 10 * dayMs;
  return { from, until: from + 3 * dayMs };
};
const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

/** What its people wrote. */
export const everyLoopWords = {
  holiday: '祝日',
  action: '電話',
  region: 'World',
  subject: `Name of ${asked}`,
  participant: `Name of ${berlin.lead}`,
  delegate: `Name of ${tokyo.backup}`,
} as const;

const everyLoopPractice = {
  title: `Name of ${berlin.lead}`,
  situation: '電話',
  action: '電話',
  result: '電話',
  indication: '',
  evidence: '',
} as const;

const emptyPacket = {
  severity: 'routine',
  summary: '1',
  actions: [],
  situation: '',
  contingencies: [],
} as const;

async function written({ db, clock }: Stage, kind: string, body: object): Promise<ContentId> {
  const id = randomUUID() as ContentId;
  await insertContent(db, { id, author: asked, kind, body, at: clock.now() });
  return id;
}

/** A new loop adds its line, or does not compile. */
const openings: Readonly<Record<LoopName, Open>> = {
  /** Of an account of its own: the given one may be in a handoff. */
  handoff: async (stage, account) => {
    const { db, clock } = stage;
    const own = `${account}-offered` as AccountId;
    await givenAccount(db, { id: own, owner: berlin.lead, since: clock.now() - 1_000 });
    return openInRecord(stage, handoffRules, {
      type: 'offer',
      actor: berlin.lead,
      account: own,
      giver: berlin.lead,
      receiver: asked,
      severity: 'routine',
      packet: await written(stage, 'handoff.packet', emptyPacket),
      allowanceMinutes: 480,
    });
  },
  /** It asks nothing of anybody; whoever gave it may end it. */
  delegation: (stage) =>
    openInRecord(stage, delegationRules, {
      type: 'give',
      actor: asked,
      delegation: randomUUID(),
      principal: asked,
      delegate: tokyo.backup,
      scope: 'handoff',
      source: 'person',
      absence: null,
      ...comingDays(stage),
    }),
  budgetRequest: async (stage) => {
    const { db } = stage;
    const line = await db.selectFrom('budget_line').select('id').executeTakeFirst();
    if (!line) await givenAskable(stage);
    const steps = [{ name: 'lead', asked: [{ person: asked }] }];
    const policy = {
      key: 'budget.route',
      valid_from: '2020-01-01',
      value: { layers: [{ steps }] },
    };
    await db.insertInto('policy').values(policy).execute();
    const id = await asksFor(stage, berlin.lead);
    await db.deleteFrom('policy').where('key', '=', policy.key).execute();
    return id as LoopId;
  },
  outlook: (stage, account) => {
    const period = comingDays(stage);
    return openInRecord(stage, outlookRules, {
      type: 'open',
      account,
      kind: 'leave',
      subject: berlin.lead,
      firstDay: dayOf(period.from),
      severity: 'high',
      ...period,
      owner: berlin.lead,
      asked,
      about: null,
      allowanceMinutes: 960,
    });
  },
  cover: (stage, account) =>
    openInRecord(stage, coverRules, {
      type: 'request',
      actor: berlin.lead,
      account,
      owner: berlin.lead,
      reason: 'asked',
      manager: berlin.manager,
      candidates: [asked],
      note: null,
      absence: null,
      ...comingDays(stage),
    } as never),
  rotation: async (stage, account) => {
    return openInRecord(stage, rotationRules, {
      type: 'start',
      actor: berlin.lead,
      account,
      holder: berlin.lead,
      members: [berlin.lead, asked],
      leadMinutes: 60,
      packet: await written(stage, 'handoff.packet', emptyPacket),
    });
  },
  alert: async (stage, account) =>
    openInRecord(stage, alertRules, {
      type: 'raise',
      actor: asked,
      account,
      owner: berlin.lead,
      text: await written(stage, 'account.action', { text: everyLoopWords.action }),
      item: randomUUID(),
      dueAt: comingDays(stage).from,
      answerMinutes: 15,
    }),
  feedbackRound: (stage) =>
    openInRecord(stage, roundRules, {
      type: 'start',
      actor: tokyo.manager,
      subject: asked,
      manager: tokyo.manager,
      closesAt: comingDays(stage).from,
    }),
  skillAudit: async (stage) => {
    const { db } = stage;
    const place = { region: 'world' as RegionId, owner: asked, day: '2026-11-23' };
    const profile = { role: 'account-lead', valid_from: '2020-01-01', level: 'advanced' } as const;
    await db
      .insertInto('target_profile')
      .values({ ...profile, competency: 'clinical-fluency' })
      .execute();
    // Nobody stands above her: whoever looks after the audit rates her.
    const held = { person_id: tokyo.manager, role: 'account-lead' } as const;
    await db.insertInto('person_role').values(held).execute();
    return openInRecord(stage, auditRules, {
      type: 'open',
      ...place,
      quarter: '2026-Q4',
      mapVersion: 1,
      raters: await ratersToAsk(db, place),
      closesAt: comingDays(stage).from,
    });
  },
  quarterlyReview: (stage) => {
    const { from } = comingDays(stage);
    const of = { region: 'world' as RegionId, team: null, quarter: '2020-Q1' };
    const convened = {
      ...of,
      kind: 'region',
      chair: berlin.manager,
      participants: [berlin.manager, asked],
      slot: { from, until: from + dayMs / 24 },
    } as const;
    return openInRecord(stage, reviewRules, { type: 'open', ...convened }, reviewId(of));
  },
  developmentPlan: (stage) => {
    const endsAt = stage.clock.now() + 90 * dayMs;
    return openInRecord(stage, planRules, {
      type: 'start',
      actor: tokyo.manager,
      subject: asked,
      manager: tokyo.manager,
      version: 1,
      terms: {
        goals: [{ competency: 'clinical-fluency', from: null, to: 'advanced', gap: null }],
        lastDay: dayOf(endsAt),
        endsAt,
        reviewDays: 20,
        coach: null,
      },
    });
  },
  assignment: async (stage) => {
    const { db } = stage;
    const hostRegion = 'abroad' as RegionId;
    const place = { name: 'Abroad', locale: 'en', zone: 'Asia/Tokyo', week_id: 'office' };
    await db
      .insertInto('region')
      .values({ id: hostRegion, manager_id: asked, ...place })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { from, until } = comingDays(stage);
    return openInRecord(stage, assignmentRules, {
      type: 'propose',
      actor: berlin.lead,
      kind: 'virtual',
      participant: berlin.lead,
      homeRegion: 'world' as RegionId,
      hostRegion,
      compliance: null,
      opportunity: null,
      terms: {
        firstDay: dayOf(from),
        lastDay: dayOf(until),
        weeklyHours: 4,
        overlapHours: 0,
        goals: [{ competency: 'clinical-fluency', level: 'advanced' }],
        accounts: [],
        home: berlin.manager,
        host: asked,
      },
    });
  },
  practice: async (stage) => {
    const { db } = stage;
    const place = { name: 'Cleared', locale: 'en', zone: 'Asia/Tokyo', week_id: 'office' };
    await db
      .insertInto('region')
      .values({ id: 'cleared', country: 'JP', manager_id: asked, ...place })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db
      .insertInto('person_role')
      .values({ person_id: asked, role: 'clinical-reviewer', region_id: 'cleared' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const source = { ...everyLoopPractice, notes: {} };
    const record = createRecord({ ...stage, loops, startDeliveries: () => undefined });
    const practice = recordedLoop({ record, clock: stage.clock }, practiceRules);
    const author = berlin.lead;
    const terms = {
      kind: 'failure',
      competency: 'clinical-fluency',
      isAuthorHidden: true,
      locale: 'en',
      countries: ['JP'],
      products: ['stent'],
      roles: [],
      isForPartners: false,
      content: await written(stage, 'practice.source', source),
      hashes: sourceHashes(source, 'en'),
    } as const;
    await practice.does({ type: 'draft', actor: author, author, terms });
    await practice.does({ type: 'submit', actor: author });
    const [assigns] = practice.moments;
    await practice.does(assigns!.command as PracticeCommand);
    return practice.id;
  },
  holidayReview: async (stage) => {
    const { db } = stage;
    const day = dayOf(comingDays(stage).from);
    const region = (await db.selectFrom('region').select('id').executeTakeFirstOrThrow()).id;
    const name = everyLoopWords.holiday;
    const row = { region_id: region, day, kind: 'off', name, source: '1' } as const;
    await db
      .insertInto('holiday')
      .values({ ...row, status: 'provisional' })
      .execute();
    return openInRecord(stage, holidayReviewRules, {
      type: 'ask',
      region: region as RegionId,
      day,
      beginsAt: Date.parse(day),
      reviewer: asked,
      allowanceMinutes: 2_400,
    });
  },
};

export async function openEveryLoop(
  stage: ApiWorld,
  account: AccountId,
): Promise<ReadonlyMap<string, LoopId>> {
  const loops = new Map<string, LoopId>();
  for (const [name, open] of Object.entries(openings)) loops.set(name, await open(stage, account));
  return loops;
}
