import { type AnyNode, type Options, type Program, parse } from 'acorn';

const common: Options = {
  ecmaVersion: 'latest',
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowSuperOutsideMethod: true,
};

/** The syntax tree of a module or script, whichever of the two it is; undefined when it is neither. */
export function parseJavaScript(text: string): Program | undefined {
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return parse(text, { ...common, sourceType });
    } catch {
      // What is no module may be a sloppy script; what is neither is told by the answer.
    }
  }
  return undefined;
}

/** Visits every node of a tree in the order of the text, parents first. As a generator it would cost as much as parsing. */
export function visitNodes(root: AnyNode, visit: (node: AnyNode) => void): void {
  const pending: AnyNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    visit(node);
    const parts = node as unknown as Readonly<Record<string, unknown>>;
    const first = pending.length;
    for (const name of Object.keys(parts)) pushNodes(parts[name], pending);
    reverseFrom(pending, first);
  }
}

function reverseFrom(list: AnyNode[], first: number): void {
  for (let low = first, high = list.length - 1; low < high; low++, high--) {
    [list[low], list[high]] = [list[high] as AnyNode, list[low] as AnyNode];
  }
}

function pushNodes(value: unknown, pending: AnyNode[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) for (const item of value as readonly unknown[]) pushNodes(item, pending);
  else if ('type' in value && typeof value.type === 'string') pending.push(value as AnyNode);
}
