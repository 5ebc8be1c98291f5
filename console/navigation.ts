/** The ways to the pages that are nobody's task, from the head of each page: for each who may go there. */
import { html } from 'hono/html';
import { type Actor, may } from '../domain/authority.ts';
import { organisation } from '../domain/subjects.ts';
import { accountsPath, budgetsPath, opportunitiesPath, practicesPath } from '../locales/links.ts';
import { type Html, type Reader, say } from './html.ts';

export const competenciesPath = '/competencies';
export const auditsPath = '/audits';
export const trainingsPath = (person: string): string => `/trainings/${person}`;
export const roundsPath = '/rounds';
export const curiosityPath = '/curiosity';
export const recognitionPath = '/shared-lessons';

interface Entry {
  readonly path: string;
  /** Absent: for whoever is signed in. */
  readonly isFor?: (actor: Actor) => boolean;
}

/** Each named in `page.json` under `navigation`. */
const ways = {
  tasks: { path: '/' },
  accounts: { path: accountsPath },
  budgets: {
    path: budgetsPath,
    isFor: (actor) => may(actor, 'budget.request', { requester: actor }),
  },
  practices: { path: practicesPath, isFor: (actor) => may(actor, 'practice.draft', organisation) },
  growth: { path: competenciesPath, isFor: (actor) => actor.teamKind === 'own' },
  placements: { path: opportunitiesPath, isFor: ({ teamKind }) => teamKind === 'own' },
  reviews: { path: '/reviews' },
  plans: { path: '/plans', isFor: ({ teamKind }) => teamKind === 'own' },
  delegations: {
    path: '/stand-ins',
    isFor: (actor) => may(actor, 'delegation.give', actor),
  },
  flags: {
    path: '/warnings',
    isFor: (actor) => may(actor, 'flags.list', organisation),
  },
  changes: {
    path: '/planned-changes',
    isFor: (actor) => may(actor, 'directory.view', organisation),
  },
  preferences: { path: '/preferences' },
} as const satisfies Readonly<Record<string, Entry>>;
export type Way = keyof typeof ways;

export const wayTo = (way: Way): string => ways[way].path;
export const wayName = (reader: Reader, way: Way): Html => say(reader, `navigation.${way}`);

export function navigation(reader: Reader, actor: Actor): Html {
  const open = (Object.keys(ways) as Way[]).filter((way) => {
    const { isFor }: Entry = ways[way];
    return isFor === undefined || isFor(actor);
  });
  return html`<nav aria-label="${say(reader, 'navigation.pages')}">
    ${open.map((way) => html`<a href="${wayTo(way)}">${wayName(reader, way)}</a>`)}
  </nav>`;
}
