// Writes schemas/build.schema.json from the schema that reads recipes (src/distroless/recipe/schema.ts).
import { writeFile } from 'node:fs/promises';
import { tsImport } from 'tsx/esm/api';

const { recipeJsonSchema } = await tsImport('../src/distroless/recipe/known-keys.ts', import.meta.url);
const output = new URL('../schemas/build.schema.json', import.meta.url);
await writeFile(output, `${JSON.stringify(recipeJsonSchema(), undefined, 2)}\n`);
