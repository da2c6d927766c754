// Bundles src/ into dist/: one small entry for the command, one for the library, and chunks that load when needed.
// `--types` also writes the library's type declarations.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = (name) => join(root, 'node_modules/.bin', name);

run(binary('tsdown'), ['--logLevel', 'warn']);
chmodSync(join(root, 'dist/cli.js'), 0o755);
if (process.argv.includes('--types')) run(binary('tsc'), ['-p', 'tsconfig.types.json']);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
