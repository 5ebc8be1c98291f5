/** Findings as the command line prints them: in English, with nothing a terminal would obey. */
import english from '../locales/en/directory.json' with { type: 'json' };
import type { Finding } from '../domain/directory/finding.ts';

const sentences: Readonly<Record<string, string>> = english;

export function sentence({ path, code, params }: Finding): string {
  const key = 'suggestion' in params ? `${code}_suggested` : code;
  const text = (sentences[key] ?? code).replaceAll(
    /\{\{(\w+)(?:, number)?\}\}/g,
    (_whole, name: string) => String(params[name] ?? ''),
  );
  return path === '' ? text : `${path}: ${text}`;
}

/** Values come from the file, so they may hold escape sequences. */
export const printable = (line: string): string => line.replaceAll(/\p{Cc}/gu, '�');
