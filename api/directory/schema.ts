/** What the operations on people, accounts and the directory take and answer. */
import { z } from '@hono/zod-openapi';
import { nouns } from '../../domain/directory/directory.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';
import { instantIn } from '../instants.ts';

const cursorLettersMax = 500;
export const pageQuery = z.object({
  cursor: z
    .string()
    .max(cursorLettersMax)
    .optional()
    .openapi({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
});

export const idParams = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .openapi({ example: 'berlin-lead' }),
});

const instant = z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' });
export const atQuery = z.object({
  at: instantIn
    .optional()
    .openapi({ description: 'The owner then; absent, now.', example: '2026-11-23T10:00:00+01:00' }),
});

const next = z.string().nullable().openapi({ description: 'Null on the last page.' });

export const personAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    locale: z.string(),
    zone: z.string(),
    region: z.string(),
    team: z.string(),
    manager: z.string().nullable(),
    backup: z.string().nullable(),
    isActive: z.boolean(),
  })
  .openapi('Person');
export const peopleAnswer = z.object({ items: z.array(personAnswer), next }).openapi('People');

const owner = z.object({ id: z.string(), name: z.string() });
export const accountAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    team: z.string(),
    products: z.array(z.string()),
    countries: z.array(z.string()),
    sites: z.array(z.object({ name: z.string(), zone: z.string() })),
    custodian: owner.nullable().openapi({ description: 'Null only before the account began.' }),
    closedAt: z.iso.datetime().nullable(),
    mergedInto: z.string().nullable().openapi({ description: 'What it has become part of.' }),
  })
  .openapi('Account');
export const accountsAnswer = z.object({ items: z.array(accountAnswer), next }).openapi('Accounts');

export const custodyAnswer = z
  .object({
    items: z.array(
      z.object({
        custodian: owner,
        from: instant,
        until: instant.nullable().openapi({ description: 'Null while it lasts.' }),
        by: z
          .object({ loop: z.string(), id: z.uuid() })
          .nullable()
          .openapi({ description: 'What brought it about, such as a handoff or a cover.' }),
      }),
    ),
    next,
  })
  .openapi('Custody');

const changes = z.object({ added: z.int(), changed: z.int(), removed: z.int() });
const findingAnswer = z
  .object({
    path: z.string().openapi({ example: 'people[17].zone' }),
    code: z.string().openapi({ example: 'zone_unknown' }),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .openapi('DirectoryFinding');
export const replacedAnswer = z
  .object({
    isUnchanged: z.boolean(),
    changes: z.object(Object.fromEntries(nouns.map((noun) => [noun, changes]))),
    replanned: z.int().openapi({ description: 'People whose open loops are planned again.' }),
    calendarChange: z
      .uuid()
      .nullable()
      .openapi({ description: 'Names the change of working time; null when there is none.' }),
    warnings: z.array(findingAnswer),
  })
  .openapi('DirectoryReplaced');
