/** What the operations on practices take and answer. */
import { z } from '@hono/zod-openapi';
import { practiceQueues } from '../../db/practice-list.ts';
import { differenceCodes, termKinds } from '../../domain/exchange/compare-text.ts';
import {
  dutyStatuses,
  practiceKinds,
  practiceLimits,
  practiceStatuses,
  recallKinds,
  recallSeverities,
  reviewKinds,
  reviewStatuses,
  sourceParts,
  translationStatuses,
  verdicts,
} from '../../domain/exchange/practice.ts';
import { competencies } from '../../domain/people/competency.ts';
import { roles } from '../../domain/people/role.ts';
import { redFlagCodes } from '../../domain/text/red-flag-terms.ts';
import { locales } from '../../locales/catalogue.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';

const limits = practiceLimits;
export const practiceParams = z.object({ id: z.uuid() });

const written = (lengthMax: number) => z.string().trim().max(lengthMax);
const said = (lengthMax: number) => z.string().trim().min(1).max(lengthMax);
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .openapi({ description: 'ISO 3166-1.', example: 'DE' });
const product = z.string().regex(/^[a-z0-9-]{1,63}$/);
export const locale = z.enum(locales as [string, ...string[]]);
const flags = z
  .array(z.string().max(80))
  .max(500)
  .optional()
  .openapi({
    description: 'What the rules warn of and you say all the same, each as `code:place`.',
    example: ['payment:result'],
  });

const parts = {
  title: said(limits.titleLengthMax),
  situation: written(limits.partLengthMax).default(''),
  action: written(limits.partLengthMax).default('').openapi({ description: 'What was done.' }),
  result: written(limits.partLengthMax).default(''),
  indication: written(limits.partLengthMax).default(''),
  evidence: written(limits.partLengthMax).default(''),
} satisfies Record<(typeof sourceParts)[number], z.ZodType>;

const terms = {
  ...parts,
  notes: z
    .record(country, said(limits.noteLengthMax))
    .default({})
    .openapi({ description: 'By country, in the language of that country: not translated.' }),
  kind: z.enum(practiceKinds),
  competency: z.enum(competencies),
  locale: locale.openapi({ description: 'In which it is written.' }),
  countries: z.array(country).max(limits.countriesMax).default([]),
  products: z.array(product).max(limits.productsMax).default([]),
  roles: z.array(z.enum(roles)).max(roles.length).default([]).openapi({
    description: 'Whom it is for; empty: every role.',
  }),
  isForPartners: z.boolean().default(false),
  isAuthorHidden: z.boolean().default(false).openapi({
    description: 'Nobody but you is told that it is yours.',
  }),
};

export const draftBody = z.strictObject(terms).openapi('PracticeDraft');
export const reviseBody = z
  .strictObject({
    ...terms,
    acknowledgedFlags: flags,
    correction: z
      .strictObject({
        severity: z.enum(recallSeverities),
        text: said(limits.noteLengthMax).openapi({ description: 'What was wrong.' }),
      })
      .optional()
      .openapi({ description: 'Whoever received it before is told.' }),
  })
  .openapi('PracticeRevision');
export const submitBody = z
  .strictObject({ acknowledgedFlags: flags })
  .openapi('PracticeSubmission');
const note = said(limits.noteLengthMax).optional();
export const reviewBody = z
  .strictObject({
    kind: z.enum(reviewKinds),
    country,
    product,
    version: z.int().min(1).openapi({ description: 'That you read.' }),
    isApproved: z.boolean(),
    note: note.openapi({ description: 'Needed where it is refused.' }),
  })
  .openapi('PracticeReview');
export const verifyBody = z
  .strictObject({
    country,
    version: z.int().min(1),
    isValid: z.boolean().openapi({ description: 'False: it is to be reviewed again there.' }),
    note,
  })
  .openapi('PracticeVerification');
export const expertBody = z.strictObject({ country, person: product }).openapi('PracticeExpert');
export const translationBody = z
  .strictObject({ locale, version: z.int().min(1), ...parts })
  .openapi('PracticeTranslation');
export const approvalBody = z
  .strictObject({
    locale,
    content: z.uuid().openapi({ description: 'The text that you read.' }),
    version: z.int().min(1),
  })
  .openapi('PracticeTranslationApproval');
export const refusalBody = z
  .strictObject({
    locale,
    content: z.uuid(),
    note: said(limits.noteLengthMax),
    severity: z.enum(recallSeverities).optional().openapi({
      description: 'Needed for a translation that is approved: whoever read it is told.',
    }),
  })
  .openapi('PracticeTranslationRefusal');
export const verdictBody = z
  .strictObject({ verdict: z.enum(verdicts), text: said(limits.verdictLengthMax).optional() })
  .openapi('PracticeVerdict');
export const withdrawBody = z
  .strictObject({ severity: z.enum(recallSeverities), text: said(limits.noteLengthMax) })
  .openapi('PracticeWithdrawal');
export const plainBody = z.strictObject({}).openapi('PracticeStep');

export const queueQuery = z.object({
  queue: z.enum(practiceQueues),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
});

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const shownParts = Object.fromEntries(sourceParts.map((part) => [part, z.string()])) as Record<
  (typeof sourceParts)[number],
  z.ZodString
>;

/** What whoever looks after it does unasked. */
export const lookedAfterBy = ['withdraw', 'hold', 'resume'] as const;

const clearance = z.object({
  country: z.string(),
  product: z.string(),
  clinical: z.enum(reviewStatuses),
  compliance: z.enum(reviewStatuses),
  isReadable: z.boolean(),
});
const duty = z.object({
  country: z.string(),
  expert: named,
  status: z.enum(dutyStatuses),
  verifiedAt: instant,
  dueAt: instant,
  candidates: z.array(named).openapi({
    description: 'Who is cleared to verify it there, for whoever may name one of them.',
  }),
});
const difference = z.object({
  code: z.enum(differenceCodes).openapi({
    description: 'Of these `order` alone, of devices, does not keep it from being approved.',
  }),
  part: z.enum(sourceParts),
  expected: z.string(),
});
const translation = z.object({
  locale: z.string(),
  status: z.enum(translationStatuses),
  content: z.uuid().nullable(),
  text: z.object(shownParts).nullable(),
  approvedFor: z.array(z.string()),
  differences: z.array(difference).openapi({
    description: 'Numbers and locked words that are not those of the source: none may be left.',
  }),
  machine: z
    .object(shownParts)
    .nullable()
    .openapi({ description: 'What a machine proposed for this source, beside what people made.' }),
});

const readTranslation = z.object({
  locale: z.string(),
  content: z.uuid(),
  text: z.object(shownParts).nullable(),
});

const summary = {
  id: z.uuid(),
  status: z.enum(practiceStatuses),
  kind: z.enum(practiceKinds),
  competency: z.enum(competencies),
  title: z.string(),
  locale: z.string().openapi({ description: 'Of the text that is shown.' }),
  isFallback: z.boolean().openapi({
    description: 'There is no approved text in your language, so this is in another.',
  }),
  countries: z.array(z.string()),
  products: z.array(z.string()),
  version: z.int(),
  revision: z.int(),
};

export const practiceAnswer = z
  .object({
    ...summary,
    author: named.nullable().openapi({ description: 'Null where they are not named.' }),
    isMine: z.boolean(),
    sourceLocale: z.string(),
    text: z
      .object({ ...shownParts, note: z.string().nullable() })
      .nullable()
      .openapi({ description: 'Null once it is withdrawn.' }),
    reports: z.object({
      points: z.int(),
      counts: z.record(z.string(), z.int()),
      reasons: z.array(z.string()),
      sentences: z.array(
        z.object({
          verdict: z.enum(verdicts),
          region: named,
          text: z
            .string()
            .nullable()
            .openapi({ description: 'For those who look after it; nobody has reviewed it.' }),
          isOfText: z
            .boolean()
            .openapi({ description: 'False: said of an earlier text, and not counted.' }),
          at: instant,
        }),
      ),
    }),
    myTranslations: z
      .array(
        z.object({
          locale: z.string(),
          status: z.enum(['proposed', 'approved', 'refused']),
          reason: z.string().nullable().openapi({ description: 'Why it was sent back.' }),
        }),
      )
      .openapi({ description: 'What became of those that you proposed.' }),
    myVerdict: z.enum(verdicts).nullable(),
    mayJudge: z.boolean(),
    work: z
      .object({
        notes: z.record(z.string(), z.string()),
        roles: z.array(z.enum(roles)),
        isForPartners: z.boolean(),
        isAuthorHidden: z.boolean(),
        clearances: z.array(clearance),
        duties: z.array(duty),
        mayTake: z.array(z.enum(lookedAfterBy)).openapi({
          description: 'Steps that are open to you beside what you are asked.',
        }),
        translations: z.array(translation),
        mayCallBack: z.array(readTranslation).openapi({
          description: 'Translations in force, or read once, that you may call back as wrong.',
        }),
        timeline: z.array(
          z.object({ at: instant, sentence: z.string(), text: z.string().nullable() }),
        ),
      })
      .nullable()
      .openapi({ description: 'For those who work on it; null for whoever only reads it.' }),
    recall: z.object({ severity: z.enum(recallSeverities), at: instant }).nullable(),
    publishedAt: instant.nullable(),
    withdrawnAt: instant.nullable(),
    isHeld: z.boolean(),
  })
  .openapi('Practice');

export const queueAnswer = z
  .object({ items: z.array(z.object(summary)), next: z.string().nullable() })
  .openapi('Practices');

export const explainAnswer = z
  .object({
    status: z.enum(practiceStatuses),
    isHeld: z.boolean(),
    sentences: z.array(z.string()).openapi({ description: 'In your language.' }),
  })
  .openapi('PracticeExplained');

export const previewAnswer = z
  .object({
    isHeld: z.boolean(),
    redFlags: z
      .array(z.object({ code: z.enum(redFlagCodes), place: z.string(), sentence: z.string() }))
      .openapi({ description: 'What the rules warn of in a draft before it is submitted.' }),
    course: z
      .array(z.object({ at: instant, sentence: z.string() }))
      .openapi({ description: 'In your language; nothing while it is on hold.' }),
    hasMore: z.boolean().openapi({ description: 'More would follow.' }),
  })
  .openapi('PracticePreview');

const toldInPerson = z.object({
  asked: z.array(named).openapi({ description: 'Who is to tell them, in turn.' }),
  toldAt: instant.nullable(),
  toldBy: named.nullable().openapi({ description: 'Null where a message arrived after all.' }),
});
export const unreachedAnswer = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        person: named,
        practice: z.uuid(),
        title: z.string().openapi({ description: 'As they read it.' }),
        locale: z.string(),
        since: instant,
      }),
    ),
  })
  .openapi('UnreachedRecalls');

export const reachQuery = queueQuery.omit({ queue: true });
export const reachAnswer = z
  .object({
    recalls: z.array(
      z.object({
        sequence: z.int().openapi({
          description: 'Of the step that did it; negative where none of its own did.',
        }),
        kind: z.enum(recallKinds),
        severity: z.enum(recallSeverities),
        at: instant,
        recipients: z.int(),
        toldAllAt: instant
          .nullable()
          .openapi({ description: 'Null while some are still to be told.' }),
      }),
    ),
    items: z.array(
      z.object({
        person: named,
        isPartner: z.boolean(),
        received: z.array(
          z.object({ version: z.int(), locale: z.string(), via: z.string(), at: instant }),
        ),
        recalls: z.array(
          z.object({
            sequence: z.int(),
            locale: z.string(),
            status: z.string().nullable(),
            inPerson: toldInPerson.nullable().openapi({
              description: 'Where no message reached them and patients are concerned.',
            }),
          }),
        ),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('PracticeReach');

export const termsMax = 500;
const term = z.strictObject({
  id: product,
  kind: z.enum(termKinds),
  forms: z.record(z.union([locale, z.literal('*')]), said(100)).openapi({
    description: 'By language, `*` for every other.',
    example: { '*': 'CardioFlow', ja: 'カーディオフロー' },
  }),
});
export const glossaryBody = z
  .strictObject({ items: z.array(term).max(termsMax) })
  .openapi('GlossaryChange');
export const glossaryAnswer = z.object({ items: z.array(term) }).openapi('Glossary');
