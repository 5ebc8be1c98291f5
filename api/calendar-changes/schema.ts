/** What the operation on a change of working time takes and answers. */
import { z } from '@hono/zod-openapi';
import { calendarChangeReasons } from '../../domain/people/calendar-change.ts';
import { pageQuery } from '../directory/schema.ts';

export const calendarChangeParams = z.object({ id: z.uuid() });
export const calendarChangeQuery = pageQuery;

const instant = z.iso.datetime();
const later = instant.nullable().openapi({ description: 'Null until then.' });

const moved = z.object({
  task: z.string().openapi({ example: 'handoff.read_back' }),
  person: z.string().openapi({ description: 'Whose deadline it is.' }),
  from: instant,
  to: instant,
  minutes: z
    .int()
    .openapi({ description: 'By how much, on everybody’s clock; later is positive.' }),
});

export const calendarChangeAnswer = z
  .object({
    id: z.uuid(),
    reason: z.enum(calendarChangeReasons),
    at: instant,
    announcedAt: later,
    people: z.int().openapi({ description: 'Those whose working time or duties it changed.' }),
    touched: z.int().openapi({ description: 'Open loops planned with them.' }),
    planned: z.int().openapi({ description: 'Of these, how many have planned again.' }),
    moved: z.int().openapi({ description: 'Of these, how many have a deadline that moved.' }),
    items: z.array(
      z.object({
        id: z.uuid(),
        loop: z.string().openapi({ example: 'handoff' }),
        account: z.string().nullable(),
        toldAt: later,
        plannedAt: later,
        moved: z.array(moved),
      }),
    ),
    next: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  })
  .openapi('CalendarChange');
