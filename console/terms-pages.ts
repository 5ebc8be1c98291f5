/** Forms that draft an offer, propose an assignment of one, and propose other terms of an assignment. */
import { html } from 'hono/html';
import type { Assignment } from '../api/assignments/present.ts';
import { previewAssignment, previewChange } from '../api/assignments/preview-assignment.ts';
import { proposeAssignment } from '../api/assignments/propose-assignment.ts';
import { readAssignment } from '../api/assignments/read-assignment.ts';
import { assignmentParams, changeBody, proposalBody } from '../api/assignments/schema.ts';
import { assignmentSteps } from '../api/assignments/take-step.ts';
import type { Opportunity } from '../api/opportunities/present.ts';
import { draftOpportunity } from '../api/opportunities/draft-opportunity.ts';
import {
  descriptionLengthMax,
  opportunityBody,
  titleLengthMax,
} from '../api/opportunities/schema.ts';
import { accountsOwnedBy } from '../db/accounts.ts';
import { derivedId } from '../db/derived-id.ts';
import { findPerson } from '../db/people.ts';
import { accountsMax } from '../domain/assignment/state.ts';
import type { PersonId } from '../domain/id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { locales } from '../locales/catalogue.ts';
import { opportunityPath, taskPath } from '../locales/links.ts';
import { field, tickBoxes, ticked } from './fields.ts';
import { termsForeseen, type TermsPreview } from './terms-foreseen.ts';
import { foreseenForm, formPage, pageForm } from './form-page.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import { bodyOf, count, readForm } from './loop-form.ts';
import { facts, type SignedIn } from './loop-page.ts';
import { offerOf, proposePath } from './opportunity.ts';
import { changePath, daysOf, draftPath, regionsShown } from './placements.ts';
import { type Kept, wordsField } from './read-back.ts';
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
  termsIn,
  proposalLabels,
  termsLabelOf,
} from './terms-fields.ts';

const draftLabels = {
  title: 'placement.title',
  description: 'placement.description',
  prerequisites: 'placement.prerequisites',
  kind: 'placement.kind',
  hostRegion: 'placement.host_region',
  homeRegions: 'placement.for',
  languages: 'placement.languages',
};

export const draftPage: SitePage = {
  route: draftPath,
  async show(parts, reader, { refused }) {
    if (reader.actor.teamKind !== 'own') throw new Refusal(problem('request.not_found'));
    const regions = await regionsShown(parts, reader);
    const { actor } = reader;
    const kept = refused?.fields ?? { hostRegion: actor.region, overlapHours: '0' };
    return formPage(parts, reader, {
      title: say(reader, 'placement.draft'),
      hint: say(reader, 'placement.draft_hint'),
      action: draftPath,
      fields: draftFields(reader, kept, regions),
      send: say(reader, 'placement.save_draft'),
      refused,
      labelOf: termsLabelOf(reader, draftLabels),
    });
  },
  async send({ assignments, publicUrl }, reader, { form }) {
    const { actor } = reader;
    const { key, ...fields } = readForm(pageForm, form);
    const commandId = derivedId('form', actor.id, 'opportunity', key);
    let drafted = '';
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const input = bodyOf(opportunityBody, draftIn(fields));
      drafted = (await draftOpportunity(assignments, { actor, commandId, input })).id;
    });
    return refused ?? opportunityPath(drafted);
  },
};

type Named = { readonly id: string; readonly name: string };

const draftFields = (reader: Reader, kept: Kept, regions: readonly Named[]): Html => {
  const named = regions.map((region) => [region.id, nameOf(region)] as const);
  const large = (name: 'description' | 'prerequisites', isRequired: boolean): Html =>
    wordsField(reader, {
      id: name,
      name,
      label: draftLabels[name],
      text: kept[name] ?? '',
      lengthMax: descriptionLengthMax,
      isRequired,
    });
  return html`${field(reader, {
    name: 'title',
    label: draftLabels.title,
    kept,
    more: html`class="words" dir="auto" maxlength="${titleLengthMax}" required`,
  })}
  ${kindField(reader, kept)} ${large('description', true)} ${large('prerequisites', false)}
  ${hostRegionField(reader, kept, regions)}
  ${personField(reader, { name: 'hostManager', label: 'assignment.host_manager', kept })}
  ${tickBoxes(reader, { name: 'home', label: draftLabels.homeRegions, kept, options: named })}
  ${daysFields(reader, kept)} ${hoursFields(reader, kept)} ${goalFields(reader, kept)}
  ${tickBoxes(reader, {
    name: 'language',
    label: draftLabels.languages,
    kept,
    options: locales.map((language) => [
      language,
      say(reader, 'placement.word', { word: { language } }),
    ]),
  })}`;
};

function draftIn(fields: Kept) {
  const of = (name: string): string => (fields[name] ?? '').trim();
  const { homeManager: _none, accounts: _noAccounts, ...terms } = termsIn(fields, goalsIn(fields));
  return {
    ...terms,
    title: of('title'),
    kind: of('kind'),
    description: of('description'),
    ...(of('prerequisites') !== '' && { prerequisites: of('prerequisites') }),
    hostRegion: of('hostRegion'),
    homeRegions: ticked(fields, 'home'),
    languages: ticked(fields, 'language'),
  };
}

/** Whose participation is proposed: whoever the address names, else the reader. */
async function participantOf({ assignments }: TaskPageParts, { actor }: SignedIn, id: string) {
  const found = await findPerson(assignments.db, actor, (id === '' ? actor.id : id) as PersonId);
  if (!found?.isActive) throw new Refusal(problem('request.not_found'));
  return found;
}

export const proposePage: SitePage = {
  route: proposePath(':opportunity'),
  async show(parts, reader, { params, query, refused }) {
    const offer = await offerOf(parts, reader, params['opportunity'] ?? '');
    const asked = refused?.fields?.['participant'] ?? query['for'] ?? '';
    return proposal(parts, reader, { offer, asked, kept: refused?.fields, refused, preview: null });
  },
  async send(parts, reader, { params, form }) {
    const { assignments, publicUrl } = parts;
    const { actor } = reader;
    const offer = await offerOf(parts, reader, params['opportunity'] ?? '');
    const { key, choice, ...fields } = readForm(foreseenForm, form);
    const commandId = derivedId('form', actor.id, 'assignment', key);
    let preview: TermsPreview | null = null;
    let proposed = '';
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const input = bodyOf(proposalBody, {
        kind: offer.kind,
        participant: fields['participant'],
        hostRegion: offer.hostRegion.id,
        opportunity: offer.id,
        ...(fields['compliance'] !== undefined && { compliance: fields['compliance'].trim() }),
        terms: termsIn(fields, offer.goals),
      });
      if (choice === 'preview') preview = await previewAssignment(assignments, { actor, input });
      else proposed = (await proposeAssignment(assignments, { actor, commandId, input })).id;
    });
    if (refused !== null) return refused;
    if (choice === 'send') return taskPath(proposed);
    const asked = fields['participant'] ?? '';
    return proposal(parts, reader, { offer, asked, kept: fields, refused: null, preview });
  },
};

interface Proposal {
  readonly offer: Opportunity;
  /** Whose participation; the reader's own where it is nobody's. */
  readonly asked: string;
  readonly kept: Kept | undefined;
  readonly refused: Refused | null;
  readonly preview: TermsPreview | null;
}

async function proposal(
  parts: TaskPageParts,
  reader: SignedIn,
  { offer, asked, refused, preview, ...filled }: Proposal,
): Promise<ShownPage> {
  const participant = await participantOf(parts, reader, asked);
  const owned = await accountsOwnedBy(parts.assignments.db, participant.id);
  const accounts = owned.slice(0, accountsMax);
  const kept: Kept = filled.kept ?? {
    ...offerKept(offer),
    homeManager: participant.manager ?? '',
    ...accountsKept(accounts),
  };
  const isJudged = offer.kind === 'shadowing';
  return formPage(parts, reader, {
    title: html`${say(reader, 'placement.propose')}: ${nameOf(participant)}`,
    hint: say(reader, 'placement.propose_hint'),
    action: proposePath(offer.id),
    fields: html`${facts([
        [say(reader, 'placement.title'), html`<span dir="auto">${offer.title ?? ''}</span>`],
        [say(reader, 'assignment.host'), nameOf(offer.hostRegion)],
        [say(reader, 'assignment.days'), daysOf(reader, offer)],
      ])}
      <input type="hidden" name="participant" value="${participant.id}" />
      ${daysFields(reader, kept)} ${hoursFields(reader, kept)}
      ${personField(reader, { name: 'homeManager', label: 'assignment.home_manager', kept })}
      ${personField(reader, { name: 'hostManager', label: 'assignment.host_manager', kept })}
      ${isJudged ? personField(reader, { name: 'compliance', label: 'placement.compliance', kept }) : ''}
      ${accountBoxes(reader, accounts, kept)}`,
    send: say(reader, 'placement.send'),
    foreseen: termsForeseen(reader, preview),
    refused,
    labelOf: termsLabelOf(reader, proposalLabels),
  });
}

async function assignmentSeen(
  { assignments }: TaskPageParts,
  { actor }: SignedIn,
  id: string,
): Promise<Assignment> {
  const input = assignmentParams.safeParse({ id });
  if (!input.success) throw new Refusal(problem('request.not_found'));
  return readAssignment(assignments, { actor, input: input.data });
}

type Terms = NonNullable<Assignment['terms']>;

const termsKept = (terms: Terms): Kept => ({
  firstDay: terms.firstDay,
  lastDay: terms.lastDay,
  weeklyHours: String(terms.weeklyHours),
  overlapHours: String(terms.overlapHours),
  homeManager: terms.homeManager.id,
  hostManager: terms.hostManager.id,
  ...goalsKept(terms.goals),
  ...accountsKept(terms.accounts),
});

export const changePage: SitePage = {
  route: changePath(':assignment'),
  async show(parts, reader, { params, refused }) {
    const found = await assignmentSeen(parts, reader, params['assignment'] ?? '');
    return otherTerms(parts, reader, { found, kept: refused?.fields, refused, preview: null });
  },
  async send(parts, reader, { params, form }) {
    const { assignments, publicUrl } = parts;
    const { actor } = reader;
    const found = await assignmentSeen(parts, reader, params['assignment'] ?? '');
    const { id } = found;
    const { key, choice, ...kept } = readForm(foreseenForm, form);
    const seen = readForm(count, kept['revision'] ?? '');
    const commandId = derivedId('form', actor.id, id, key);
    let preview: TermsPreview | null = null;
    const told = { ...reader, publicUrl, text: '', fields: kept };
    const refused = await unlessRefused(told, async () => {
      const input = { id, ...bodyOf(changeBody, { terms: termsIn(kept, goalsIn(kept)) }) };
      if (choice === 'preview') preview = await previewChange(assignments, { actor, input });
      else await assignmentSteps.change.run(assignments, { actor, commandId, seen, input });
    });
    if (refused !== null) return refused;
    if (choice === 'send') return taskPath(id);
    return otherTerms(parts, reader, { found, kept, refused: null, preview });
  },
};

interface OtherTerms {
  readonly found: Assignment;
  /** Absent: as they stand. */
  readonly kept: Kept | undefined;
  readonly refused: Refused | null;
  readonly preview: TermsPreview | null;
}

async function otherTerms(
  parts: TaskPageParts,
  reader: SignedIn,
  { found, refused, preview, ...filled }: OtherTerms,
): Promise<ShownPage> {
  const terms = found.pending?.terms ?? found.terms;
  if (terms === null) throw new Refusal(problem('request.not_found'));
  const owned = await accountsOwnedBy(parts.assignments.db, found.participant.id as PersonId);
  const known = [...terms.accounts, ...owned].map((account) => [account.id, account] as const);
  const accounts = [...new Map(known).values()].slice(0, accountsMax);
  const kept = filled.kept ?? termsKept(terms);
  // What was previewed is sent for what was read then; what was refused, for what is read now.
  const revision = (preview && kept['revision']) ?? found.revision;
  return formPage(parts, reader, {
    title: html`${say(reader, 'placement.change')}: ${nameOf(found.participant)}`,
    hint: say(reader, 'placement.change_hint'),
    action: changePath(found.id),
    fields: html`<input type="hidden" name="revision" value="${revision}" />
      ${daysFields(reader, kept, { isFirstFixed: found.status === 'running' })}
      ${hoursFields(reader, kept)} ${goalFields(reader, kept)}
      ${personField(reader, { name: 'homeManager', label: 'assignment.home_manager', kept })}
      ${personField(reader, { name: 'hostManager', label: 'assignment.host_manager', kept })}
      ${accountBoxes(reader, accounts, kept)}`,
    send: say(reader, 'placement.send'),
    foreseen: termsForeseen(reader, preview),
    refused,
    labelOf: termsLabelOf(reader),
  });
}
