import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** An official schema from the folder beside the repository, where there is one; undefined otherwise. */
export function sharedSchema(name: string): Record<string, unknown> | undefined {
  const path = fileURLToPath(new URL(`../../../../shared/schemas/${name}`, import.meta.url));
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : undefined;
}
