/** What regions offer, with the reasons why it would suit the reader, and the assignments they may see. */
import { html } from 'hono/html';
import { listAssignments } from '../api/assignments/list-assignments.ts';
import { pageLimitByDefault } from '../api/cursor.ts';
import type { Opportunity } from '../api/opportunities/present.ts';
import { listOpportunities } from '../api/opportunities/read-opportunities.ts';
import { opportunitiesQuery } from '../api/opportunities/schema.ts';
import { opportunityStatuses } from '../db/opportunities.ts';
import { regionNames } from '../db/regions.ts';
import { assignmentKinds } from '../domain/assignment/state.ts';
import { competencies } from '../domain/people/competency.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { opportunitiesPath, opportunityPath, taskPath } from '../locales/links.ts';
import { choiceField } from './fields.ts';
import { type Html, nameOf, passes, type Reader, say } from './html.ts';
import type { SignedIn } from './loop-page.ts';
import { wayName } from './navigation.ts';
import type { Kept } from './read-back.ts';
import type { SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';
import { competencyName } from './terms-fields.ts';

export const changePath = (assignment: string): string =>
  `${opportunitiesPath}/terms/${assignment}`;
export const draftPath = `${opportunitiesPath}/draft`;

const filters = ['status', 'kind', 'hostRegion', 'competency', 'mine'] as const;

export const placementsPage: SitePage = {
  route: opportunitiesPath,
  async show(parts, reader, { query }) {
    const { assignments } = parts;
    const { actor } = reader;
    const given = Object.fromEntries(
      [...filters, 'cursor', 'assignments'].flatMap((name) => {
        const value = query[name]?.trim() ?? '';
        return value === '' ? [] : [[name, value]];
      }),
    );
    const { mine, assignments: place, ...rest } = given;
    const asked = opportunitiesQuery.safeParse({
      ...rest,
      ...(mine !== undefined && { homeRegion: actor.region }),
    });
    if (!asked.success) throw new Refusal(problem('request.invalid'));
    const [offers, regions, mineToSee] = await Promise.all([
      listOpportunities(assignments, { actor, input: asked.data }),
      regionNames(assignments.db, actor),
      listAssignments(assignments, {
        actor,
        input: { limit: pageLimitByDefault, cursor: place },
      }),
    ]);
    const title = wayName(reader, 'placements');
    const canDraft = actor.teamKind === 'own';
    return {
      title,
      body: html`<h1>${title}</h1>
        <p>${say(reader, 'placement.hint')}</p>
        ${
          canDraft
            ? html`<p>
                <a class="button quiet" href="${draftPath}">${say(reader, 'placement.draft')}</a>
              </p>`
            : ''
        }
        <h2>${say(reader, 'placement.offers')}</h2>
        ${filterForm(reader, regions, given)}
        ${listed(
          reader,
          'placement.none',
          offers.items.map((offer) => one(reader, offer)),
        )}
        ${more(reader, given, 'cursor', offers.next)}
        <h2>${say(reader, 'placement.assignments')}</h2>
        ${listed(
          reader,
          'placement.no_assignment',
          mineToSee.items.map((item) => assignment(reader, item)),
        )}
        ${more(reader, given, 'assignments', mineToSee.next)}`,
    };
  },
};

const listed = (reader: Reader, none: string, items: readonly Html[]): Html =>
  items.length === 0
    ? html`<p class="muted" role="status">${say(reader, none)}</p>`
    : html`<ul class="list">
        ${items}
      </ul>`;

type Named = { readonly id: string; readonly name: string };

const filterForm = (reader: Reader, regions: readonly Named[], kept: Kept): Html => {
  const all = say(reader, 'placement.any');
  return html`<form method="get" action="${opportunitiesPath}" class="step" role="search">
    ${choiceField(reader, {
      name: 'status',
      label: 'status',
      kept: { status: 'published', ...kept },
      none: all,
      options: opportunityStatuses.map((one) => [one, say(reader, `placement.state.${one}`)]),
    })}
    ${choiceField(reader, {
      name: 'kind',
      label: 'placement.kind',
      kept,
      none: all,
      options: assignmentKinds.map((kind) => [kind, say(reader, `assignment.kind_of.${kind}`)]),
    })}
    ${choiceField(reader, {
      name: 'hostRegion',
      label: 'assignment.host',
      kept,
      none: all,
      options: regions.map((region) => [region.id, nameOf(region)]),
    })}
    ${choiceField(reader, {
      name: 'competency',
      label: 'placement.competency',
      kept,
      none: all,
      options: competencies.map((key) => [key, competencyName(reader, key)]),
    })}
    <label class="choice">
      <input
        type="checkbox"
        name="mine"
        value="yes"
        ${kept['mine'] === undefined ? '' : html`checked`}
      />
      ${say(reader, 'placement.for_mine')}
    </label>
    <div class="choices"><button>${say(reader, 'placement.find')}</button></div>
  </form>`;
};

export const daysOf = (
  reader: Reader,
  { firstDay, lastDay }: { readonly firstDay: string; readonly lastDay: string },
): Html =>
  say(reader, 'assignment.days_from_to', {
    firstDay: { day: firstDay },
    lastDay: { day: lastDay },
  });

/** Why it would suit the reader, where it does. */
export const reasonsOf = (
  reader: Reader,
  { reasons }: Pick<Opportunity, 'reasons'>,
): Html | string =>
  reasons.length === 0
    ? ''
    : html`<p>${say(reader, 'placement.suits')}</p>
        <ul>
          ${reasons.map((reason) => html`<li>${reason}</li>`)}
        </ul>`;

const one = (reader: Reader, offer: Opportunity): Html =>
  html`<li>
    <a href="${opportunityPath(offer.id)}" dir="auto">${offer.title ?? say(reader, 'erased')}</a
    ><br />
    <span class="muted"
      >${say(reader, `assignment.kind_of.${offer.kind}`)} · ${nameOf(offer.hostRegion)} ·
      ${daysOf(reader, offer)}</span
    >
    ${reasonsOf(reader, offer)}
  </li>`;

type Summary = Awaited<ReturnType<typeof listAssignments>>['items'][number];

const assignment = (reader: Reader, item: Summary): Html =>
  html`<li>
    <a href="${taskPath(item.id)}"
      >${say(reader, `assignment.kind_of.${item.kind}`)}: ${nameOf(item.participant)}</a
    ><br />
    <span class="muted"
      >${passes(reader, item.homeRegion, item.hostRegion)} ·
      ${say(reader, `assignment.status_of.${item.status}`)}
      ${item.terms === null ? '' : html`· ${daysOf(reader, item.terms)}`}</span
    >
  </li>`;

function more(reader: Reader, given: Kept, name: string, cursor: string | null): Html | string {
  if (cursor === null) return '';
  const query = new URLSearchParams({ ...given, [name]: cursor });
  return html`<p><a href="${opportunitiesPath}?${query.toString()}">${say(reader, 'more')}</a></p>`;
}

/** For pages that ask about regions and people. */
export const regionsShown = ({ assignments }: TaskPageParts, { actor }: SignedIn) =>
  regionNames(assignments.db, actor);
