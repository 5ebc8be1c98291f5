/** What the preview of a digest answers. */
import { z } from '@hono/zod-openapi';
import { digestRhythms } from '../../domain/people/preferences.ts';
import { weekdays } from '../../domain/time/weekday.ts';
import { sentence } from '../figures.ts';

const period = z.iso
  .date()
  .openapi({ description: 'First day of the day, week or month it is for.' });

const item = z
  .object({
    practice: z.uuid(),
    title: z.string(),
    locale: z.string().openapi({ description: 'Of the text that would be read.' }),
    isFallback: z.boolean().openapi({ description: 'Not the reader’s own language.' }),
    readingMinutes: z.int().openapi({ description: 'Of the whole; a digest holds two of them.' }),
    reasons: z.array(z.object({ code: z.string(), sentence })),
  })
  .openapi('DigestItem');

export const digestPreviewAnswer = z
  .object({
    person: z.object({ id: z.string(), name: z.string() }),
    wish: z.object({
      every: z.enum(digestRhythms),
      weekday: z.enum(weekdays),
      at: z.string().openapi({ example: '09:00' }),
    }),
    next: z
      .object({
        at: z.iso.datetime(),
        localAt: z.string().openapi({ example: '2027-03-04T09:00+01:00[Europe/Berlin]' }),
        period,
        moved: z
          .object({ code: z.string(), sentence })
          .nullable()
          .openapi({ description: 'Why not at the very hour that was asked for.' }),
      })
      .nullable()
      .openapi({ description: 'Null where none is to come; the sentences say why.' }),
    sentences: z.array(sentence),
    items: z.array(item),
    more: z.int().openapi({ description: 'Others that fit and find no place.' }),
    hidden: z.int().openapi({ description: 'In it, but not to be read by you.' }),
    earlier: z.array(
      z.object({
        period,
        every: z.enum(digestRhythms),
        dueAt: z.iso.datetime(),
        status: z.enum(['composed', 'sent', 'suppressed', 'skipped']),
        items: z.int(),
        sentence,
      }),
    ),
  })
  .openapi('DigestPreview');
