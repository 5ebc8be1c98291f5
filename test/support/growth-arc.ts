/** The stage of the arc of growth: asked over HTTP, with the mails that people get as time goes on. */
import { loops } from '../../activities/loops.ts';
import { startMailSink } from '../../bin/embedded/mail-sink.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import type { TranslatedText } from '../../domain/exchange/practice.ts';
import type { PersonId } from '../../domain/id.ts';
import { quarterAt, rangeOf } from '../../domain/scorecard/quarter.ts';
import { givenPolicy } from './budget-organisation.ts';
import { givenGrowthPeople, saoPaulo } from './growth-people.ts';
import { mailFrom } from './mail-stage.ts';
import { german, japanese, portuguese } from './practice-story.ts';
import { served, type Told } from './served-world.ts';
import { nextMonday } from './story-clock.ts';
import { createWorld } from './world.ts';

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

/** Without the marks of direction, and with plain spaces. */
export const plainText = (text: string): string =>
  text.replaceAll(/[\u2066-\u2069]/g, '').replaceAll('\u00a0', ' ');

export type GrowthArc = Awaited<ReturnType<typeof growthArc>>;

export async function growthArc() {
  const sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom });
  const { startsAt, ...quarter } = quarterToTell();
  const channels = { email };
  const world = await createWorld({ loops, workflows: 'workflows/index.ts', startsAt, channels });
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
  return {
    world,
    quarter,
    ask,
    browser,
    tasks,
    dayAfter: (days: number): string =>
      new Date(world.clock.now() + days * day).toISOString().slice(0, 10),
    /** A step that is taken, else what it says instead. */
    async does(who: PersonId, path: string, body: object, headers = {}): Promise<Told['json']> {
      const { status, json } = await ask(who, path, body, headers);
      if (status >= 300) throw new Error(`${who} ${path}: ${status} ${JSON.stringify(json)}`);
      return json;
    },
    reads: async (who: PersonId, path: string): Promise<Told['json']> =>
      (await ask(who, path)).json,
    /** All mails to somebody so far: the language of each, its subject, and its text. */
    heard: (who: PersonId): readonly string[] =>
      sink
        .messages()
        .filter(({ to }) => to[0] === `${who}@example.test`)
        .map(({ language, subject, text }) => plainText(`${language}: ${subject}\n${text}`)),
    async stop() {
      await world.stop();
      email.close();
      await sink.stop();
    },
  };
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
