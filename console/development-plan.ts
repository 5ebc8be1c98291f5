/** A development plan as those who work on it read it: its goals, what serves it, and what is asked. */
import { html } from 'hono/html';
import { linkableTo } from '../db/development-plans.ts';
import type { PlanParts } from '../api/development-plans/parts.ts';
import { type Plan, planSubject } from '../api/development-plans/present.ts';
import { explainPlan, readPlan } from '../api/development-plans/read-plan.ts';
import { may } from '../domain/authority.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import { type CompetencyLevel, competencyLevels } from '../domain/people/competency-level.ts';
import { taskPath } from '../locales/links.ts';
import { phrase } from '../locales/render.ts';
import { wide } from './drawing.ts';
import { drawPlan } from './growth-pictures.ts';
import { type Html, instant, nameOf, type Reader, say as sayPage } from './html.ts';
import {
  type Asked,
  facts,
  loopPage,
  type Shown,
  type SignedIn,
  statusFact,
  writtenTimeline,
} from './loop-page.ts';
import { type Linkable, ownForms, sayPlan as say, stepForm } from './development-plan-forms.ts';

export async function showPlan(
  parts: PlanParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const { actor } = reader;
  const read = await readPlan(parts, { actor, input: { id } });
  const plan = { ...read, isHeld: false } as const;
  const { sentences } = await explainPlan(parts, { actor, input: { id } });
  const linkable: readonly Linkable[] =
    plan.missing.length === 0 ? [] : await linkableTo(parts.db, id as LoopId);
  const [subject, manager] = [plan.subject.id, plan.manager.id] as [PersonId, PersonId];
  const isSteering = may(
    actor,
    'plan.steer',
    await planSubject(parts, { subject, manager, coaches: [] }),
  );
  return loopPage(parts, reader, refused, {
    loop: plan,
    subject: plan.subject.name,
    title: html`${say(reader, 'plan')}: ${nameOf(plan.subject)}`,
    told: [
      about(reader, plan),
      goals(reader, plan),
      picture(reader, plan, parts.clock.now()),
      serves(reader, plan),
      why(reader, sentences),
    ],
    form: (step) => stepForm(reader, plan, { step, linkable, refused }),
    ownForms: ownForms(reader, plan, { me: actor.id, isSteering, refused }),
    more: [writtenTimeline(reader, plan.timeline)],
  });
}

const about = (reader: Reader, plan: Plan): Html => {
  const { status, terms, pending, manager, stalledAt } = plan;
  const shown = terms ?? pending?.terms ?? null;
  return facts([
    statusFact(reader, { isHeld: false }, say(reader, `status_of.${status}`)),
    [
      say(reader, 'stands_still'),
      stalledAt === null
        ? null
        : html`<strong class="alarm">${instant(reader, stalledAt)}</strong>`,
    ],
    [say(reader, 'manager'), nameOf(manager)],
    [say(reader, 'coach'), shown?.coach ? nameOf(shown.coach) : null],
    [say(reader, 'last_day'), shown && say(reader, 'day', { day: { day: shown.lastDay } })],
    [say(reader, 'reviews'), shown && say(reader, 'every', { days: shown.reviewDays })],
    [say(reader, 'map'), say(reader, 'version', { version: plan.mapVersion })],
  ]);
};

type Terms = NonNullable<Plan['terms']>;

/** Those to be agreed to beside those in force, so that nobody agrees to what they have not read. */
const goals = (reader: Reader, { terms, pending, rated }: Plan): Html =>
  html`${pending === null ? '' : goalsOf(reader, 'to_agree', pending.terms)}
  ${terms === null ? '' : goalsOf(reader, 'in_force', terms, rated)}`;

/** Of the goals in force; above it each is told in words. */
function picture(reader: Reader, plan: Plan, now: number): Html | string {
  const { terms, rated, startedAt, closedAt, stalledAt, timeline } = plan;
  if (terms === null) return '';
  const rankOf = (level: CompetencyLevel | null): number =>
    level === null ? 0 : competencyLevels.indexOf(level) + 1;
  const named = (competency: string): string =>
    phrase(`competency.name.${competency}`, {}, reader.recipient);
  const title = phrase('developmentPlan.page.plan', {}, reader.recipient);
  const drawn = drawPlan(
    reader,
    {
      from: Date.parse(startedAt),
      until: Date.parse(terms.lastDay),
      now: closedAt === null ? now : null,
      marks: timeline.map(({ at }) => Date.parse(at)),
      stalledAt: stalledAt === null ? null : Date.parse(stalledAt),
      goals: terms.goals.map(({ competency, from, to }) => ({
        name: named(competency),
        level: rankOf(rated.find((one) => one.competency === competency)?.level ?? from),
        to: rankOf(to),
      })),
    },
    {
      title,
      told: terms.goals.map(({ competency }) => named(competency)),
    },
  );
  return html`${wide(title, drawn)}
    <p class="muted">${say(reader, 'picture')}</p>`;
}

const goalsOf = (
  reader: Reader,
  title: string,
  { goals: wanted }: Terms,
  rated: Plan['rated'] = [],
): Html =>
  html`<h2>${say(reader, title)}</h2>
    <ul>
      ${wanted.map(({ competency, from, to }) => {
        const level = rated.find((one) => one.competency === competency)?.level;
        const names = {
          competency: { term: `competency.name.${competency}` },
          to: { term: `competency.level.${to}` },
        };
        return html`<li>
          ${
            from === null
              ? say(reader, 'goal_unrated', names)
              : say(reader, 'goal', { ...names, from: { term: `competency.level.${from}` } })
          }
          ${
            level === undefined
              ? ''
              : html`<br /><span class="muted"
                    >${say(reader, 'rated', { level: { term: `competency.level.${level}` } })}</span
                  >`
          }
        </li>`;
      })}
    </ul>`;

const serves = (reader: Reader, { links, missing }: Plan): Html =>
  html`<h2>${say(reader, 'serves')}</h2>
    <ul>
      ${links.map(({ loop, sentence }) => html`<li><a href="${taskPath(loop)}">${sentence}</a></li>`)}
      ${missing.map((need) => html`<li class="muted">${say(reader, `missing.${need}`)}</li>`)}
    </ul>`;

const why = (reader: Reader, sentences: readonly string[]): Html =>
  html`<h2>${sayPage(reader, 'why')}</h2>
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;
