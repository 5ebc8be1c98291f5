/** Forms that propose other terms of a development plan, and an assignment that serves it. */
import { html } from 'hono/html';
import { previewAssignment } from '../api/assignments/preview-assignment.ts';
import { assignmentBody, changeBody, planParams } from '../api/development-plans/schema.ts';
import type { Plan } from '../api/development-plans/present.ts';
import { readPlan } from '../api/development-plans/read-plan.ts';
import { planSteps } from '../api/development-plans/take-step.ts';
import type { Opportunity } from '../api/opportunities/present.ts';
import { opportunityOperations } from '../api/opportunities/routes.ts';
import { accountsOwnedBy } from '../db/accounts.ts';
import { derivedId } from '../db/derived-id.ts';
import { findPerson } from '../db/people.ts';
import { accountsMax } from '../domain/assignment/state.ts';
import { isUnderWay } from '../domain/development-plan/roles.ts';
import type { PersonId } from '../domain/id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { planAssignPath, planTermsPath, sayPlan } from './development-plan-forms.ts';
import {
  planLabelOf,
  planTermsFields,
  planTermsIn,
  planTermsKept,
} from './development-plan-terms.ts';
import { foreseenForm, formPage, pageForm } from './form-page.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import { bodyOf, count, readForm } from './loop-form.ts';
import type { SignedIn } from './loop-page.ts';
import { offerOf } from './opportunity.ts';
import { daysOf, regionsShown } from './placements.ts';
import type { Kept } from './read-back.ts';
import { type Refused, unlessRefused } from './refused.ts';
import type { ShownPage, SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';
import {
  accountBoxes,
  accountsKept,
  daysFields,
  goalFields,
  goalsIn,
  goalsKept,
  hostRegionField,
  hoursFields,
  kindField,
  offerKept,
  personField,
  proposalLabels,
  termsIn,
  termsLabelOf,
} from './terms-fields.ts';
import { termsForeseen, type TermsPreview } from './terms-foreseen.ts';

/** Of one that takes it no more there is no such form: it is its own page that says why. */
async function planSeen({ plans }: TaskPageParts, { actor }: SignedIn, id: string): Promise<Plan> {
  const input = planParams.safeParse({ id });
  if (!input.success) throw new Refusal(problem('request.not_found'));
  return readPlan(plans, { actor, input: input.data });
}

export const planTermsPage: SitePage = {
  route: planTermsPath(':plan'),
  async show(parts, reader, { params, refused }) {
    const plan = await planSeen(parts, reader, params['plan'] ?? '');
    const terms = plan.pending?.terms ?? plan.terms;
    if (terms === null || (refused === null && !isUnderWay(plan))) {
      throw new Refusal(problem('request.not_found'));
    }
    const kept = refused?.fields ?? planTermsKept(terms);
    return formPage(parts, reader, {
      title: html`${sayPlan(reader, 'change')}: ${nameOf(plan.subject)}`,
      hint: sayPlan(reader, 'change_hint'),
      action: planTermsPath(plan.id),
      fields: html`<input type="hidden" name="revision" value="${plan.revision}" />
        ${planTermsFields(reader, kept, sayPlan(reader, 'goals_stay'))}`,
      send: sayPlan(reader, 'choice.start'),
      refused,
      labelOf: planLabelOf(reader),
    });
  },
  async send(parts, reader, { params, form }) {
    const { plans, publicUrl } = parts;
    const { actor } = reader;
    const { id } = await planSeen(parts, reader, params['plan'] ?? '');
    const { key, revision, ...fields } = readForm(pageForm, form);
    const seen = readForm(count, revision);
    const commandId = derivedId('form', actor.id, id, key);
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const body = bodyOf(changeBody, { terms: planTermsIn(fields) });
      await planSteps.change.run(plans, { actor, commandId, seen, input: { id, ...body } });
    });
    return refused ?? taskPath(id);
  },
};

/** Of what regions offer, what would serve a goal of the plan; nothing begins by itself. */
async function offersFor(
  { assignments }: TaskPageParts,
  { actor }: SignedIn,
  { terms, pending }: Plan,
): Promise<readonly Opportunity[]> {
  const goals = (terms ?? pending?.terms)?.goals ?? [];
  const input = { status: 'published', limit: offersLookedAt } as const;
  const { items } = await opportunityOperations.list.run(assignments, { actor, input });
  return items.filter((offer) =>
    offer.goals.some(({ competency }) => goals.some((goal) => goal.competency === competency)),
  );
}

const offersLookedAt = 50;

/** What it is filled in with: by the offer that was chosen, else by the goals of the plan. */
async function assignmentKept(
  { assignments }: TaskPageParts,
  { actor }: SignedIn,
  { plan, offer }: { readonly plan: Plan; readonly offer: Opportunity | null },
): Promise<Kept> {
  const subject = plan.subject.id as PersonId;
  const person = await findPerson(assignments.db, actor, subject);
  const goals = (plan.terms ?? plan.pending?.terms)?.goals ?? [];
  const owned = await accountsOwnedBy(assignments.db, subject);
  const common = {
    homeManager: person?.manager ?? '',
    ...accountsKept(owned.slice(0, accountsMax)),
  };
  if (offer === null) {
    const asked = goals.map(({ competency, to }) => ({ competency, level: to }));
    return { ...common, ...goalsKept(asked) };
  }
  return {
    ...common,
    opportunity: offer.id,
    kind: offer.kind,
    hostRegion: offer.hostRegion.id,
    ...offerKept(offer),
    ...goalsKept(offer.goals),
  };
}

export const planAssignPage: SitePage = {
  route: planAssignPath(':plan'),
  async show(parts, reader, { params, query, refused }) {
    const plan = await planSeen(parts, reader, params['plan'] ?? '');
    if (refused === null && !isUnderWay(plan)) throw new Refusal(problem('request.not_found'));
    const chosen = query['offer'] ?? '';
    const offer = chosen === '' ? null : await offerOf(parts, reader, chosen);
    const kept = refused?.fields ?? (await assignmentKept(parts, reader, { plan, offer }));
    return assignmentOf(parts, reader, { plan, kept, refused, preview: null });
  },
  async send(parts, reader, { params, form }) {
    const { assignments, plans, publicUrl } = parts;
    const { actor } = reader;
    const plan = await planSeen(parts, reader, params['plan'] ?? '');
    const { id } = plan;
    const { key, choice, ...kept } = readForm(foreseenForm, form);
    const commandId = derivedId('form', actor.id, id, key);
    let preview: TermsPreview | null = null;
    const sent = { ...reader, publicUrl, text: '', fields: kept };
    const refused = await unlessRefused(sent, async () => {
      const body = bodyOf(assignmentBody, assignmentIn(kept));
      if (choice === 'preview') {
        const input = { ...body, participant: plan.subject.id };
        preview = await previewAssignment(assignments, { actor, input });
      } else await planSteps.assign.run(plans, { actor, commandId, input: { id, ...body } });
    });
    if (refused !== null) return refused;
    if (choice === 'send') return taskPath(id);
    return assignmentOf(parts, reader, { plan, kept, refused: null, preview });
  },
};

interface Filled {
  readonly plan: Plan;
  readonly kept: Kept;
  readonly refused: Refused | null;
  readonly preview: TermsPreview | null;
}

async function assignmentOf(
  parts: TaskPageParts,
  reader: SignedIn,
  { plan, kept, refused, preview }: Filled,
): Promise<ShownPage> {
  const regions = await regionsShown(parts, reader);
  const owned = await accountsOwnedBy(parts.assignments.db, plan.subject.id as PersonId);
  return formPage(parts, reader, {
    title: html`${sayPlan(reader, 'assign')}: ${nameOf(plan.subject)}`,
    hint: html`${sayPlan(reader, 'assign_hint')} ${say(reader, 'placement.propose_hint')}`,
    action: planAssignPath(plan.id),
    fields: html`${assignmentFields(reader, kept, regions)}
    ${accountBoxes(reader, owned.slice(0, accountsMax), kept)}`,
    send: say(reader, 'placement.send'),
    foreseen: termsForeseen(reader, preview),
    refused,
    labelOf: termsLabelOf(reader, proposalLabels),
    more: offered(reader, plan, await offersFor(parts, reader, plan)),
  });
}

type Named = { readonly id: string; readonly name: string };

function assignmentFields(reader: Reader, kept: Kept, regions: readonly Named[]): Html {
  const opportunity = kept['opportunity'] ?? '';
  return html`${
    opportunity === ''
      ? ''
      : html`<input type="hidden" name="opportunity" value="${opportunity}" />`
  }
  ${kindField(reader, kept)} ${hostRegionField(reader, kept, regions)} ${daysFields(reader, kept)}
  ${hoursFields(reader, kept)} ${goalFields(reader, kept)}
  ${personField(reader, { name: 'homeManager', label: 'assignment.home_manager', kept })}
  ${personField(reader, { name: 'hostManager', label: 'assignment.host_manager', kept })}
  ${personField(reader, {
    name: 'compliance',
    label: 'placement.compliance_shadowing',
    kept,
    isRequired: false,
  })}`;
}

/** As `PlanAssignment` of the API: whose it is the plan says. */
function assignmentIn(fields: Kept) {
  const of = (name: string): string => (fields[name] ?? '').trim();
  return {
    kind: of('kind'),
    hostRegion: of('hostRegion'),
    ...(of('compliance') !== '' && { compliance: of('compliance') }),
    ...(of('opportunity') !== '' && { opportunity: of('opportunity') }),
    terms: termsIn(fields, goalsIn(fields)),
  };
}

const offered = (reader: Reader, plan: Plan, offers: readonly Opportunity[]): Html | string =>
  offers.length === 0
    ? ''
    : html`<h2>${sayPlan(reader, 'offers_fit')}</h2>
        <ul class="list">
          ${offers.map(
            (offer) =>
              html`<li>
                <a href="${planAssignPath(plan.id)}?offer=${offer.id}"
                  >${offer.title === null ? say(reader, 'erased') : nameOf({ name: offer.title })}</a
                >
                <br /><span class="muted"
                  >${nameOf(offer.hostRegion)} · ${say(reader, `assignment.kind_of.${offer.kind}`)}
                  · ${daysOf(reader, offer)}</span
                >
              </li>`,
          )}
        </ul>`;
