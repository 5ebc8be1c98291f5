/** Names that are suggested while one types, in any field that asks for a person or a team. */
import { html } from 'hono/html';
import type { Html } from './html.ts';

/** Whoever else may be seen is named by id. */
export const peopleSuggested = 500;

/** Of fields with `list="people"`. */
export const peopleSuggestions = (
  people: readonly { readonly id: string; readonly name: string }[],
): Html =>
  html`<datalist id="people">
    ${people.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}
  </datalist>`;

/** Of fields with `list="teams"`: the teams of those people. */
export const teamSuggestions = (people: readonly { readonly team: string }[]): Html =>
  html`<datalist id="teams">
    ${[...new Set(people.map(({ team }) => team))]
      .toSorted()
      .map((team) => html`<option value="${team}"></option>`)}
  </datalist>`;
