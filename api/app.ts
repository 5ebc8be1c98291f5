/** The API: every request is read, its sender known, its operation run, its answer or problem told. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { registerAssets } from '../console/assets.ts';
import { registerPages } from '../console/pages.ts';
import { shownProblem } from '../console/problem-page.ts';
import { registerUnsubscribe } from '../console/unsubscribe.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { registerDocuments } from './docs-page.ts';
import type { ApiEnvironment, ApiParts, PagesOptions } from './environment.ts';
import type { HandoffParts } from './handoffs/parts.ts';
import { registerHealth } from './health.ts';
import { registerMailIntake } from './mail/intake.ts';
import { createMetrics } from './metrics.ts';
import { addressOf } from './middleware/address.ts';
import { guardBrowser, keepNoCopies } from './middleware/headers.ts';
import { idempotent } from './middleware/idempotency.ts';
import { identify } from './middleware/identity.ts';
import { checkJson, limitBody } from './middleware/json.ts';
import { createMeter, limitRate, rates } from './middleware/rate-limit.ts';
import { introduce, limitTime, refuseControls } from './middleware/request.ts';
import { type Operations, operationsOf } from './operations.ts';
import { problemDocument, problemResponse, type ProblemPlace } from './problem.ts';
import { ShapeRefusal, toldOf } from './refusals.ts';
import { handoffParts, registerOperations } from './register.ts';
import { mistakesOf } from './shape-mistakes.ts';
import { createProvider } from './sign-in/provider.ts';
import { registerSignIn } from './sign-in/routes.ts';
import { createSessions } from './sign-in/session.ts';

type App = OpenAPIHono<ApiEnvironment>;
type Step = MiddlewareHandler<ApiEnvironment>;

export function createApp(parts: ApiParts): App {
  const { clock, limits = rates } = parts;
  const app: App = new OpenAPIHono<ApiEnvironment>({
    defaultHook(result) {
      if (result.success) return;
      // What was sent, of which the types of the validator do not tell.
      const { data: sent } = result as { readonly data?: unknown };
      throw new ShapeRefusal(mistakesOf(result.target, result.error.issues, sent));
    },
  });
  const operations = operationsOf(app);
  const metrics = createMetrics(parts);
  const answerProblem = tellProblems(app, parts, operations);
  app.notFound((c) => {
    const methods = operations.methodsOf(c.req.path);
    if (methods.length === 0) return answerProblem(c, problem('request.not_found'));
    c.header('allow', methods.join(', '));
    return answerProblem(c, problem('request.method_not_allowed'));
  });

  app.use(introduce({ ...parts, metrics }, operations));
  app.use(guardBrowser(parts.pages ? [new URL(parts.pages.issuer).origin] : []), keepNoCopies);
  app.use(refuseControls);
  registerHealth(app, { ...parts, metrics });
  const sender = addressOf(parts.proxiesInFront ?? 0);
  app.use(limitRate(createMeter(limits.address, clock), sender), limitTime(parts.answerTimeoutMs));
  registerMailIntake(app, { ...parts, metrics });
  registerDocuments(app, parts);
  registerAssets(app);
  const held = [limitRate(createMeter(limits.person, clock), (c) => c.var.actor.id), limitBody];
  const handoffs = handoffParts(parts);
  if (parts.pages) {
    registerConsole(app, operations, { ...parts, ...parts.pages, handoffs, held });
  }
  const steps: readonly Step[] = [identify(parts), ...held, checkJson, idempotent(parts)];
  for (const step of steps) {
    app.use((c, next) =>
      operations.find(c.req.method, c.req.path) === null ? next() : step(c, next),
    );
  }
  registerOperations(app, parts, handoffs);
  return app;
}

interface ConsoleParts extends ApiParts, PagesOptions {
  readonly handoffs: HandoffParts;
  readonly held: readonly Step[];
}

function registerConsole(app: App, operations: Operations, parts: ConsoleParts): void {
  const sessions = createSessions(parts);
  registerSignIn(app, { ...parts, sessions, provider: createProvider(parts) });
  registerUnsubscribe(app, { ...parts, sessions });
  const told = { ...parts, tell: parts.handoffs.tell };
  const pages = {
    ...parts,
    holidays: told,
    alerts: told,
    feedback: told,
    audits: told,
    plans: told,
    reviews: told,
    covers: told,
    delegations: told,
    budgets: told,
    rotations: told,
    assignments: told,
    outlooks: told,
    practices: { ...told, via: 'page' as const },
  };
  const known = registerPages(app, { ...pages, sessions, limits: parts.held });
  // Where there is no page, whoever is signed in is told so in their language.
  app.use((c, next) =>
    operations.find(c.req.method, c.req.path) === null ? known(c, next) : next(),
  );
}

type AnswerProblem = (
  c: Context<ApiEnvironment>,
  refused: Problem,
  errors?: readonly ProblemPlace[],
) => Response | Promise<Response>;

/** A bug tells the person an id and the log what it was; neither holds a word that people wrote. */
function tellProblems(
  app: App,
  { publicUrl, log }: ApiParts,
  operations: Operations,
): AnswerProblem {
  const answer: AnswerProblem = (c, refused, errors) => {
    const told = { publicUrl, recipient: c.var.recipient, errors };
    const isPage =
      (c.req.header('accept') ?? '').includes('text/html') &&
      operations.find(c.req.method, c.req.path) === null;
    return isPage
      ? shownProblem(c, problemDocument(refused, told))
      : problemResponse(c, refused, told);
  };
  app.onError((error, c) => {
    const told = toldOf(error, c.var.recipient);
    if (told) return answer(c, told.problem, told.errors);
    const { requestId } = c.var;
    const code = 'code' in error ? String(error.code) : undefined;
    const at = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
    log.error({ requestId, name: error.name, code, at }, 'failed');
    return answer(c, problem('request.internal', { id: requestId }));
  });
  return answer;
}
