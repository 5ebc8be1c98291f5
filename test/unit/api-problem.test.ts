import { expect, test } from 'vitest';
import { problemDocument, problemHeaders, problemStatus } from '../../api/problem.ts';
import { problem, problems, type ProblemCode } from '../../domain/problem.ts';
import { catalogues } from '../../locales/catalogue.ts';
import { recipientFor } from '../../locales/render.ts';

const publicUrl = 'https://meridian.test';
const codes = Object.keys(problems) as ProblemCode[];
const translated = [...catalogues].filter(([, texts]) => 'problems' in texts).map(([name]) => name);

test.each(translated)('every problem says in %s what it is and what to do', (locale) => {
  const recipient = recipientFor({ locale, zone: 'Etc/UTC' });
  for (const code of codes) {
    const params = { id: 'x', max: 1, seen: 1, revision: 2, person: 'p', seconds: 1, mistakes: 1 };
    const { title, detail } = problemDocument(problem(code, params), { publicUrl, recipient });
    expect([code, title]).not.toEqual([code, `problems.${code}.title`]);
    expect([code, detail]).not.toEqual([code, `problems.${code}.detail`]);
    expect(`${title}${detail}`).not.toMatch(/\{\{|\}\}/);
  }
});

test('a status says of the request what the code says in full', () => {
  const statuses = Object.fromEntries(codes.map((code) => [code, problemStatus(code)]));
  expect(statuses).toMatchObject({
    'request.malformed_json': 400,
    'identity.missing': 401,
    'authority.forbidden': 403,
    'request.not_found': 404,
    'request.method_not_allowed': 405,
    'loop.closed': 409,
    'request.revision_stale': 412,
    'request.body_too_large': 413,
    'request.media_type': 415,
    'request.invalid': 422,
    'request.limited': 429,
    'request.internal': 500,
    'request.unavailable': 503,
  });
});

test('who may try again later is told when', () => {
  for (const code of codes) {
    const isPassing = ['limited', 'unavailable'].includes(problems[code]);
    const mayRepeat = isPassing || code === 'request.in_flight';
    const headers = problemHeaders(problem(code, { seconds: 7 }));
    expect([code, headers['retry-after']]).toEqual([code, mayRepeat ? '7' : undefined]);
  }
});
