/** The ways to the pages that are nobody's task, from the head of each page. */
import { html } from 'hono/html';
import { budgetsPath, practicesPath } from '../locales/links.ts';
import { type Html, type Reader, say } from './html.ts';

/** Each named in `page.json` under `navigation`. */
const ways = {
  tasks: '/',
  accounts: '/portfolio',
  budgets: budgetsPath,
  practices: practicesPath,
  delegations: '/stand-ins',
  preferences: '/preferences',
} as const;
export type Way = keyof typeof ways;

export const wayTo = (way: Way): string => ways[way];
export const wayName = (reader: Reader, way: Way): Html => say(reader, `navigation.${way}`);

export const navigation = (reader: Reader): Html =>
  html`<nav aria-label="${say(reader, 'navigation.pages')}">
    ${(Object.keys(ways) as Way[]).map(
      (way) => html`<a href="${wayTo(way)}">${wayName(reader, way)}</a>`,
    )}
  </nav>`;
