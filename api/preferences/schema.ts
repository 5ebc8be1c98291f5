/** How somebody wants to be reached, as the API takes and answers it. */
import { z } from '@hono/zod-openapi';
import { channelNames, digestRhythms, hourCycles } from '../../domain/people/preferences.ts';
import { weekdays } from '../../domain/time/weekday.ts';

const time = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
  .openapi({ example: '20:30', description: 'On the person’s own clock.' });

const channels = z
  .array(z.enum(channelNames))
  .min(1)
  .max(channelNames.length)
  .nullable()
  .openapi({ description: 'Tried one after the other. Null: as the region does it.' });
const quiet = z.strictObject({ from: time, until: time }).nullable().openapi({
  description: 'Nothing that can wait arrives then; past midnight when it ends earlier.',
});
const digest = z
  .strictObject({ every: z.enum(digestRhythms), weekday: z.enum(weekdays), at: time })
  .nullable()
  .openapi({ description: 'When digests come. Tasks always come.' });
const hourCycle = z
  .enum(hourCycles)
  .nullable()
  .openapi({ description: 'Clock of 12 or 24 hours. Null: as the language has it.' });

export const preferencesBody = z
  .strictObject({ channels, quiet, digest, hourCycle })
  .openapi('NewPreferences');
export const preferencesAnswer = z
  .object({ channels, quiet, digest, hourCycle, revision: z.int().min(0) })
  .openapi('Preferences');
