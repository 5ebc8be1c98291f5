/** What the operations on absences take and answer. */
import { z } from '@hono/zod-openapi';
import { absenceSources } from '../../db/absences.ts';
import { pageQuery } from '../directory/schema.ts';
import { dayIn } from '../instants.ts';

const day = z.iso.date().openapi({ example: '2026-12-24' });

const hours = z.string().max(11).openapi({ example: '13:00-15:00' });

export const absenceBody = z
  .strictObject({
    firstDay: day.openapi({ description: 'On the person’s own calendar.' }),
    lastDay: day.openapi({ description: 'Included.' }),
    hours: hours.optional().openapi({ description: 'Of one day; absent, whole days.' }),
  })
  .openapi('NewAbsence');

export const absencesQuery = pageQuery.extend({
  since: dayIn.optional().openapi({ description: 'Those that had ended before are left out.' }),
});

export const absenceParams = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,63}$/),
  absence: z.string().min(1).max(100),
});

const absence = z.object({
  id: z.string(),
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  hours: hours.nullable().openapi({ description: 'Null for whole days.' }),
  source: z.enum(absenceSources).openapi({
    description: 'Who keeps it: the organisation’s file, a person, or an uploaded calendar.',
  }),
});
const calendarChange = z
  .uuid()
  .nullable()
  .openapi({ description: 'What it moved: `GET /calendar-changes/{id}`. Null for nothing.' });

export const enteredAnswer = absence.extend({ calendarChange }).openapi('Absence');
export const removedAnswer = z.object({ calendarChange }).openapi('AbsenceRemoved');
export const absencesAnswer = z
  .object({ items: z.array(absence), next: z.string().nullable() })
  .openapi('Absences');
export const replacedAnswer = z
  .object({ added: z.int(), removed: z.int(), calendarChange })
  .openapi('AbsencesReplaced');
