// Writes schemas/build.schema.json and schemas/contract.schema.json from the schemas that read these documents.
import { writeFile } from 'node:fs/promises';
import { tsImport } from 'tsx/esm/api';

const load = (path) => tsImport(`../src/distroless/${path}`, import.meta.url);
const { documentJsonSchema } = await load('documents/known-keys.ts');
const { recipeSchema } = await load('recipe/schema.ts');
const { contractSchema } = await load('contract/schema.ts');
for (const [name, schema] of [
  ['build', recipeSchema],
  ['contract', contractSchema],
]) {
  const output = new URL(`../schemas/${name}.schema.json`, import.meta.url);
  await writeFile(output, `${JSON.stringify(documentJsonSchema(schema), undefined, 2)}\n`);
}
