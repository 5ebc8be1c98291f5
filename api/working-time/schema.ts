/** What the operations on working time take and answer. */
import { z } from '@hono/zod-openapi';
import { everyMinutesMin, slotMinutesMax } from '../../domain/time/best-slot.ts';
import { layers } from '../../domain/time/explain.ts';
import { inconveniences } from '../../domain/time/inconvenience.ts';

const dayParam = z.iso.date().openapi({ example: '2026-12-21' });

/** A quarter of a year is what a person plans in; more is asked for in pieces. */
export const daysMax = 92;

export const workingTimeQuery = z.object({
  from: dayParam.openapi({ description: 'A day on the person’s wall.', example: '2026-12-21' }),
  to: dayParam.openapi({
    description: `Included; at most ${daysMax} days.`,
    example: '2027-01-04',
  }),
});

const hoursOfDay = z
  .array(z.string())
  .openapi({ example: ['13:00-15:00'], description: 'On the wall of that day, in order.' });

const layerStep = z.object({
  layer: z.enum(layers),
  removedMinutes: z.int(),
  addedMinutes: z.int(),
  removed: hoursOfDay,
  added: hoursOfDay,
});

const localTime = z.string().openapi({ example: '2026-12-21T09:00+01:00[Europe/Berlin]' });

const holiday = z
  .object({
    name: z.string().openapi({ description: 'As it is called there.' }),
    kind: z.enum(['off', 'half', 'working']),
    status: z.enum(['confirmed', 'provisional']),
    source: z.string(),
  })
  .openapi('HolidayOfDay', { description: 'Of the region, also where another layer outranks it.' });

export const workingTimeAnswer = z
  .object({
    person: z.string(),
    zone: z.string(),
    computedWith: z.object({
      zoneData: z.string().openapi({ example: '2026f' }),
      calendarRevision: z.int(),
    }),
    minutes: z.number().openapi({ description: 'Worked in all of these days.' }),
    stretches: z.array(
      z.object({
        from: z.iso.datetime(),
        until: z.iso.datetime(),
        localFrom: localTime,
        localUntil: localTime,
      }),
    ),
    days: z.array(
      z.object({
        day: z.iso.date(),
        decidedBy: z.enum(layers).openapi({ description: 'The layer that outranks the others.' }),
        workingMinutes: z
          .int()
          .openapi({ description: 'On the wall, as the day is usually long.' }),
        removedMinutes: z.int().openapi({ description: 'Of the usual week.' }),
        addedMinutes: z.int().openapi({ description: 'To the usual week.' }),
        steps: z.array(layerStep).openapi({ description: 'From the lowest layer on.' }),
        holiday: holiday.nullable(),
        why: z.string().openapi({ description: 'In your language.' }),
      }),
    ),
  })
  .openapi('WorkingTime');

const attendeesMax = 50;
const moment = z.iso.datetime({ offset: true }).openapi({ example: '2027-03-15T08:00:00+01:00' });

export const slotBody = z
  .strictObject({
    people: z
      .array(z.string().regex(/^[a-z0-9-]{1,63}$/))
      .min(1)
      .max(attendeesMax),
    from: moment.openapi({ description: 'The whole meeting lies between this' }),
    until: moment.openapi({ description: 'and this.' }),
    minutes: z.int().min(1).max(slotMinutesMax),
    everyMinutes: z
      .int()
      .min(everyMinutesMin)
      .max(slotMinutesMax)
      .default(15)
      .openapi({ description: 'It begins at a whole multiple of so many minutes, UTC.' }),
  })
  .openapi('SlotWanted');

export const slotAnswer = z
  .object({
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    worst: z.number().openapi({ description: 'Points of whoever it costs most.' }),
    sum: z.number(),
    people: z.array(
      z.object({
        person: z.string(),
        zone: z.string(),
        localFrom: localTime,
        localUntil: localTime,
        points: z.number().openapi({ description: '0 for who is at work for the whole meeting.' }),
        reasons: z.array(
          z.object({
            code: z.enum(inconveniences),
            minutes: z.number(),
            points: z.number(),
            sentence: z.string().openapi({ description: 'In your language.' }),
          }),
        ),
      }),
    ),
  })
  .openapi('Slot');
