/** Many terms in one text, in time that grows with the text alone (Aho and Corasick, CACM 1975). */

interface Node {
  readonly next: Map<number, Node>;
  /** Terms that end here, by their place in the list. */
  readonly ends: number[];
  /** The node of the longest end of this one that begins a term. */
  fail: Node | null;
}

export interface Found {
  /** Which term, and where it begins. */
  readonly term: number;
  readonly from: number;
}

export type Search = (text: string, isStart: (from: number) => boolean) => readonly Found[];

const emptyNode = (): Node => ({ next: new Map(), ends: [], fail: null });

/** Each term once, at the first place where it may begin; empty terms are found nowhere. */
export function searchFor(terms: readonly string[]): Search {
  const root = emptyNode();
  terms.forEach((term, index) => {
    let node = root;
    for (let at = 0; at < term.length; at++) {
      const unit = term.charCodeAt(at);
      const next = node.next.get(unit) ?? emptyNode();
      node.next.set(unit, next);
      node = next;
    }
    if (node !== root) node.ends.push(index);
  });
  linkFails(root);
  return (text, isStart) => {
    const found = new Map<number, Found>();
    let node = root;
    for (let at = 0; at < text.length; at++) {
      node = follow(root, node, text.charCodeAt(at));
      for (const term of node.ends) {
        const from = at + 1 - (terms[term]?.length ?? 0);
        if (!found.has(term) && isStart(from)) found.set(term, { term, from });
      }
    }
    return [...found.values()];
  };
}

function follow(root: Node, from: Node, unit: number): Node {
  let node: Node | null = from;
  while (node !== null && !node.next.has(unit)) node = node.fail;
  return node?.next.get(unit) ?? root;
}

/** Breadth first, so that each node's shorter ends are linked before it; they end where it ends. */
function linkFails(root: Node): void {
  const queue: Node[] = [...root.next.values()];
  for (const child of queue) child.fail = root;
  for (const node of queue) {
    for (const [unit, child] of node.next) {
      child.fail = follow(root, node.fail ?? root, unit);
      child.ends.push(...child.fail.ends);
      queue.push(child);
    }
  }
}
