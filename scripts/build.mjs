// Bundles src/ into dist/: one small entry for the command, one for the library, and chunks that load when needed.
// `--types` also writes the library's type declarations.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const root = fileURLToPath(new URL('..', import.meta.url));

// Not by its command, which tells whoever has Node 20 to upgrade.
await build({ cwd: root, logLevel: 'warn' });
chmodSync(join(root, 'dist/cli.js'), 0o755);
if (process.argv.includes('--types')) {
  const { status } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
