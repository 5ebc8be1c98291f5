/** What the operations on budget requests take and answer. */
import { z } from '@hono/zod-openapi';
import { attachmentBytesMax } from '../../domain/budget/attachment.ts';
import { leftOutReasons } from '../../domain/budget/route.ts';
import { budgetStatuses, instalmentsMax, requestKinds } from '../../domain/budget/state.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';
import { text } from '../handoffs/schema.ts';
import { dayIn } from '../instants.ts';

export const wordsLengthMax = 4_000;
export const titleLengthMax = 120;
const serviceMonthsMax = 60;
/** Longer than any amount that can be counted. */
export const amountLengthMax = 40;

export const budgetParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });
const amount = z.string().min(1).max(amountLengthMax).openapi({
  description: 'Digits with at most one point, and no more decimal places than the currency has.',
  example: '4800.00',
});
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .openapi({ example: 'EUR' });

export const budgetBody = z
  .strictObject({
    onBehalfOf,
    purpose: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/)
      .openapi({
        description: 'Of the budget line of your region.',
        example: 'leadership',
      }),
    kind: z.enum(requestKinds),
    title: text(titleLengthMax),
    why: text(wordsLengthMax),
    gap: nounId.optional().openapi({ description: 'The competency gap that it serves.' }),
    plan: z.uuid().optional().openapi({ description: 'The development plan that it serves.' }),
    currency,
    costs: z.strictObject({ fee: amount, travel: amount.optional(), tax: amount.optional() }),
    instalments: z
      .array(z.strictObject({ due: dayIn, amount }))
      .min(1)
      .max(instalmentsMax)
      .openapi({ description: 'Each is kept on the line of the fiscal year it is due in.' }),
    ends: dayIn.openapi({ description: 'The last day of what is paid for.' }),
    serviceMonths: z.int().min(0).max(serviceMonthsMax).optional().openapi({
      description: 'How long you stay afterwards, or pay back.',
    }),
    involvesProfessionals: z.boolean().openapi({
      description: 'Whether health-care professionals take part: compliance then decides too.',
    }),
    exception: z.boolean().optional().openapi({
      description: 'Asks the named approver for more than the line has.',
    }),
  })
  .openapi('BudgetRequestBody');

export const plainBody = z.strictObject({ onBehalfOf }).openapi('BudgetStep');
export const approveBody = z
  .strictObject({
    onBehalfOf,
    amounts: z.array(amount).min(1).max(instalmentsMax).optional().openapi({
      description: 'Less than asked for, by instalment; the rest is available again at once.',
    }),
  })
  .openapi('BudgetApproval');
export const wordsBody = z
  .strictObject({ onBehalfOf, text: text(wordsLengthMax) })
  .openapi('BudgetWords');
export const exceptBody = z
  .strictObject({
    onBehalfOf,
    amount: amount.openapi({
      description: 'How much the lines may be raised at most, in their currency.',
    }),
    text: text(wordsLengthMax),
  })
  .openapi('BudgetException');
const instalmentStep = z.strictObject({
  onBehalfOf,
  instalment: z
    .int()
    .min(0)
    .max(instalmentsMax - 1)
    .openapi({ description: 'From 0 on.' }),
  amount,
  text: text(wordsLengthMax),
});
export const instalmentBody = instalmentStep.openapi('BudgetInstalmentStep');
export const raiseBody = instalmentStep
  .extend({
    exception: z.boolean().optional().openapi({
      description:
        'Asks the named approver for more than the line has; of an exception they are asked anyway.',
    }),
  })
  .openapi('BudgetRaise');
export const closeBody = z
  .strictObject({
    onBehalfOf,
    text: text(wordsLengthMax).openapi({
      description: 'What came of it, and what shows that it was learned.',
    }),
    proof: z
      .strictObject({
        instalment: z
          .int()
          .min(0)
          .max(instalmentsMax - 1),
        amount,
        text: text(wordsLengthMax),
      })
      .optional()
      .openapi({ description: 'The last evidence of a purchase, if it comes with this.' }),
    lesson: z
      .strictObject({ kind: z.enum(['win', 'failure']), text: text(wordsLengthMax) })
      .optional()
      .openapi({ description: 'For everybody: offered to the practices.' }),
  })
  .openapi('BudgetCloseOut');

export const budgetsQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
  requester: nounId.optional(),
  plan: z.uuid().optional(),
  open: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});

/** Of the base64 of the largest file. */
const contentLengthMax = Math.ceil(attachmentBytesMax / 3) * 4;
export const attachmentBody = z
  .strictObject({
    onBehalfOf,
    name: text(255),
    content: z
      .string()
      .min(4)
      .max(contentLengthMax + 4)
      .regex(/^[A-Za-z0-9+/]+={0,2}$/)
      .openapi({ description: 'The bytes of the file, in base64.', format: 'byte' }),
  })
  .openapi('BudgetAttachmentBody');
export const attachmentAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    mediaType: z.string(),
    size: z.int().openapi({ description: 'In bytes.' }),
    addedAt: z.iso.datetime(),
  })
  .openapi('BudgetAttachment');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const leftOut = z
  .array(z.object({ person: named, why: z.enum(leftOutReasons) }))
  .openapi({ description: 'Whom the rule names and who is not asked, with the reason.' });
const money = z.string().openapi({ example: '4800.00' });

export const budgetSummary = z
  .object({
    id: z.uuid(),
    requester: named,
    purpose: z.string(),
    kind: z.enum(requestKinds),
    status: z.enum(budgetStatuses),
    currency,
    asked: money,
    granted: money.nullable(),
    plan: z.uuid().nullable(),
    gap: z.string().nullable(),
    involvesProfessionals: z.boolean(),
    isException: z.boolean(),
    isSplit: z.boolean().openapi({
      description: 'Together with others of the last 30 days it passes a threshold.',
    }),
    serviceMonths: z.int(),
    submittedAt: instant,
    decidedAt: instant.nullable(),
    closeOutDueAt: instant.nullable(),
    closedAt: instant.nullable(),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('BudgetRequestSummary');

export const budgetAnswer = budgetSummary
  .extend({
    title: z.string().nullable().openapi({ description: 'Null once it has been erased.' }),
    why: z.string().nullable(),
    costs: z.object({ fee: money, travel: money, tax: money }).nullable(),
    instalments: z.array(
      z.object({
        due: z.iso.date(),
        amount: money,
        spent: money.nullable(),
        evidence: z.string().nullable(),
      }),
    ),
    steps: z.array(
      z.object({
        name: z.string(),
        isCurrent: z.boolean(),
        needs: z.int(),
        seats: z.array(
          z.object({
            person: named,
            insteadOf: named.nullable().openapi({ description: 'Who has left.' }),
            added: named
              .nullable()
              .openapi({ description: 'Asked too, since they stayed silent.' }),
            decidedBy: named.nullable(),
          }),
        ),
        leftOut,
      }),
    ),
    raise: z
      .object({ instalment: z.int(), amount: money, total: money })
      .nullable()
      .openapi({ description: 'A higher amount that is being decided, alone and in all.' }),
    outcome: z.string().nullable(),
    attachments: z.array(attachmentAnswer),
    timeline: z.array(z.object({ at: instant, sentence: z.string(), text: z.string().nullable() })),
  })
  .openapi('BudgetRequest');

export const budgetsAnswer = z.object({
  items: z.array(budgetSummary),
  next: z.string().nullable(),
});

export const explainAnswer = z.object({
  status: z.enum(budgetStatuses),
  isHeld: z.boolean(),
  sentences: z.array(z.string()).openapi({ description: 'In your language.' }),
});
export const previewAnswer = z.object({
  isSplit: z.boolean(),
  inLine: money,
  lineCurrency: currency,
  steps: z.array(
    z.object({
      name: z.string(),
      needs: z.int().openapi({ description: '0 where those of earlier steps are enough.' }),
      people: z.array(z.object({ person: named, why: z.enum(['named', 'upward']) })),
      leftOut,
      notAsked: z.array(z.string()).openapi({ description: 'The same, in your language.' }),
    }),
  ),
  silence: z
    .array(z.object({ at: instant, sentence: z.string() }))
    .openapi({ description: 'What happens, and when, if nobody answers.' }),
});
