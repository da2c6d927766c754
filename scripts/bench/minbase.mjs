// What mmdebstrap makes of the packages of a lock.
import { existsSync, readFileSync } from 'node:fs';
import { run } from './measure.mjs';

const candidates = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'];

/** The archives that this host's apt takes packages from, as apt sources of another suite; undefined where there are none. */
export function sources(suite = 'trixie') {
  const file = candidates.find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const addresses = readFileSync(file, 'utf8').match(/^(?:URIs:|deb)\s.*?https?:\S+/gm) ?? [];
  const all = addresses.map((line) => line.slice(line.indexOf('http')).replace(/\/$/, ''));
  const security = all.find((address) => address.endsWith('-security'));
  const main = all.find((address) => address !== security);
  if (main === undefined) return undefined;
  const lines = [`deb ${main} ${suite} main`, `deb ${main} ${suite}-updates main`];
  return security === undefined ? lines : [...lines, `deb ${security} ${suite}-security main`];
}

/** Names of the packages in a lock, of its one architecture. */
export function packagesOf(lock) {
  const { architectures } = JSON.parse(readFileSync(lock, 'utf8'));
  return Object.values(architectures)[0].packages.map(({ name }) => name);
}

/** Makes a root filesystem of the smallest base that apt runs in, and the packages; a tar archive where the target ends so. */
export function bootstrap(packages, target, suite = 'trixie') {
  return mmdebstrap([], { packages, target, suite });
}

/** Reads the indexes and chooses what that would install, and no more. */
export function resolve(packages, suite = 'trixie') {
  return mmdebstrap(['--simulate'], { packages, target: '/dev/null', suite });
}

function mmdebstrap(options, { packages, target, suite }) {
  const include = packages.length === 0 ? [] : [`--include=${packages.join(',')}`];
  const words = ['--variant=minbase', '--quiet', ...options, ...include, suite, target, ...(sources(suite) ?? [])];
  return run('mmdebstrap', words);
}
