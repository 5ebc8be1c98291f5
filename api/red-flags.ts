/** What the rules warn of in a text, by the policy of the region of whoever writes it. */
import { z } from '@hono/zod-openapi';
import type { Database } from '../db/client.ts';
import { lostProducts } from '../db/lost-clearances.ts';
import { findPolicyAt } from '../db/policies.ts';
import { insertFlags, loggedFlags, partyRegions } from '../db/red-flags.ts';
import { type Actor, may } from '../domain/authority.ts';
import { identifierDigits, redFlagTermsMax } from '../domain/policy/policies.ts';
import type { ContentId, LoopId } from '../domain/id.ts';
import { termLettersMax } from '../domain/policy/shape.ts';
import {
  flagName,
  type RedFlag,
  redFlagCheck,
  type RedFlagCheck,
  type RedFlagRules,
  redFlagRulesByDefault,
  type TextAt,
} from '../domain/text/red-flags.ts';
import { redFlagCodes } from '../domain/text/red-flag-terms.ts';
import type { Instant } from '../domain/loop.ts';
import type { ProblemCode } from '../domain/problem.ts';
import { FlagRefusal } from './refusals.ts';

const policySchema = z.object({
  terms: z
    .partialRecord(
      z.enum(redFlagCodes),
      z.array(z.string().max(termLettersMax)).max(redFlagTermsMax),
    )
    .optional(),
  paymentsAbove: z.record(z.string(), z.number().nonnegative()).optional(),
  identifierDigitsMin: z.int().min(identifierDigits.min).max(identifierDigits.max).optional(),
});

const flagNameLengthMax = 80;
/** Of whatever is written that the rules look into. */
export const acknowledgedFlags = z
  .array(z.string().max(flagNameLengthMax))
  .max(500)
  .optional()
  .openapi({
    description: 'What the rules warn of and you say all the same, each as `code:place`.',
    example: ['payment:summary'],
  });

const named = z.object({ id: z.string(), name: z.string() });

export const flagsAnswer = z
  .array(
    z.object({
      code: z.enum(redFlagCodes),
      place: z.string().openapi({ example: 'actions[2].text' }),
      kind: z.string().openapi({ example: 'handoff.packet' }),
      at: z.iso.datetime(),
      author: named,
      isAcknowledged: z.boolean(),
    }),
  )
  .nullable()
  .openapi({ description: 'What the rules warned of, for compliance alone; else null.' });

const checkByDefault = redFlagCheck(redFlagRulesByDefault);

interface Parts {
  readonly db: Database;
  readonly clock: { now(): Instant };
}

/** What the policy does not say, or does not say readably, is as it is everywhere. */
export async function flagCheckOf({ db, clock }: Parts, { region }: Actor): Promise<RedFlagCheck> {
  const value = await findPolicyAt(db, { key: 'handoff.redFlags', region, at: clock.now() });
  const own = policySchema.safeParse(value);
  const lost = await lostProducts(db, region);
  if (!own.success && lost.length === 0) return checkByDefault;
  const said = own.success ? own.data : {};
  const { paymentsAbove, identifierDigitsMin } = redFlagRulesByDefault;
  const terms = { ...redFlagRulesByDefault.terms, ...said.terms };
  const rules: RedFlagRules = {
    // What may not be sold any more has no label to be used within.
    terms: { ...terms, off_label: [...terms.off_label, ...lost] },
    paymentsAbove: { ...paymentsAbove, ...said.paymentsAbove },
    identifierDigitsMin: said.identifierDigitsMin ?? identifierDigitsMin,
  };
  return redFlagCheck(rules);
}

/** For compliance alone: which rule and where, never the words. */
export async function flagsShown(
  db: Database,
  actor: Actor,
  id: LoopId,
): Promise<z.input<typeof flagsAnswer>> {
  const parties = (await partyRegions(db, id)).map((region) => ({ region }));
  if (!may(actor, 'loop.flags', { parties })) return null;
  return (await loggedFlags(db, id)).map(({ at, ...flag }) => ({
    ...flag,
    at: new Date(at).toISOString(),
  }));
}

interface Acknowledging {
  readonly texts: readonly TextAt[];
  readonly acknowledged: readonly string[];
  readonly code?: ProblemCode;
}

/** Each is changed or named before the text leaves its author; what is there all the same. */
export async function refuseUnacknowledged(
  parts: Parts,
  actor: Actor,
  { texts, acknowledged, code }: Acknowledging,
): Promise<readonly RedFlag[]> {
  const check = await flagCheckOf(parts, actor);
  const found = check(texts);
  const open = found.filter((flag) => !acknowledged.includes(flagName(flag)));
  if (open.length > 0) throw new FlagRefusal(open, code);
  return found;
}

/** Of what is said to colleagues and holds nothing up: logged, and nobody was asked before. */
export async function logFlags(
  parts: Parts,
  actor: Actor,
  { content, text }: { readonly content: ContentId; readonly text: string },
): Promise<void> {
  const flags = (await flagCheckOf(parts, actor))([{ place: 'text', text }]);
  await insertFlags(parts.db, { content, flags, acknowledgedBy: null, at: parts.clock.now() });
}
