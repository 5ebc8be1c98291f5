import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { Actor } from '../domain/authority.ts';
import type { Instant } from '../domain/loop.ts';
import type { Recipient } from '../locales/render.ts';
import type { LoopGateway } from './loop-gateway.ts';
import type { Rate } from './middleware/rate-limit.ts';
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
  /** Origins that a form of ours may lead to, such as the identity provider's. */
  readonly formTargets?: readonly string[];
  /** A proxy of ours stands in front and holds addresses to its own limit. */
  readonly isBehindProxy?: boolean;
}

export interface ApiEnvironment {
  Variables: {
    requestId: string;
    actor: Actor;
    recipient: Recipient;
  };
}
