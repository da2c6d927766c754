import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseMirrors, readHostSources } from '../../src/repositories/apt/mirrors.ts';

const run = promisify(execFile);
/** What is made once stays here, out of version control. */
const store = join(import.meta.dirname, '../../.bench');

/** Languages with many packages each, other architectures, static linking: what an inventory must get right. */
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

/** A root filesystem of more than 600 Debian packages, as its archive and as an image of one layer. */
export interface DebianRoot {
  readonly tar: string;
  /** Reference of an image in the form that Docker saves. */
  readonly image: string;
  /** Its dpkg database, for dpkg-query. */
  readonly database: string;
  /** The folder of Debian's Python packages. */
  readonly python: string;
}

/** Whether it can be made here; in continuous integration it must be. */
export function canMakeDebianRoot(): boolean {
  const missing = ['mmdebstrap', 'dpkg-query'].some((tool) => spawnSync(tool, ['--version']).status !== 0);
  return process.env['CI'] !== undefined || (!missing && hostMirror() !== undefined);
}

function hostMirror(): string | undefined {
  const given = process.env['CINZEL_MIRROR'];
  const { main, origin } = chooseMirrors({ given, hostSources: readHostSources(), now: new Date() });
  return origin === 'public' ? undefined : main;
}

/** Makes it from the host's own package sources, or gives the one that was made before. */
export async function debianRoot(): Promise<DebianRoot> {
  const identity = createHash('sha256')
    .update([suite, packages, ...hooks].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const folder = join(store, `debian-root-${identity}`);
  if (!existsSync(folder)) await make(folder);
  return {
    tar: join(folder, 'root.tar'),
    image: `docker-archive:${join(folder, 'image.tar')}`,
    database: join(folder, 'var/lib/dpkg'),
    python: join(folder, 'usr/lib/python3/dist-packages'),
  };
}

async function make(folder: string): Promise<void> {
  mkdirSync(store, { recursive: true });
  const place = mkdtempSync(join(store, 'making-'));
  const tar = join(place, 'root.tar');
  await run('mmdebstrap', [
    `--mode=${process.getuid?.() === 0 ? 'root' : 'unshare'}`,
    '--variant=apt',
    '--architectures=amd64,i386',
    '--dpkgopt=force-unsafe-io',
    ...['doc/*', 'man/*', 'locale/*', 'info/*'].map((path) => `--dpkgopt=path-exclude=/usr/share/${path}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    '--aptopt=Acquire::Languages "none"',
    ...hooks.map((hook) => `--customize-hook=${hook}`),
    `--include=${packages}`,
    suite,
    tar,
    `deb ${hostMirror()} ${suite} main`,
  ]);
  await run('tar', ['-xf', tar, '-C', place, './var/lib/dpkg', './usr/lib/python3/dist-packages']);
  await writeImage(place);
  renameSync(place, folder);
}

/** Puts the archive into a Docker archive, the way `docker save` does. */
async function writeImage(place: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(join(place, 'root.tar'))) hash.update(part as Buffer);
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`] },
    history: [{ created_by: 'mmdebstrap' }],
  };
  const manifest = [{ Config: 'config.json', RepoTags: ['debian-root:latest'], Layers: ['root.tar'] }];
  writeFileSync(join(place, 'config.json'), JSON.stringify(config));
  writeFileSync(join(place, 'manifest.json'), JSON.stringify(manifest));
  await run('tar', ['-cf', join(place, 'image.tar'), '-C', place, 'manifest.json', 'config.json', 'root.tar']);
}
