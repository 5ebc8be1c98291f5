/**
 * Postgres arrays of one dimension as postgres.js types. The driver can ask each new connection for
 * them, but dies where nobody can catch when that connection is lost meanwhile; these are known here.
 */
const textOf = (value: unknown): string => value as string;

interface Element {
  readonly oid: number;
  readonly parse: (text: string) => unknown;
  readonly write: (value: unknown) => string;
}

const elements: Readonly<Record<string, Element>> = {
  bool: {
    oid: 1000,
    parse: (text: string) => text === 't',
    write: (value: unknown) => (value ? 't' : 'f'),
  },
  int4: { oid: 1007, parse: Number, write: String },
  text: { oid: 1009, parse: textOf, write: textOf },
  varchar: { oid: 1015, parse: textOf, write: textOf },
  int8: { oid: 1016, parse: BigInt, write: String },
  date: { oid: 1182, parse: textOf, write: textOf },
  instant: {
    oid: 1185,
    parse: Date.parse,
    write: (value: unknown) => new Date(value as number).toISOString(),
  },
  uuid: { oid: 2951, parse: textOf, write: textOf },
};

/** For the `types` of the driver. */
export const arrayTypes = Object.fromEntries(
  Object.entries(elements).map(([name, { oid, parse, write }]) => [
    `${name}Array`,
    {
      to: oid,
      from: [oid],
      serialize: (values: readonly unknown[]) => arrayText(values, write),
      parse: (text: string) => parsedArray(text, parse),
    },
  ]),
);

/** `{"a","b \"c\"",NULL}`: every element in quotes, so that none is taken for anything else. */
function arrayText(values: readonly unknown[], write: (value: unknown) => string): string {
  const cells = values.map((value) =>
    value === null || value === undefined
      ? 'NULL'
      : `"${write(value).replaceAll(/["\\]/g, (mark) => `\\${mark}`)}"`,
  );
  return `{${cells.join(',')}}`;
}

function parsedArray<T>(text: string, parse: (text: string) => T): (T | null)[] {
  const values: (T | null)[] = [];
  const cell = /"((?:[^"\\]|\\.)*)"|([^",{}]+)/gsy;
  for (let at = 1; text[at] !== '}' && at < text.length; at = cell.lastIndex + 1) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (!found) throw new Error('an array of more than one dimension is not read');
    const [, quoted, plain] = found;
    if (plain === 'NULL') values.push(null);
    else values.push(parse(quoted?.replaceAll(/\\(.)/gs, '$1') ?? plain ?? ''));
  }
  return values;
}
