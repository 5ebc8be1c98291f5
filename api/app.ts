/** The API: every request is read, its sender known, its operation run, its answer or problem told. */
import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import { secureHeaders } from 'hono/secure-headers';
import { timeout } from 'hono/timeout';
import { sql } from 'kysely';
import { createWorldLoader } from '../db/planning-world.ts';
import { addressee } from '../db/notices.ts';
import { isOutage } from '../db/outage.ts';
import { sentenceValues } from '../db/sentence-values.ts';
import { present } from '../domain/assert.ts';
import { problem, Refusal, type Problem } from '../domain/problem.ts';
import { phrase, recipientFor, type Recipient } from '../locales/render.ts';
import { bind, type AskedOf } from './bind.ts';
import {
  DirectoryRefusal,
  replaceDirectory,
  replaceDirectoryRoute,
} from './directory/replace-directory.ts';
import { directoryReads } from './directory/routes.ts';
import type { ApiEnvironment, ApiParts } from './environment.ts';
import { createHandoffGateway } from './handoffs/gateway.ts';
import type { HandoffParts } from './handoffs/parts.ts';
import { handoffCommands, handoffReads } from './handoffs/routes.ts';
import { idempotent } from './middleware/idempotency.ts';
import { identify } from './middleware/identity.ts';
import { checkJson, limitBody } from './middleware/json.ts';
import { problemResponse, type ProblemPlace } from './problem.ts';

type App = OpenAPIHono<ApiEnvironment>;

/** Longer than the gateway waits for a loop. */
const handlerTimeoutMs = 25_000;

/** Thrown by the shape check of a request, with every place that breaks a rule. */
class ShapeRefusal extends Refusal {
  readonly errors: readonly ProblemPlace[];
  constructor(errors: readonly ProblemPlace[]) {
    super(problem('request.invalid', { mistakes: errors.length }));
    this.errors = errors;
  }
}

export function createApp(parts: ApiParts): App {
  const app: App = new OpenAPIHono<ApiEnvironment>({
    defaultHook(result) {
      if (result.success) return;
      throw new ShapeRefusal(
        result.error.issues.map(({ path, code, message }) => ({
          path: path.join('.'),
          code,
          detail: message,
        })),
      );
    },
  });
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"] } }));
  app.use(async (c, next) => {
    c.set('requestId', randomUUID());
    c.set('recipient', readerOf(c.req.header('accept-language')));
    c.header('x-request-id', c.var.requestId);
    await next();
  });
  app.onError((error, c) => {
    const refused = problemIn(error);
    if (refused.code === 'request.internal') {
      // The error itself goes to the log alone, and no text of a person is in it.
      parts.log.error({
        requestId: c.var.requestId,
        name: error.name,
        at: error.stack?.split('\n')[1],
      });
    }
    const shown =
      refused.code === 'request.internal'
        ? problem(refused.code, { id: c.var.requestId })
        : refused;
    const { publicUrl } = parts;
    return problemResponse(c, shown, {
      publicUrl,
      recipient: c.var.recipient,
      errors: errorsIn(error),
    });
  });
  app.notFound((c) => {
    const { publicUrl } = parts;
    return problemResponse(c, problem('request.not_found'), {
      publicUrl,
      recipient: c.var.recipient,
    });
  });
  registerPublic(app, parts);
  app.use(
    limitBody,
    timeout(handlerTimeoutMs, () => new Refusal(problem('request.timeout')) as never),
  );
  app.use(identify(parts), checkJson, idempotent(parts));
  registerOperations(app, parts);
  return app;
}

function registerPublic(app: App, { db, loops }: ApiParts): void {
  app.get('/livez', (c) => c.text('alive'));
  app.get('/readyz', async (c) => {
    const [database, temporal] = await Promise.all([
      sql`SELECT 1`.execute(db).then(
        () => true,
        () => false,
      ),
      loops.isReachable(),
    ]);
    return c.json({ database, temporal }, database && temporal ? 200 : 503);
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Meridian', version: '0.1.0' },
  });
}

function registerOperations(app: App, parts: ApiParts): void {
  const handoffs = handoffParts(parts);
  for (const { route, run } of Object.values(handoffReads)) {
    bind(app, route, (asked: AskedOf) => run(handoffs, asked as never));
  }
  for (const { route, run } of Object.values(handoffCommands)) {
    bind(app, route, (asked: AskedOf) => run(handoffs, asked as never));
  }
  for (const { route, run } of Object.values(directoryReads)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked as never));
  }
  app.openAPIRegistry.registerPath(replaceDirectoryRoute);
  app.put(replaceDirectoryRoute.path, async (c) => {
    const source = { json: await c.req.text() };
    return c.json(await replaceDirectory(parts, { actor: c.var.actor, input: source }));
  });
}

const handoffParts = ({ db, clock, loops }: ApiParts): HandoffParts => ({
  db,
  clock,
  handoffs: createHandoffGateway(loops),
  loadWorld: createWorldLoader(),
  async tell(reader, sentences) {
    const recipient = recipientFor(present(await addressee(db, reader), 'the reader'));
    const values = await sentenceValues(
      db,
      sentences.map(({ params }) => params),
    );
    return sentences.map(({ key }, index) => phrase(key, values[index] ?? {}, recipient));
  },
});

/** Before anybody is known: the language the client asks for, and times in UTC. */
const readerOf = (acceptLanguage: string | undefined): Recipient =>
  recipientFor({ locale: acceptLanguage?.split(/[,;]/)[0]?.trim() ?? null, zone: 'Etc/UTC' });

function problemIn(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  return problem(isOutage(error) ? 'request.unavailable' : 'request.internal');
}

function errorsIn(error: unknown): readonly ProblemPlace[] | undefined {
  if (error instanceof ShapeRefusal) return error.errors;
  if (!(error instanceof DirectoryRefusal)) return undefined;
  return error.findings.map(({ path, code }) => ({ path, code, detail: code }));
}
