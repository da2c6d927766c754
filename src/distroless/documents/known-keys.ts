import { type ZodType, z } from 'zod';

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys that may stand at a place of a document. */
export function keysAt(schema: ZodType, path: readonly PropertyKey[]): readonly string[] {
  let nodes: readonly SchemaNode[] = alternatives(documentJsonSchema(schema));
  for (const part of path) {
    nodes = nodes
      .flatMap((node) => (typeof part === 'number' ? node.items : node.properties?.[String(part)]) ?? [])
      .flatMap(alternatives);
  }
  return [...new Set(nodes.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(alternatives);
}

/** The JSON Schema of a document, for editors and other tools. */
export function documentJsonSchema(schema: ZodType): SchemaNode & Readonly<Record<string, unknown>> {
  return z.toJSONSchema(schema, { io: 'input' }) as SchemaNode & Readonly<Record<string, unknown>>;
}
