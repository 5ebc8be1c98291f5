/** What may come in: JSON, not too large, not too deep, checked before anything is parsed. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { attachmentBytesMax } from '../../domain/budget/attachment.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { ShapeRefusal } from '../refusals.ts';
import { mistakesOf } from '../shape-mistakes.ts';
import { unstorablePlace } from '../storable.ts';
import { ratesLettersMax } from '../rates/operations.ts';
import { directoryBytesMax } from '../directory/replace-directory.ts';

const bodyBytesMax = 256 * 1024;
/** With what people attach, which is not read. */
const mailBytesMax = 10 * 1024 * 1024;
const depthMax = 32;
const directoryPath = '/directory';
const calendarPath = /^\/people\/[^/]+\/absences\/calendar$/;

const limit = (maxSize: number): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new Refusal(problem('request.body_too_large', { max: maxSize }));
    },
  });
const ordinary = limit(bodyBytesMax);
const directory = limit(directoryBytesMax);
/** A file in base64, its name and what JSON adds; a form of a page sends fewer bytes. */
const attachment = limit(Math.ceil(attachmentBytesMax / 3) * 4 + 4_096);
/** Letters of a file, each of which JSON may write as two. */
const rates = limit(2 * ratesLettersMax);
const ratesPath = '/exchange-rates';
const attachmentPath = /^\/(?:budget-requests|tasks)\/[^/]+\/attachments$/;

export const limitMail = limit(mailBytesMax);

export const limitBody: MiddlewareHandler = (c, next) => {
  if (c.req.path === directoryPath) return directory(c, next);
  if (c.req.path === ratesPath) return rates(c, next);
  return attachmentPath.test(c.req.path) ? attachment(c, next) : ordinary(c, next);
};

/** Brackets outside strings, counted on the text: a parser would recurse. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (isInString) {
      if (letter === '\\') index++;
      else if (letter === '"') isInString = false;
    } else if (letter === '"') isInString = true;
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, ++depth);
    else if (letter === '}' || letter === ']') depth--;
  }
  return deepest;
}

export const isJson = (type: string): boolean => /^application\/json\b/i.test(type);

export function checkDepth(text: string): void {
  if (depthOf(text) > depthMax) throw new Refusal(problem('request.too_deep', { max: depthMax }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(problem('request.malformed_json'));
  }
}

/** Said where it is, before any operation asks Postgres to keep it. */
function checkStorable(target: 'json' | 'query', sent: unknown): void {
  const place = unstorablePlace(sent);
  if (place === null) return;
  throw new ShapeRefusal(
    mistakesOf(target, [{ code: 'custom', path: [...place], message: '' }], sent),
  );
}

/** Files are read by their own operations, which also name the place of a mistake. */
export const checkJson: MiddlewareHandler = async (c, next) => {
  checkStorable('query', c.req.query());
  const hasBody = c.req.method === 'POST' || c.req.method === 'PUT';
  if (!hasBody || c.req.path === directoryPath || calendarPath.test(c.req.path)) return next();
  const type = c.req.header('content-type');
  const text = await c.req.text();
  // A PUT may say all there is to say by its address.
  if (c.req.method === 'PUT' && type === undefined && text === '') return next();
  // What is packed is not unpacked: a few bytes could become gigabytes.
  const packed = c.req.header('content-encoding') ?? 'identity';
  if (!isJson(type ?? '') || packed !== 'identity') {
    throw new Refusal(problem('request.media_type', { types: 'application/json' }));
  }
  checkDepth(text);
  checkStorable('json', parsed(text));
  return next();
};
