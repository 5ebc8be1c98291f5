/** A problem as HTTP tells it (RFC 9457): for people in their language, for programs as a code. */
import type { Context } from 'hono';
import { type Category, type Problem, problems, type ProblemCode } from '../domain/problem.ts';
import { phrase, type Recipient } from '../locales/render.ts';

const statusOf = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  stale: 412,
  tooLarge: 413,
  invalid: 422,
  limited: 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<Category, number>;

/** Where HTTP has a status of its own for what is, to a person, a request that cannot be read. */
const ownStatus: Partial<Record<ProblemCode, number>> = {
  'request.media_type': 415,
  'request.method_not_allowed': 405,
};

export const problemStatus = (code: ProblemCode): number =>
  ownStatus[code] ?? statusOf[problems[code]];

/** One thing to correct, at its place in the request. */
export interface ProblemPlace {
  readonly path: string;
  readonly code: string;
  readonly detail: string;
}

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly errors?: readonly ProblemPlace[];
}

interface Told {
  readonly publicUrl: string;
  readonly recipient: Recipient;
  readonly errors?: readonly ProblemPlace[] | undefined;
}

export function problemDocument(
  { code, params }: Problem,
  { publicUrl, recipient, errors }: Told,
): ProblemDocument {
  return {
    type: `${publicUrl}/docs/problems#${code}`,
    title: phrase(`problems.${code}.title`, params, recipient),
    status: problemStatus(code),
    detail: phrase(`problems.${code}.detail`, params, recipient),
    code,
    ...(errors && { errors }),
  };
}

/** For a short while: a lease, a part that restarts. A limit says its own. */
const retryAfterSeconds = 2;

export function problemHeaders({ code, params }: Problem): Record<string, string> {
  const seconds = Number(params['seconds'] ?? retryAfterSeconds);
  const isPassing = problems[code] === 'unavailable' || problems[code] === 'limited';
  return {
    'content-type': 'application/problem+json',
    ...(problems[code] === 'unauthenticated' && { 'www-authenticate': challengeOf(code) }),
    ...((isPassing || code === 'request.in_flight') && { 'retry-after': String(seconds) }),
  };
}

/** RFC 6750: who sent nothing is only told what to send. */
const challengeOf = (code: ProblemCode): string =>
  code === 'identity.missing' ? 'Bearer' : 'Bearer error="invalid_token"';

export function problemResponse(c: Context, problem: Problem, told: Told): Response {
  const document = problemDocument(problem, told);
  return c.newResponse(JSON.stringify(document), document.status as 400, problemHeaders(problem));
}
