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

/** Every node of a tree, parents first. */
export function* nodesOf(root: AnyNode): Generator<AnyNode> {
  const pending: AnyNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    const children: AnyNode[] = [];
    for (const value of Object.values(node) as readonly unknown[]) {
      if (isNode(value)) children.push(value);
      else if (Array.isArray(value))
        for (const item of value as readonly unknown[]) if (isNode(item)) children.push(item);
    }
    for (const child of children.reverse()) pending.push(child);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
