/** The shape of each entry of a directory file, with a limit on every text and list. */
import { z } from 'zod';
import {
  type EntryOf,
  entriesMax,
  isOptional,
  type Noun,
  nouns,
} from '../../domain/directory/directory.ts';
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels } from '../../domain/people/competency-level.ts';
import { holidayRules } from '../../domain/time/calendar.ts';
import { weeksInTurnMax } from '../../domain/time/check-calendar.ts';
import { type Weekday, weekdays } from '../../domain/time/weekday.ts';
import { teamKinds } from '../../domain/people/team.ts';

const idLettersMax = 63;
const nameLettersMax = 200;
const addressLettersMax = 254;
const subjectLettersMax = 255;

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
export const noControls = /^[^\u0000-\u001f\u007f\u2028\u2029]*$/;
const text = (lettersMax: number) => z.string().min(1).max(lettersMax).regex(noControls);
const id = text(idLettersMax);
const name = text(nameLettersMax);
const word = text(nameLettersMax);
const zone = text(64);
const locale = text(35);
const day = text(10);
const instant = text(32);

const shiftsOfDayMax = 8;
const hours = z.array(text(11)).max(shiftsOfDayMax).optional();
const rolesMax = 50;
const productsMax = 200;
const languagesMax = 50;
const countriesMax = 250;
const sitesMax = 200;
const descriptorLettersMax = 500;
/** What each policy may be is a rule of the domain; here it is only there. */
const policyValue = z.unknown().refine((value) => value !== undefined);

const shapes = {
  regions: z.strictObject({
    id,
    name,
    locale,
    zone,
    manager: id,
    week: id,
    country: text(2).optional(),
    subdivision: text(3).optional(),
  }),
  weeks: z.strictObject({
    id,
    mon: hours,
    tue: hours,
    wed: hours,
    thu: hours,
    fri: hours,
    sat: hours,
    sun: hours,
    holidays: z.enum(holidayRules).optional(),
  } satisfies Record<'id' | 'holidays' | Weekday, unknown>),
  rosters: z.strictObject({
    id,
    person: id.optional(),
    region: id.optional(),
    firstDay: day,
    lastDay: day.optional(),
    weeks: z.array(id).min(1).max(weeksInTurnMax),
  }),
  teams: z.strictObject({ id, name, kind: z.enum(teamKinds), region: id }),
  people: z.strictObject({
    id,
    name,
    email: text(addressLettersMax),
    locale: locale.optional(),
    zone,
    region: id,
    team: id,
    manager: id.optional(),
    backup: id.optional(),
    week: id.optional(),
    products: z.array(word).max(productsMax).optional(),
    languages: z.array(locale).max(languagesMax).optional(),
    roles: z.array(word).max(rolesMax).default([]),
  }),
  accounts: z.strictObject({
    id,
    name,
    team: id,
    products: z.array(word).max(productsMax),
    countries: z.array(word).max(countriesMax),
    sites: z.array(z.strictObject({ name, zone })).min(1).max(sitesMax),
    owner: id,
  }),
  holidays: z.strictObject({
    region: id,
    day,
    kind: z.enum(['off', 'half', 'working']),
    halfUntil: text(5).optional(),
    like: z.enum(weekdays).optional(),
    name,
    source: name,
    status: z.enum(['confirmed', 'provisional']),
    fetchedAt: instant.optional(),
  }),
  absences: z.strictObject({
    id,
    person: id,
    firstDay: day,
    lastDay: day,
    hours: text(11).optional(),
  }),
  oneOffs: z.strictObject({
    id,
    person: id,
    day,
    hours: z.array(text(11)).max(shiftsOfDayMax),
  }),
  delegations: z.strictObject({ id, principal: id, delegate: id, from: instant, until: instant }),
  policies: z.strictObject({
    key: word,
    region: id.optional(),
    validFrom: day,
    value: policyValue,
  }),
  targetProfiles: z.strictObject({
    role: word,
    region: id.optional(),
    validFrom: day,
    competency: z.enum(competencies),
    level: z.enum(competencyLevels),
  }),
  descriptors: z.strictObject({
    validFrom: day,
    competency: z.enum(competencies),
    level: z.enum(competencyLevels),
    locale,
    text: text(descriptorLettersMax),
  }),
  quotas: z.strictObject({ person: id, quarter: text(7), percent: z.number() }),
  identities: z.strictObject({
    issuer: text(1_000),
    subject: text(subjectLettersMax),
    person: id,
  }),
} satisfies { readonly [N in Noun]: z.ZodType<EntryOf[N]> };

export const entryShape = <N extends Noun>(noun: N): z.ZodType<EntryOf[N]> =>
  shapes[noun] as unknown as z.ZodType<EntryOf[N]>;

export const fieldsOf = (noun: Noun): readonly string[] => Object.keys(shapes[noun].shape);

/** The whole file, as the API documents it; reading goes entry by entry, to find every mistake. */
export const directoryShape = z
  .strictObject(
    Object.fromEntries(
      nouns.map((noun) => {
        const list = z.array(shapes[noun]).max(entriesMax[noun]);
        return [noun, isOptional(noun) ? list.optional() : list];
      }),
    ),
  )
  .describe('The whole directory of the organisation.');
