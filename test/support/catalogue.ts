/** What a sentence of the English catalogue needs, and a message does not bring. */
import { readFileSync } from 'node:fs';
import type { NoticeParams } from '../../domain/loop.ts';

type Texts = { readonly [name: string]: string | Texts };

/** Of a key such as `handoff.offered.subject`; the key itself when there is no such sentence. */
export function lackingIn(key: string, params: NoticeParams): readonly string[] {
  const [namespace = '', ...path] = key.split('.');
  const file = new URL(`../../locales/en/${namespace}.json`, import.meta.url);
  let found: string | Texts | undefined = JSON.parse(readFileSync(file, 'utf8')) as Texts;
  for (const name of path) found = typeof found === 'object' ? found[name] : undefined;
  if (typeof found !== 'string') return [key];
  const named = [...found.matchAll(/{{\s*(\w+)/g)].map(([, name]) => name ?? '');
  return named.filter((name) => !(name in params)).map((name) => `${key}: ${name}`);
}
