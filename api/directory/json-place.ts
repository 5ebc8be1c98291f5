/** Where a text stops being JSON (RFC 8259), which the runtime's own message does not always say. */
export interface Place {
  /** Both counted from one. */
  readonly line: number;
  readonly column: number;
}

type Expected = 'value' | 'first value' | 'first key' | 'key' | 'colon' | 'comma' | 'end';

/** The first token that cannot stand where it stands; the end of the text when none is wrong. */
export function placeOfMistake(text: string): Place {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = afterSpace(text, 0);
  for (;;) {
    const token = tokenAt(text, at);
    const next: Expected | null = token && follow(expected, token, open);
    if (!token || !next) return placeAt(text, at);
    expected = next;
    at = afterSpace(text, token.end);
  }
}

const space = /[\t\n\r ]*/y;
const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const escaped = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

const afterSpace = (text: string, at: number): number => endOf(space, text, at) ?? at;

function tokenAt(text: string, at: number): Token | null {
  const mark = text[at] ?? '';
  if (mark !== '' && '[]{},:'.includes(mark)) return { isString: false, mark, end: at + 1 };
  const isString = mark === '"';
  const end = isString ? endOfString(text, at + 1) : endOf(word, text, at);
  return end === null ? null : { isString, mark: undefined, end };
}

/** A loop and no pattern: the text may be as long as the file. */
function endOfString(text: string, from: number): number | null {
  let at = from;
  while (at < text.length && text.charCodeAt(at) >= 0x20) {
    if (text[at] === '"') return at + 1;
    if (text[at] !== '\\') at++;
    else {
      const end = endOf(escaped, text, at + 1);
      if (end === null) return null;
      at = end;
    }
  }
  return null;
}

interface Token {
  readonly isString: boolean;
  /** One of `[]{},:`; absent for a value. */
  readonly mark: string | undefined;
  readonly end: number;
}

/** What may come after the token, or null where the token may not come. */
function follow(expected: Expected, { isString, mark }: Token, open: string[]): Expected | null {
  const isValueExpected = expected === 'value' || expected === 'first value';
  const isKeyExpected = expected === 'key' || expected === 'first key';
  const afterValue = () => (open.length > 0 ? 'comma' : 'end');
  if (mark === undefined) {
    if (isKeyExpected) return isString ? 'colon' : null;
    return isValueExpected ? afterValue() : null;
  }
  if (mark === '[' || mark === '{') {
    if (!isValueExpected) return null;
    open.push(mark);
    return mark === '[' ? 'first value' : 'first key';
  }
  if (mark === ':') return expected === 'colon' ? 'value' : null;
  if (mark === ',') return expected !== 'comma' ? null : open.at(-1) === '[' ? 'value' : 'key';
  const isEmpty = expected === (mark === ']' ? 'first value' : 'first key');
  if (open.at(-1) !== (mark === ']' ? '[' : '{') || !(isEmpty || expected === 'comma')) return null;
  open.pop();
  return afterValue();
}

function placeAt(text: string, index: number): Place {
  const before = text.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}
