/** `regional-manager@dach` counts in one region, `regional-manager` everywhere. */
export function parseGrant(text: string): { role: string; region: string | undefined } {
  const at = text.indexOf('@');
  return at < 0
    ? { role: text, region: undefined }
    : { role: text.slice(0, at), region: text.slice(at + 1) };
}
