/** Within its loop: `handoff.read_back` is `read_back`, and `practice.verify/DE`, which says where, `verify`. */
export function taskName(kind: string): string {
  const [named = ''] = kind.split('/');
  return named.slice(named.lastIndexOf('.') + 1);
}
