// Installs what is missing (`npm install`, since `npm ci` asks of a lock the binaries of platforms that are not published) and builds what is old, so that `npm test`, `npm run demo` and `npm run bench` work on a
// fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Cinzel needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

if (isOlder('node_modules/.package-lock.json', ['package-lock.json']))
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund']);
if (isOlder('dist/cli.js', ['src', 'package.json', 'tsdown.config.ts', 'scripts/build.mjs'])) {
  run(process.execPath, ['scripts/build.mjs']);
}

/** Whether a file is missing or older than one of its sources. */
function isOlder(made, sources) {
  const path = join(root, made);
  if (!existsSync(path)) return true;
  const { mtimeMs } = statSync(path);
  return sources.some((source) => newest(join(root, source)) > mtimeMs);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] });
  if (status !== 0) process.exit(status ?? 1);
}
