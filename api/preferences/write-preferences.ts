import { createRoute, type z } from '@hono/zod-openapi';
import { savePreferences } from '../../db/preferences.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { weekdays } from '../../domain/time/weekday.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { type PreferencesShown, presentPreferences } from './read-preferences.ts';
import { preferencesAnswer, preferencesBody } from './schema.ts';

export const writePreferencesRoute = createRoute({
  method: 'put',
  path: '/me/preferences',
  operationId: 'writePreferences',
  tags: ['messages'],
  summary: 'Says how you want to be reached',
  description:
    'Takes the place of all that was said before. Messages that already wait keep the hour they were planned for, unless ' +
    'it falls into the quiet hours. What asks something of you arrives whatever is said here.',
  request: {
    body: { required: true, content: { 'application/json': { schema: preferencesBody } } },
  },
  responses: {
    200: {
      description: 'As it now stands.',
      content: { 'application/json': { schema: preferencesAnswer } },
    },
  },
});

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

export async function writePreferences(
  { db, clock }: Pick<DirectoryParts, 'db' | 'clock'>,
  { actor, input, seen }: Asked<z.output<typeof preferencesBody>> & { readonly seen?: number },
): Promise<PreferencesShown> {
  const { channels, quiet, digest, hourCycle } = input;
  if (channels && new Set(channels).size < channels.length) {
    throw new Refusal(problem('preferences.channel_twice'));
  }
  if (quiet && quiet.from === quiet.until) throw new Refusal(problem('preferences.quiet_empty'));
  const saved = await savePreferences(db, {
    person: actor.id,
    at: clock.now(),
    ...(seen !== undefined && { seen }),
    said: {
      channels,
      quiet: quiet && { from: minuteOf(quiet.from), until: minuteOf(quiet.until) },
      digest: digest && {
        every: digest.every,
        weekday: weekdays.indexOf(digest.weekday) + 1,
        minute: minuteOf(digest.at),
      },
      hourCycle,
    },
  });
  if ('revision' in saved) return presentPreferences(saved);
  throw new Refusal(problem('request.revision_stale', { seen: seen ?? 0, revision: saved.found }));
}
