// Writes schemas/scan.schema.json from the schema that reads saved scans (src/report/scan-schema.ts).
import { writeFile } from 'node:fs/promises';
import { tsImport } from 'tsx/esm/api';

const { scanJsonSchema } = await tsImport('../src/report/scan-schema.ts', import.meta.url);
const output = new URL('../schemas/scan.schema.json', import.meta.url);
await writeFile(output, `${JSON.stringify(scanJsonSchema(), undefined, 2)}\n`);
