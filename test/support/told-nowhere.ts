/** What somebody could read of a loop, by every address of the API and by its page, looked through for a secret. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import type { ServedWorld } from './served-world.ts';

/** Everything that each of them reads there, byte by byte. */
export async function seenBy(
  { read }: Pick<ServedWorld, 'read'>,
  people: readonly PersonId[],
  paths: readonly string[],
): Promise<readonly string[]> {
  const all: string[] = [];
  for (const who of people) {
    for (const path of paths) {
      const answer = await read(who, path);
      all.push(`${answer.status} ${answer.headers.get('etag')} ${await answer.text()}`);
    }
  }
  return all;
}

interface Secret {
  readonly id: string;
  readonly about: PersonId;
  readonly words: string;
  readonly people: readonly PersonId[];
  readonly logged: readonly string[];
}

/** No address of the API tells any of them, whatever their office; nor does a page, nor a line of the log. */
export async function toldNowhere(
  stage: ServedWorld,
  { id, about, words, people, logged }: Secret,
): Promise<void> {
  const { paths } = JSON.parse(readFileSync('api/openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const asked = Object.keys(paths)
    .filter((path) => paths[path]?.['get'] !== undefined)
    .flatMap((path) => [id, about].map((one) => path.replaceAll(/\{[^}]+\}/g, one)));
  expect(asked.length).toBeGreaterThan(80);
  const told = [...(await seenBy(stage, people, [...new Set(asked)]))];
  for (const who of people) told.push(await (await stage.browser(who)).see(`/tasks/${id}`));
  expect(told.filter((text) => text.includes(words))).toEqual([]);
  expect(logged.filter((line) => line.includes(words))).toEqual([]);
}
