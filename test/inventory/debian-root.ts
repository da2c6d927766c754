import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeRootImage } from './made-root.ts';

/** What is made once stays here, out of version control. */
const store = join(import.meta.dirname, '../../.bench');

/** Languages with many packages each, another architecture, static linking: what an inventory must get right. */
const packages =
  'npm,webpack,eslint,gulp,mocha,python3-pip,python3-flask,python3-django,python3-requests,python3-yaml,' +
  'python3-cryptography,perl,ruby,git,curl,vim-tiny,gettext,golang-docker-credential-helpers,libc6:i386';

/** A package in each state besides the plain one: on hold, removed but configured, unpacked but not configured. */
const hooks = [
  'echo "curl hold" | chroot "$1" dpkg --set-selections',
  'chroot "$1" dpkg --remove --force-depends vim-tiny',
  'chroot "$1" sh -c "cd /tmp && apt-get download -q hello && dpkg --unpack hello*.deb && rm hello*.deb"',
];

const suite = 'bookworm';

const options = [
  '--variant=apt',
  '--architectures=amd64,i386',
  '--dpkgopt=force-unsafe-io',
  ...['doc/*', 'man/*', 'locale/*', 'info/*'].map((path) => `--dpkgopt=path-exclude=/usr/share/${path}`),
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
  '--aptopt=Acquire::Languages "none"',
  ...hooks.map((hook) => `--customize-hook=${hook}`),
  `--include=${packages}`,
];

/** An image of more than 600 Debian packages. */
export interface DebianRoot {
  readonly reference: string;
  /** Its dpkg database, for dpkg-query. */
  readonly database: string;
  /** The folder of Debian's Python packages. */
  readonly python: string;
}

/** Makes it from the host's own package sources, or gives the one that was made before. */
export async function debianRoot(): Promise<DebianRoot> {
  const identity = createHash('sha256')
    .update(JSON.stringify([suite, options]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(store, `debian-root-${identity}`);
  if (!existsSync(folder)) await make(folder);
  return {
    reference: `docker-archive:${join(folder, 'image.tar')}`,
    database: join(folder, 'var/lib/dpkg'),
    python: join(folder, 'python/usr/lib/python3/dist-packages'),
  };
}

async function make(folder: string): Promise<void> {
  mkdirSync(store, { recursive: true });
  const place = mkdtempSync(join(store, 'making-'));
  try {
    const python = join(place, 'python');
    mkdirSync(python);
    const extract = `--customize-hook=tar -C "$1" -cf - ./usr/lib/python3/dist-packages | tar -C '${python}' -xf -`;
    await makeRootImage(place, suite, [...options, extract]);
    renameSync(place, folder);
  } catch (error) {
    rmSync(place, { recursive: true, force: true });
    throw error;
  }
}
