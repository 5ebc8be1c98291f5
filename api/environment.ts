import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { Actor } from '../domain/authority.ts';
import type { NoticeId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Recipient } from '../locales/render.ts';
import type { AnnounceChange } from './calendar-changes/announce.ts';
import type { LoopGateway } from './loop-gateway.ts';
import type { Rate } from './middleware/rate-limit.ts';
import type { RepliesTaken } from './mail/take-reply.ts';
import type { VerifyToken } from './verify-token.ts';

export interface ApiParts {
  readonly db: Database;
  readonly loops: LoopGateway;
  readonly clock: { now(): Instant };
  readonly verifyToken: VerifyToken;
  readonly issuer: string;
  readonly publicUrl: string;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Absent, those of the product. */
  readonly limits?: { readonly person: Rate; readonly address: Rate };
  /** How long any request is let run; absent, as long as the product lets it. */
  readonly answerTimeoutMs?: number;
  /** Absent, the maintenance schedule tells the loops that a change touched. */
  readonly announceChange?: AnnounceChange;
  /** After a commit; absent, the sweep starts what was planned. */
  readonly startDeliveries?: (notices: readonly NoticeId[]) => void;
  /** Where replies by mail go; absent, none become comments. */
  readonly replies?: RepliesTaken | undefined;
  /** Signs what mail servers report of our mail; absent, no reports are taken. */
  readonly mailIntakeSecret?: string | undefined;
  /** By which mails of ours are known; absent, no report is believed. */
  readonly mailProofSecret?: string | undefined;
  /** For the pages; without it there are none. */
  readonly pages?: PagesOptions;
  /** How many proxies of our own every request comes through; absent, none. */
  readonly proxiesInFront?: number;
}

export interface PagesOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signs the cookie of a sign-in under way. */
  readonly secret: string;
}

export interface ApiEnvironment {
  Variables: {
    requestId: string;
    actor: Actor;
    /** Whose pages these are; absent for programs and for strangers. */
    person?: { readonly name: string; readonly actor: Actor; readonly isMailOff?: boolean };
    recipient: Recipient;
  };
}
