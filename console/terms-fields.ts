/** What terms of an assignment are asked for by, in the form that proposes them and in that which changes them. */
import { html } from 'hono/html';
import { weeklyHoursMax } from '../api/assignments/schema.ts';
import { choiceField, field, tickBoxes, ticked } from './fields.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import type { Opportunity } from '../api/opportunities/present.ts';
import { assignmentKinds, goalsMax } from '../domain/assignment/state.ts';
import type { Kept } from './read-back.ts';
import { competencies } from '../domain/people/competency.ts';
import { competencyLevels } from '../domain/people/competency-level.ts';

/** What the forms call the fields of the operations. */
export const termsLabels = {
  firstDay: 'placement.first_day',
  lastDay: 'placement.last_day',
  weeklyHours: 'placement.weekly_hours',
  overlapHours: 'placement.overlap_hours',
  goals: 'assignment.goals',
  accounts: 'assignment.accounts',
  homeManager: 'assignment.home_manager',
  hostManager: 'assignment.host_manager',
} as const;

/** Beside the terms, what a proposal names. */
export const proposalLabels = {
  kind: 'placement.kind',
  hostRegion: 'assignment.host',
  compliance: 'placement.compliance',
  participant: 'placement.participant',
} as const;

/** Of shapes told by their place such as `terms.lastDay`. */
export const termsLabelOf =
  (reader: Reader, more: Readonly<Record<string, string>> = {}) =>
  (place: readonly string[]): Html | null => {
    const name = (place[0] === 'terms' ? place[1] : place[0]) ?? '';
    const labels: Readonly<Record<string, string>> = { ...termsLabels, ...more };
    const key = Object.hasOwn(labels, name) ? labels[name] : undefined;
    return key === undefined ? null : say(reader, key);
  };

const hours = html`type="number" min="0" max="${weeklyHoursMax}" required`;

export const daysFields = (
  reader: Reader,
  kept: Kept,
  { isFirstFixed = false }: { readonly isFirstFixed?: boolean } = {},
): Html =>
  html`${field(reader, {
    name: 'firstDay',
    label: termsLabels.firstDay,
    kept,
    more: html`type="date" required ${isFirstFixed ? html`readonly` : ''}`,
  })}
  ${field(reader, { name: 'lastDay', label: termsLabels.lastDay, kept, more: html`type="date" required` })}`;

export const hoursFields = (reader: Reader, kept: Kept): Html =>
  html`${field(reader, { name: 'weeklyHours', label: termsLabels.weeklyHours, kept, more: hours })}
  ${field(reader, { name: 'overlapHours', label: termsLabels.overlapHours, kept, more: hours })}`;

interface PersonField {
  readonly name: string;
  readonly label: string;
  readonly kept: Kept;
  readonly isRequired?: boolean;
}

export const personField = (
  reader: Reader,
  { name, label, kept, isRequired = true }: PersonField,
): Html =>
  field(reader, {
    name,
    label,
    kept,
    more: html`list="people" maxlength="63" autocapitalize="none" dir="ltr"
    ${isRequired ? html`required` : ''}`,
  });

/** As many as a form shows at least. */
const goalRowsMin = 3;
const goalRows = Array.from({ length: goalsMax }, (_none, row) => row);
const isFilled = (kept: Kept, row: number): boolean => (kept[`competency-${row}`] ?? '') !== '';

export const goalFields = (reader: Reader, kept: Kept): Html =>
  html`<fieldset>
    <legend>${say(reader, termsLabels.goals)}</legend>
    ${goalRows
      .filter((row) => row < goalRowsMin || isFilled(kept, row))
      .map((row) => goalRow(reader, kept, row))}
  </fieldset>`;

const goalRow = (reader: Reader, kept: Kept, row: number): Html =>
  html`${choiceField(reader, {
    name: `competency-${row}`,
    label: 'placement.competency',
    kept,
    none: say(reader, 'placement.none_chosen'),
    options: competencies.map((key) => [key, competencyName(reader, key)]),
  })}
  ${choiceField(reader, {
    name: `level-${row}`,
    label: 'placement.level',
    kept,
    none: say(reader, 'placement.none_chosen'),
    options: competencyLevels.map((level) => [level, levelName(reader, level)]),
  })}`;

export const competencyName = (reader: Reader, key: string): Html =>
  say(reader, 'placement.word', { word: { term: `competency.name.${key}` } });
const levelName = (reader: Reader, level: string): Html =>
  say(reader, 'placement.word', { word: { term: `competency.level.${level}` } });

/** A row in which nothing was chosen is none. */
export const goalsIn = (fields: Kept) =>
  goalRows.flatMap((row) => {
    const [competency, level] = [fields[`competency-${row}`] ?? '', fields[`level-${row}`] ?? ''];
    return competency === '' && level === '' ? [] : [{ competency, level }];
  });

export const goalsKept = (
  goals: readonly { readonly competency: string; readonly level: string }[],
): Kept =>
  Object.fromEntries(
    goals.flatMap(({ competency, level }, row) => [
      [`competency-${row}`, competency],
      [`level-${row}`, level],
    ]),
  );

type Named = { readonly id: string; readonly name: string };

export const accountBoxes = (
  reader: Reader,
  accounts: readonly Named[],
  kept: Kept,
): Html | string =>
  accounts.length === 0
    ? ''
    : tickBoxes(reader, {
        name: 'account',
        label: termsLabels.accounts,
        kept,
        options: accounts.map(({ id, name }) => [id, html`<bdi>${name}</bdi>`]),
      });

export const accountsKept = (accounts: readonly Named[]): Kept =>
  Object.fromEntries(accounts.map(({ id }) => [`account-${id}`, 'yes']));

/** As `AssignmentTerms`; what is wrong with it is told by the API's own rules. */
export const termsIn = (
  fields: Kept,
  goals: readonly { readonly competency: string; readonly level: string }[],
) => ({
  firstDay: fields['firstDay'] ?? '',
  lastDay: fields['lastDay'] ?? '',
  weeklyHours: Number(fields['weeklyHours']),
  overlapHours: Number(fields['overlapHours']),
  goals,
  accounts: ticked(fields, 'account'),
  homeManager: (fields['homeManager'] ?? '').trim(),
  hostManager: (fields['hostManager'] ?? '').trim(),
});

export const kindField = (reader: Reader, kept: Kept): Html =>
  choiceField(reader, {
    name: 'kind',
    label: 'placement.kind',
    kept,
    none: say(reader, 'please_choose'),
    more: html`required`,
    options: assignmentKinds.map((kind) => [kind, say(reader, `assignment.kind_of.${kind}`)]),
  });

export const hostRegionField = (
  reader: Reader,
  kept: Kept,
  regions: readonly { readonly id: string; readonly name: string }[],
): Html =>
  choiceField(reader, {
    name: 'hostRegion',
    label: 'placement.host_region',
    kept,
    none: say(reader, 'please_choose'),
    more: html`required`,
    options: regions.map((region) => [region.id, nameOf(region)]),
  });

/** What an offer asks for, as the fields of a form hold it. */
export const offerKept = (
  offer: Pick<Opportunity, 'firstDay' | 'lastDay' | 'weeklyHours' | 'overlapHours' | 'hostManager'>,
): Kept => ({
  firstDay: offer.firstDay,
  lastDay: offer.lastDay,
  weeklyHours: String(offer.weeklyHours),
  overlapHours: String(offer.overlapHours),
  hostManager: offer.hostManager.id,
});
