import { z } from 'zod';
import { recipeSchema } from './schema.ts';

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys that may stand at a place of a recipe. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let nodes: readonly SchemaNode[] = alternatives(recipeJsonSchema());
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

/** The JSON Schema of a recipe, for editors and other tools. */
export function recipeJsonSchema(): SchemaNode & Readonly<Record<string, unknown>> {
  return z.toJSONSchema(recipeSchema, { io: 'input' }) as SchemaNode & Readonly<Record<string, unknown>>;
}
