/** How the tasks of practices and assignments come about (`task-ways.ts`). */
import { sourceHashes } from '../../db/practice-hashes.ts';
import { assignmentRules } from '../../domain/assignment/decide.ts';
import type { AssignmentKind } from '../../domain/assignment/state.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import { practiceRules } from '../../domain/practice/decide.ts';
import { host, proposalOf } from './assignment-story.ts';
import { berlin, tokyo } from './handoff-organisation.ts';
import { fires, must, type TaskStage } from './task-stage.ts';

const said = { text: 'Because of the delivery.' } as const;
const source = {
  title: 'Call before the visit',
  situation: 'Half of the visits were in vain.',
  action: 'We call the day before.',
  result: 'Fewer were.',
  indication: '',
  evidence: '',
} as const;

async function submitted(stage: TaskStage) {
  const practice = stage.loop(practiceRules);
  const author = berlin.lead;
  const body = { ...source, title: `${source.title} ${'again '.repeat(stage.next())}`, notes: {} };
  const terms = {
    kind: 'failure',
    competency: 'clinical-fluency',
    isAuthorHidden: false,
    locale: 'en',
    countries: ['JP'],
    products: ['stent'],
    roles: [],
    isForPartners: false,
    content: await stage.write('practice.source', author, body),
    hashes: sourceHashes(body, 'en'),
  } as const;
  await must(practice.does({ type: 'draft', actor: author, author, terms }));
  await must(practice.does({ type: 'submit', actor: author }));
  await fires(practice, 'assign');
  return practice;
}

async function cleared(stage: TaskStage) {
  const practice = await submitted(stage);
  const scope = { country: 'JP', product: 'stent', version: practice.state.version } as const;
  for (const [kind, actor] of [
    ['clinical', tokyo.lead],
    ['compliance', tokyo.backup],
  ] as const) {
    const review = { type: 'review', kind, actor, ...scope, isApproved: true, note: null } as const;
    await must(practice.does(review));
  }
  return practice;
}

/** A machine proposed it. */
async function kept(
  { world }: TaskStage,
  practice: LoopId,
  proposal: { readonly source_hash: string; readonly content_id: ContentId },
) {
  const from = { practice_id: practice, region_id: host, proposer: 'test', locale: 'ja' };
  const at = world.clock.now();
  await world.db
    .insertInto('translation_proposal')
    .values({ ...proposal, ...from, at })
    .execute();
}

/** By a machine, or by whoever is cleared beside the one who is asked. */
async function translated(stage: TaskStage, actor: PersonId | null) {
  const practice = await cleared(stage);
  const content = await stage.write('practice.translation', actor ?? berlin.lead, source);
  const sourceHash = practice.state.terms?.hashes.text ?? '';
  const by = actor === null ? {} : { actor };
  if (actor === null)
    await kept(stage, practice.id, { source_hash: sourceHash, content_id: content });
  await must(practice.does({ type: 'translate', locale: 'ja', content, sourceHash, ...by }));
  await fires(practice, 'assign');
  return practice;
}

const askedOf = ({ state }: Awaited<ReturnType<typeof submitted>>): PersonId =>
  state.translations[0]?.ask?.person ?? berlin.lead;

export const practiceWays = {
  'practice.clinical_review': [
    {
      open: async (stage: TaskStage) => ({ id: (await submitted(stage)).id, person: tokyo.lead }),
      choices: { approve: {}, refuse: said },
    },
  ],
  'practice.compliance_review': [
    {
      open: async (stage: TaskStage) => ({ id: (await submitted(stage)).id, person: tokyo.backup }),
      choices: { approve: {}, refuse: said },
    },
  ],
  'practice.check_translation': [
    {
      open: async (stage: TaskStage) => {
        const practice = await translated(stage, null);
        return { id: practice.id, person: askedOf(practice) };
      },
      choices: { translate: source, refuseTranslation: said },
    },
  ],
  'practice.approve_translation': [
    {
      open: async (stage: TaskStage) => {
        const practice = await translated(stage, tokyo.backup);
        return { id: practice.id, person: askedOf(practice) };
      },
      choices: { approveTranslation: {}, refuseTranslation: said },
    },
  ],
  'practice.verify': [
    {
      open: async (stage: TaskStage) => {
        const practice = await cleared(stage);
        await fires(practice, 'fallDue');
        return { id: practice.id, person: tokyo.lead };
      },
      choices: { valid: {}, change: said },
    },
  ],
} as const;

const signers = [berlin.lead, berlin.manager, tokyo.manager] as const;
const daysApart = 20;

interface Proposing {
  readonly kind?: AssignmentKind;
  readonly compliance?: PersonId;
}

/** No two at the same time. */
async function proposed(stage: TaskStage, given: Proposing = {}) {
  const from = stage.world.clock.now() + (28 + daysApart * stage.next()) * 86_400_000;
  const day = (after: number): string =>
    new Date(from + after * 86_400_000).toISOString().slice(0, 10);
  const terms = { firstDay: day(0), lastDay: day(13), accounts: [] };
  const assignment = stage.loop(assignmentRules);
  await must(assignment.does(proposalOf(stage.world, { ...given, terms })));
  return assignment;
}

async function agreed(stage: TaskStage, given: Proposing = {}) {
  const assignment = await proposed(stage, given);
  if (given.kind === 'onsite') {
    await must(assignment.does({ type: 'finishDuty', actor: berlin.lead, duty: 'mobility' }));
  }
  for (const actor of signers) await must(assignment.does({ type: 'sign', actor }));
  return assignment;
}

async function running(stage: TaskStage) {
  const assignment = await agreed(stage);
  await fires(assignment, 'begin');
  return assignment;
}

async function ended(stage: TaskStage) {
  const assignment = await running(stage);
  await fires(assignment, 'end');
  return assignment;
}

/** What is missing after its end is given, and it is closed. */
export async function closedAssignment(stage: TaskStage) {
  const assignment = await ended(stage);
  const content = await stage.write('assignment.text', berlin.lead);
  await must(assignment.does({ type: 'giveLesson', actor: berlin.lead, lesson: 'win', content }));
  for (const actor of [berlin.lead, tokyo.manager]) {
    await must(assignment.does({ type: 'giveFeedback', actor, content }));
  }
  const ratings = [{ competency: 'cross-border-teamwork', level: 'advanced' }] as const;
  await must(assignment.does({ type: 'rate', actor: berlin.manager, ratings, content }));
  return assignment;
}

/** The clock finds the training of its participant ended, which then is recorded again. */
async function untrained(
  stage: TaskStage,
  assignment: Awaited<ReturnType<typeof agreed>>,
  found: 'block' | 'lapseTraining',
) {
  const { db } = stage.world;
  const trained = await db
    .deleteFrom('cultural_training')
    .where('person_id', '=', berlin.lead)
    .returningAll()
    .execute();
  await must(assignment.replans());
  await fires(assignment, found);
  await db.insertInto('cultural_training').values(trained).execute();
  return assignment;
}

const blocked = async (stage: TaskStage) => untrained(stage, await agreed(stage), 'block');
const lapsed = async (stage: TaskStage) => untrained(stage, await running(stage), 'lapseTraining');

type Assignment = Awaited<ReturnType<typeof proposed>>;
const way = (
  tell: (stage: TaskStage) => Promise<Assignment>,
  person: PersonId,
  choices: Readonly<Record<string, Readonly<Record<string, string>>>>,
) => [{ open: async (stage: TaskStage) => ({ id: (await tell(stage)).id, person }), choices }];

const onsite = { kind: 'onsite' } as const;
const rated = { 'level-cross-border-teamwork': 'advanced', ...said };

export const assignmentWays = {
  'assignment.sign': way(proposed, berlin.lead, { sign: {}, decline: said }),
  'assignment.allow': way(
    (stage) => proposed(stage, { kind: 'shadowing', compliance: tokyo.backup }),
    tokyo.backup,
    {
      approve: {},
      forbid: said,
    },
  ),
  'assignment.mobility': way((stage) => proposed(stage, onsite), berlin.lead, { mobility: {} }),
  'assignment.posted_worker': way((stage) => agreed(stage, onsite), berlin.manager, {
    posted_worker: {},
  }),
  'assignment.insurance': way((stage) => agreed(stage, onsite), berlin.manager, { insurance: {} }),
  'assignment.begin': way(blocked, berlin.lead, { start: {}, cancel: {} }),
  'assignment.check_in': way(
    async (stage) => {
      const assignment = await running(stage);
      await fires(assignment, 'checkIn');
      return assignment;
    },
    berlin.lead,
    { answerCheckIn: said },
  ),
  'assignment.renew_training': way(lapsed, berlin.lead, { confirmTraining: {} }),
  'assignment.give_lesson': way(ended, berlin.lead, { giveLesson: { lesson: 'win', ...said } }),
  'assignment.give_feedback': way(ended, tokyo.manager, { giveFeedback: said }),
  'assignment.rate_goals': way(ended, berlin.manager, { rate: rated }),
} as const;
