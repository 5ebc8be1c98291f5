/** What the API says of itself: OpenAPI 3.1 for programs, a plain page for people. */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiEnvironment } from './environment.ts';
import { problemStatus } from './problem.ts';
import { type ProblemCode, problems } from '../domain/problem.ts';

type App = OpenAPIHono<ApiEnvironment>;
export type ApiDocument = ReturnType<App['getOpenAPI31Document']>;

const problemSchema = z
  .object({
    type: z.string().openapi({ description: 'Where the problem is explained.' }),
    title: z.string().openapi({ description: 'In your language, as is the detail.' }),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(problems) as [ProblemCode]).openapi({
      description: 'Never renamed: what programs decide by.',
    }),
    errors: z
      .array(
        z.object({
          path: z.string().openapi({ example: 'body.actions[0].dueAt' }),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional()
      .openapi({ description: 'Every place to correct, where there are several.' }),
  })
  .openapi('Problem');

const keyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'Your own, new for each new request: 8 to 200 letters, digits, dashes or underscores. The same key repeats the same answer.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,200}$' },
} as const;

const seenHeader = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The ETag of what you decided upon; when it has changed since, the answer is 412 and nothing happens.',
  schema: { type: 'string', pattern: '^"[0-9]{1,9}"$', example: '"3"' },
} as const;

const statuses = [...new Set((Object.keys(problems) as ProblemCode[]).map(problemStatus))];
const description = [
  'Every refusal is a problem document (RFC 9457), of status',
  `${statuses.toSorted((a, b) => a - b).join(', ')}. 429 and 503 say when to try again.`,
].join(' ');

/** The order of methods and headers is stated once here, for every operation alike. */
export function apiDocument(app: App, version: string): ApiDocument {
  app.openAPIRegistry.register('Problem', problemSchema);
  app.openAPIRegistry.registerComponent('securitySchemes', 'accessToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT (RFC 9068) of the organisation’s identity provider',
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Meridian', version, description },
    security: [{ accessToken: [] }],
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) complete(operation, method, path);
  }
  return document;
}

const placeHeader = {
  description: 'The address of what was made.',
  schema: { type: 'string', example: '/handoffs/0190a0a0-5b6c-8def-9012-3456789abcde' },
} as const;

interface DocumentedOperation {
  parameters?: unknown[];
  responses: Record<string, object>;
}

function complete(operation: DocumentedOperation, method: string, path: string): void {
  // What is made has not been seen before.
  const made = operation.responses['201'];
  const isStep = made === undefined && /\}\/\w+$/.test(path);
  if (made) operation.responses['201'] = { ...made, headers: { Location: placeHeader } };
  const headers =
    method === 'post' && !path.startsWith('/mail/')
      ? [keyHeader, ...(isStep ? [seenHeader] : [])]
      : [];
  if (headers.length > 0) operation.parameters = [...(operation.parameters ?? []), ...headers];
  operation.responses['default'] = {
    description: 'A problem.',
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  };
}
