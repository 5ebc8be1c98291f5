/** What the rules warn of in a text, by the policy of the region of whoever writes it. */
import { z } from '@hono/zod-openapi';
import { lostProducts } from '../../db/lost-clearances.ts';
import { findPolicy } from '../../db/policies.ts';
import type { Actor } from '../../domain/authority.ts';
import type { Packet, ReadBack } from '../../domain/handoff/packet.ts';
import {
  flagName,
  packetTexts,
  type RedFlag,
  redFlagCheck,
  type RedFlagCheck,
  type RedFlagRules,
  redFlagRulesByDefault,
  saidTexts,
} from '../../domain/handoff/red-flags.ts';
import { redFlagCodes } from '../../domain/handoff/red-flag-terms.ts';
import { dayText } from '../../domain/time/calendar.ts';
import { wallTime } from '../../domain/time/zone.ts';
import { FlagRefusal } from '../refusals.ts';
import type { HandoffParts } from './parts.ts';

const termLengthMax = 80;
const termsMax = 500;
const policySchema = z.object({
  terms: z
    .partialRecord(z.enum(redFlagCodes), z.array(z.string().max(termLengthMax)).max(termsMax))
    .optional(),
  paymentsAbove: z.record(z.string(), z.number().nonnegative()).optional(),
  identifierDigitsMin: z.int().min(4).max(30).optional(),
});

const checkByDefault = redFlagCheck(redFlagRulesByDefault);

type Parts = Pick<HandoffParts, 'db' | 'clock'>;

/** What the policy does not say, or does not say readably, is as it is everywhere. */
async function checkOf({ db, clock }: Parts, { region }: Actor): Promise<RedFlagCheck> {
  const day = dayText(wallTime(clock.now(), 'Etc/UTC').day);
  const value = await findPolicy(db, { key: 'handoff.redFlags', region, day });
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

type Body = Packet | Partial<ReadBack>;

export async function flagsIn(parts: Parts, actor: Actor, body: Body): Promise<readonly RedFlag[]> {
  const check = await checkOf(parts, actor);
  return check('summary' in body ? packetTexts(body) : saidTexts(body));
}

/** Each is changed or named before a packet is offered. */
export async function refuseUnacknowledged(
  parts: Parts,
  actor: Actor,
  { packet, acknowledged }: { readonly packet: Packet; readonly acknowledged: readonly string[] },
): Promise<void> {
  const flags = await flagsIn(parts, actor, packet);
  const open = flags.filter((flag) => !acknowledged.includes(flagName(flag)));
  if (open.length > 0) throw new FlagRefusal(open);
}
