/**
 * Where somebody was going, if that is a page of ours; else the first one. A browser reads `//host`,
 * `/\host` and control characters as an address elsewhere, so the path is resolved as it would be.
 */
export function localPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith('/') || wanted.length > pathLengthMax) return '/';
  const base = 'https://here.invalid';
  const url = URL.parse(wanted, base);
  if (url === null || url.origin !== base) return '/';
  const path = `${url.pathname}${url.search}`;
  return path.startsWith('//') || path.startsWith('/auth/') ? '/' : path;
}

const pathLengthMax = 500;
