/** What somebody wrote themselves in a reply: without what they answer to, and without a signature. */

/** Where mail programs put what is answered to, or a signature (RFC 3676, 4.3), beneath the words. */
const beneath = [
  /^-- ?$/,
  /^_{10,}$/,
  /^-{2,} ?\p{L}[^\n]{0,80}[^-\n]-{2,}$/u,
  /^\*{0,2}-{5,}\*{0,2}$/,
] as const;
const quoted = /^>/;
/** `… wrote:`, `schrieb:`, `写道：`, or the first line of repeated headers, such as `From: …`. */
const introduces = /[:\uFF1A]\s*$|^\*{0,2}\p{L}[\p{L} ]{0,20}\*{0,2}[:\uFF1A]/u;

/** Far more than a comment may have; what lies beyond is somebody's quotation. */
const lengthMax = 100_000;
/** No introduction is longer. */
const lineLengthMax = 500;

/** By which a quotation of ours is introduced. */
export interface Ours {
  readonly name: string;
  readonly addresses: readonly string[];
}

export function ownWords(text: string, ours: Ours): string {
  const lines = text
    .slice(0, lengthMax)
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .split('\n')
    .map((line) => line.trimEnd());
  const end = lines.findIndex(
    (line, index) =>
      line.length <= lineLengthMax &&
      (beneath.some((mark) => mark.test(line)) || isIntroduction(lines, index, ours)),
  );
  const kept = end === -1 ? lines : lines.slice(0, startOf(lines, end));
  // Also where answers stand between the quotations.
  return kept
    .filter((line) => !quoted.test(line))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** With our address; with our name alone only where quoted lines follow, since people say it too. */
function isIntroduction(lines: readonly string[], index: number, ours: Ours): boolean {
  const line = (lines[index] ?? '').toLowerCase();
  if (quoted.test(line) || !introduces.test(line)) return false;
  if (ours.addresses.some((address) => line.includes(address.toLowerCase()))) return true;
  if (!line.includes(ours.name.toLowerCase()) || !/[:\uFF1A]$/.test(line)) return false;
  return quoted.test(lines.slice(index + 1, index + 3).find((one) => one !== '') ?? '');
}

/** A long introduction is broken before the address. */
function startOf(lines: readonly string[], end: number): number {
  const isBroken = /^<?[^\s<]*@/.test(lines[end] ?? '') && (lines[end - 1] ?? '') !== '';
  return isBroken ? end - 1 : end;
}
