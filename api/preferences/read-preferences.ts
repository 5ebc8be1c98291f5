import { createRoute, type z } from '@hono/zod-openapi';
import { loadPreferences } from '../../db/preferences.ts';
import { present } from '../../domain/assert.ts';
import type { Preferences } from '../../domain/people/preferences.ts';
import { weekdays } from '../../domain/time/weekday.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { preferencesAnswer } from './schema.ts';

export const readPreferencesRoute = createRoute({
  method: 'get',
  path: '/me/preferences',
  operationId: 'readPreferences',
  tags: ['messages'],
  summary: 'How you want to be reached',
  responses: {
    200: {
      description: 'What you said; revision 0 when you never said anything.',
      content: { 'application/json': { schema: preferencesAnswer } },
    },
  },
});

export type PreferencesShown = z.input<typeof preferencesAnswer>;

export async function readPreferences(
  { db }: Pick<DirectoryParts, 'db'>,
  { actor }: Pick<Asked<unknown>, 'actor'>,
): Promise<PreferencesShown> {
  const said = await loadPreferences(db, [actor.id]);
  return presentPreferences(present(said.get(actor.id), 'what was asked for'));
}

export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

export const presentPreferences = (said: Preferences): PreferencesShown => ({
  channels: said.channels === null ? null : [...said.channels],
  quiet: said.quiet && { from: timeOf(said.quiet.from), until: timeOf(said.quiet.until) },
  digest: said.digest && {
    every: said.digest.every,
    weekday: present(weekdays[said.digest.weekday - 1], 'a day of the week'),
    at: timeOf(said.digest.minute),
  },
  hourCycle: said.hourCycle,
  revision: said.revision,
});
