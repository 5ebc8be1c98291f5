/** The stage of the arc of growth: asked over HTTP, with the mails that people get as time goes on. */
import { sql } from 'kysely';
import { loops } from '../../activities/loops.ts';
import { createCollectDigests } from '../../activities/digest/collect.ts';
import { createOpenQuarters } from '../../activities/quarterly-review/open-reviews.ts';
import { startMailSink } from '../../bin/embedded/mail-sink.ts';
import { scheduleQuarters } from '../../bin/maintenance-schedule.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import type { TranslatedText } from '../../domain/exchange/practice.ts';
import { present } from '../../domain/assert.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { quarterAt, rangeOf } from '../../domain/scorecard/quarter.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { givenPolicy } from './budget-organisation.ts';
import { bengaluru, boston, givenGrowthPeople, munich, saoPaulo, tokyo } from './growth-people.ts';
import { mailFrom } from './mail-stage.ts';
import { german, japanese, portuguese } from './practice-story.ts';
import { served, type Told } from './served-world.ts';
import { nextMonday } from './story-clock.ts';
import { until } from './until.ts';
import { createWorld, type World } from './world.ts';

const hour = 3_600_000;
const day = 24 * hour;
const zone = 'Europe/Berlin';

const storyDays = 60;

/** From the next Monday at nine, or from the first one of the next quarter: all of it fits into one. */
function quarterToTell() {
  const soon = nextMonday();
  const of = (at: number) => {
    const quarter = quarterAt(at, zone);
    return { quarter, until: rangeOf(quarter, quarter, zone).until };
  };
  const { until } = of(soon);
  const weeks = until - soon < storyDays * day ? Math.ceil((until + day - soon) / (7 * day)) : 0;
  const monday = soon + weeks * 7 * day;
  return { ...of(monday), startsAt: monday + 9 * hour };
}

interface ListedReview {
  readonly id: string;
  readonly team: object | null;
}
interface AgendaSection {
  readonly section: string;
  readonly figures: readonly { readonly sentence: string }[];
}

/** Without the marks of direction, and with plain spaces. */
export const plainText = (text: string): string =>
  text.replaceAll(/[\u2066-\u2069]/g, '').replaceAll('\u00a0', ' ');

export type GrowthArc = Awaited<ReturnType<typeof growthArc>>;

export async function growthArc() {
  const sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom });
  const { startsAt, ...quarter } = quarterToTell();
  const channels = { email };
  const world = await createWorld({
    loops,
    workflows: 'workflows/index.ts',
    startsAt,
    channels,
    activities: (activities) => ({ ...activities, openQuarters: () => opensQuarters() }),
  });
  const { client, clock, taskQueue } = world;
  const { director } = saoPaulo;
  const address = { taskQueue, workflows: loopWorkflows };
  const opensQuarters = createOpenQuarters({ db: world.database.db, client, clock, address });
  const { db } = world.database;
  await givenGrowthPeople(db, startsAt);
  const steps = [
    { name: 'manager', asked: [{ managerOf: 'requester' }] },
    { name: 'director', asked: [{ person: saoPaulo.director }] },
  ];
  await givenPolicy(db, 'budget.route', { layers: [{ steps }] });
  const { ask, browser } = await served(world);

  const tasks = async (who: PersonId): Promise<readonly string[]> => {
    const { json } = await ask(who, '/tasks');
    return (json['items'] as { kind: string }[]).map(({ kind }) => kind).toSorted();
  };
  /** A step that is taken, else what it says instead. */
  async function does(who: PersonId, path: string, body: object, headers = {}) {
    const { status, json } = await ask(who, path, body, headers);
    if (status >= 300) throw new Error(`${who} ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }
  const reads = async (who: PersonId, path: string): Promise<Told['json']> =>
    (await ask(who, path)).json;
  const reviewsOf = async (who: PersonId) =>
    (await reads(who, '/quarterly-reviews'))['items'] as readonly ListedReview[];
  return {
    world,
    quarter,
    ask,
    browser,
    tasks,
    does,
    reads,
    reviewsOf,
    etagOf: async (who: PersonId, path: string) => ({
      'if-match': `"${String((await reads(who, path))['revision'])}"`,
    }),
    codeOf: async (who: PersonId, path: string, body: object, headers = {}): Promise<unknown> =>
      (await ask(who, path, body, headers)).json['code'],
    custodian: async (account: AccountId): Promise<unknown> =>
      ((await reads(munich.learner, `/accounts/${account}`))['custodian'] as { id: string }).id,
    dayAfter: (days: number): string =>
      new Date(world.clock.now() + days * day).toISOString().slice(0, 10),
    /** All mails to somebody so far: the language of each, its subject, and its text. */
    heard: (who: PersonId): readonly string[] =>
      sink
        .messages()
        .filter(({ to }) => to[0] === `${who}@example.test`)
        .map(({ language, subject, text }) => plainText(`${language}: ${subject}\n${text}`)),
    /** Who had an account, from when on their wall. */
    async heldBy(account: AccountId): Promise<readonly (readonly string[])[]> {
      const { rows } = await sql<{ owner: string; from: string }>`
        SELECT owner_id AS owner, to_char(lower(period) AT TIME ZONE ${zone}, 'YYYY-MM-DD HH24:MI')
          AS "from" FROM custody WHERE account_id = ${account} ORDER BY period`.execute(db);
      return rows.map(({ owner, from }) => [owner, from]);
    },
    collects: createCollectDigests({ db, clock }),
    convenes: () => convenes(world),
    /** Elsewhere they have no time for it. */
    async callsOffAllBut(path: string): Promise<void> {
      for (const { manager } of [munich, bengaluru, tokyo, boston, { manager: director }]) {
        for (const { id } of await reviewsOf(manager)) {
          const other = `/quarterly-reviews/${id}`;
          if (other !== path) await does(manager, `${other}/cancel`, {});
        }
      }
    },
    /** What the agenda of a review says to somebody, section by section. */
    async agendaOf(who: PersonId, path: string) {
      const agenda = (await ask(who, path)).json['agenda'] as readonly AgendaSection[];
      return (name: string): readonly string[] =>
        agenda
          .filter(({ section }) => section === name)
          .flatMap(({ figures }) => figures.map(({ sentence }) => plainText(sentence)));
    },
    async stop() {
      await world.stop();
      email.close();
      await sink.stop();
    },
  };
}

/** As Temporal does on the day that its schedule says. */
async function convenes({ client, taskQueue }: World): Promise<void> {
  await scheduleQuarters(client, taskQueue);
  const schedule = client.schedule.getHandle(`quarters:${taskQueue}`);
  await schedule.trigger();
  const runs = async () => (await schedule.describe()).info.recentActions;
  await until('the schedule has started its workflow', async () => (await runs()).length > 0);
  const { workflowId } = present((await runs())[0], 'its run').action.workflow;
  await client.workflow.getHandle(workflowId).result();
  await schedule.delete();
}

const { notes: _, ...portugueseParts } = portuguese;

/** What was learned, in the languages of all five regions. */
export const lessonTexts = {
  de: german,
  'pt-BR': portugueseParts,
  ja: japanese,
  hi: {
    title: 'CardioFlow के साथ 30 दिन बाद की जाँच',
    situation: 'आधे क्लिनिकों में बाद की जाँच छूट जाती थी।',
    action: 'हमने हर क्लिनिक को 2 दिन पहले फ़ोन किया।',
    result: 'बाद की जाँच 50 % से बढ़कर 85 % हो गई।',
    indication: 'अनुमोदन के अनुसार 2.5 mm का स्टेंट।',
    evidence: '6 क्लिनिकों में 120 रोगी।',
  },
  en: {
    title: 'Follow-up after 30 days with CardioFlow',
    situation: 'Half of the clinics lost the follow-up.',
    action: 'We called each clinic 2 days ahead.',
    result: 'Follow-up rose from 50% to 85%.',
    indication: 'Stent of 2.5 mm as approved.',
    evidence: '120 patients in 6 clinics.',
  },
} as const satisfies Record<string, TranslatedText>;
