/** Tables as text (RFC 4180) that a spreadsheet reads as text: nothing in them is a formula. */

/**
 * What begins like a formula gets an apostrophe before it (OWASP, CSV Injection), also after white
 * space, which spreadsheets skip. Numbers stay numbers.
 */
const formulaStart = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;
const plainNumber = /^-?[0-9]+(?:\.[0-9]+)?$/;

function cell(value: string): string {
  const safe = formulaStart.test(value) && !plainNumber.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** With a byte-order mark, so that every spreadsheet reads it as UTF-8. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
