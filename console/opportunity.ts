/** One offer: what it asks for, whom it would suit, and what may be done about it. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Opportunity } from '../api/opportunities/present.ts';
import { opportunityOperations } from '../api/opportunities/routes.ts';
import { opportunityParams } from '../api/opportunities/schema.ts';
import { derivedId } from '../db/derived-id.ts';
import type { Actor } from '../domain/authority.ts';
import { may } from '../domain/authority.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { opportunityPath } from '../locales/links.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import { count, readForm } from './loop-form.ts';
import { choiceButtons, facts, type SignedIn } from './loop-page.ts';
import { daysOf, reasonsOf } from './placements.ts';
import { alarm, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

export const proposePath = (opportunity: string): string =>
  `${opportunityPath(opportunity)}/propose`;

/** What is no id of ours leads nowhere, as everywhere. */
export async function offerOf(
  { assignments }: TaskPageParts,
  { actor }: SignedIn,
  id: string,
): Promise<Opportunity> {
  const input = opportunityParams.safeParse({ id });
  if (!input.success) throw new Refusal(problem('request.not_found'));
  return opportunityOperations.read.run(assignments, { actor, input: input.data });
}

const choices = ['publish', 'close', 'interest', 'withdrawInterest'] as const;
type Choice = (typeof choices)[number];
const formShape = z.object({ key: z.uuid(), revision: count, choice: z.enum(choices) });

export const opportunityPage: SitePage = {
  route: opportunityPath(':opportunity'),
  async show(parts, reader, { params, refused }) {
    const { assignments } = parts;
    const { actor } = reader;
    const offer = await offerOf(parts, reader, params['opportunity'] ?? '');
    const input = { id: offer.id };
    const { items } = await opportunityOperations.suggest.run(assignments, { actor, input });
    return {
      title: html`${offer.title ?? say(reader, 'erased')}`,
      body: html`<h1>
          ${offer.title === null ? say(reader, 'erased') : nameOf({ name: offer.title })}
        </h1>
        ${refused ? alarm(refused.problem) : ''} ${about(reader, offer)}
        ${offer.description === null ? '' : words(offer.description)}
        ${
          offer.prerequisites === null
            ? ''
            : html`<h2>${say(reader, 'placement.prerequisites')}</h2>
                ${words(offer.prerequisites)}`
        }
        <h2>${say(reader, 'placement.together')}</h2>
        <ul>
          ${offer.homeRegions.map(({ sentence }) => html`<li>${sentence}</li>`)}
        </ul>
        ${reasonsOf(reader, offer)} ${ways(reader, offer)}
        ${
          mayTake(reader.actor, offer)
            ? html`<p>
                <a class="button" href="${proposePath(offer.id)}"
                  >${say(reader, 'placement.propose')}</a
                >
              </p>`
            : ''
        }
        ${interested(reader, offer)} ${suggested(reader, offer, items)}`,
    };
  },
  async send(parts, reader, { params, form }) {
    const { actor } = reader;
    const { id } = await offerOf(parts, reader, params['opportunity'] ?? '');
    const { key, revision, choice } = readForm(formShape, form);
    const kept = { ...reader, publicUrl: parts.publicUrl, text: '' };
    const commandId = derivedId('form', actor.id, 'opportunity', id, key);
    const asked = { actor, input: { id }, commandId, seen: revision };
    const refused = await unlessRefused(kept, async () => {
      await opportunityOperations[choice].run(parts.assignments, asked);
    });
    return refused ?? opportunityPath(id);
  },
};

const about = (reader: Reader, offer: Opportunity): Html =>
  facts([
    [say(reader, 'status'), say(reader, `placement.state.${offer.status}`)],
    [say(reader, 'placement.kind'), say(reader, `assignment.kind_of.${offer.kind}`)],
    [say(reader, 'assignment.host'), nameOf(offer.hostRegion)],
    [say(reader, 'assignment.host_manager'), nameOf(offer.hostManager)],
    [say(reader, 'placement.for'), joined(offer.homeRegions.map(nameOf))],
    [say(reader, 'assignment.days'), daysOf(reader, offer)],
    [
      say(reader, 'assignment.hours'),
      say(reader, 'assignment.hours_a_week', {
        weeklyHours: offer.weeklyHours,
        overlapHours: offer.overlapHours,
      }),
    ],
    [
      say(reader, 'assignment.goals'),
      joined(
        offer.goals.map(({ competency, level }) =>
          say(reader, 'assignment.goal', {
            competency: { term: `competency.name.${competency}` },
            level: { term: `competency.level.${level}` },
          }),
        ),
      ),
    ],
    [
      say(reader, 'placement.languages'),
      offer.languages.length === 0
        ? null
        : joined(
            offer.languages.map((language) =>
              say(reader, 'placement.word', { word: { language } }),
            ),
          ),
    ],
  ]);

const joined = (items: readonly Html[]): Html =>
  html`${items.map((item, index) => html`${index > 0 ? html`<br />` : ''}${item}`)}`;

const subjectOf = (actor: Actor, offer: Opportunity) => ({
  region: offer.hostRegion.id as RegionId,
  host: offer.hostManager.id as PersonId,
  drafter: actor.id,
  isPublished: offer.status !== 'draft',
  homeRegions: offer.homeRegions.map(({ id }) => id as RegionId),
});

const mayTake = (actor: Actor, offer: Opportunity): boolean =>
  offer.status === 'published' && may(actor, 'opportunity.take', subjectOf(actor, offer));

/** What the reader may do about it, as the operations judge it. */
function choicesFor(actor: Actor, offer: Opportunity): readonly Choice[] {
  const isHosts = may(actor, 'opportunity.publish', subjectOf(actor, offer));
  const isInterested = offer.interested.some(({ person }) => person.id === actor.id);
  return [
    ...(isHosts && offer.status === 'draft' ? (['publish'] as const) : []),
    ...(mayTake(actor, offer) && !isInterested ? (['interest'] as const) : []),
    ...(isInterested ? (['withdrawInterest'] as const) : []),
    ...(isHosts && offer.status !== 'closed' ? (['close'] as const) : []),
  ];
}

function ways(reader: SignedIn, offer: Opportunity): Html | string {
  const open = choicesFor(reader.actor, offer);
  if (open.length === 0) return '';
  return html`<form method="post" action="${opportunityPath(offer.id)}">
    <input type="hidden" name="key" value="${randomUUID()}" />
    <input type="hidden" name="revision" value="${offer.revision}" />
    ${choiceButtons(
      open.map((choice) => ({
        choice,
        label: say(reader, `placement.choice.${choice}`),
        isQuiet: choice === 'close' || choice === 'withdrawInterest',
      })),
    )}
  </form>`;
}

const proposed = (
  reader: Reader,
  offer: Opportunity,
  person: { readonly id: string },
): Html | string =>
  offer.status === 'published'
    ? html` ·
        <a href="${proposePath(offer.id)}?for=${encodeURIComponent(person.id)}"
          >${say(reader, 'placement.propose')}</a
        >`
    : '';

const interested = (reader: Reader, offer: Opportunity): Html | string =>
  offer.interested.length === 0
    ? ''
    : html`<h2>${say(reader, 'placement.interested')}</h2>
        <ul class="timeline">
          ${offer.interested.map(
            ({ person, since }) =>
              html`<li>
                ${nameOf(person)}${proposed(reader, offer, person)}<br /><span class="muted"
                  >${instant(reader, since)}</span
                >
              </li>`,
          )}
        </ul>`;

type Suggested = Awaited<ReturnType<typeof opportunityOperations.suggest.run>>['items'];

const suggested = (reader: SignedIn, offer: Opportunity, items: Suggested): Html | string => {
  const others = items.filter(({ person }) => person.id !== reader.actor.id);
  return others.length === 0
    ? ''
    : html`<h2>${say(reader, 'placement.who')}</h2>
        <p class="muted">${say(reader, 'placement.who_hint')}</p>
        <ul class="timeline">
          ${others.map(
            ({ person, reasons }) =>
              html`<li>
                ${nameOf(person)}${proposed(reader, offer, person)}<br /><span class="muted"
                  >${reasons.map((reason) => html`${reason} `)}</span
                >
              </li>`,
          )}
        </ul>`;
};
