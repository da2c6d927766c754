// The image that is measured: Debian packages from the archive and npm packages from the registry, made once.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { copy, createToolbox, layPackages, resolveConfiguration } from '../../dist/index.js';

const options = { allPlatforms: false, referrers: false };
const suite = 'bookworm';
/** Above 500 packages and, with the application, about 1 GB. */
const layers = [
  ['base-files', 'base-passwd', 'bash', 'coreutils', 'dpkg', 'apt', 'findutils', 'grep', 'sed', 'tar', 'gzip'],
  ['build-essential', 'git', 'curl', 'openssl', 'ca-certificates', 'python3-pip', 'python3-numpy'],
  ['npm', 'ruby-full', 'php-cli', 'nginx', 'imagemagick'],
  ['postgresql', 'redis-server'],
];
/** A real application of more than a thousand npm packages. */
const application = { name: 'measured', version: '1.0.0', dependencies: { 'react-scripts': '5.0.1' } };

/** Makes what is missing in a folder and returns the paths of one image in two forms. */
export async function makeInputs(folder) {
  mkdirSync(folder, { recursive: true });
  const plain = join(folder, 'image.docker.tar');
  const gzip = join(folder, 'image.oci.tar');
  const laid = join(folder, 'laid.oci.tar');
  if (existsSync(plain) && existsSync(gzip)) return { plain, gzip };
  const modules = installApplication(join(folder, 'application'));
  const environment = process.env;
  const toolbox = createToolbox({ configuration: resolveConfiguration({ environment }), environment });
  try {
    await whole(laid, (file) =>
      layPackages(
        {
          suite,
          architecture: 'amd64',
          file,
          tag: 'bench',
          config: { Entrypoint: ['node', '/app/server.js'], WorkingDir: '/app' },
          layers: [
            ...layers.map((packages) => ({ createdBy: `RUN apt-get install ${packages.join(' ')}`, packages })),
            { createdBy: 'COPY . /app', files: [...filesOf(modules, 'app')] },
          ],
        },
        toolbox,
      ),
    );
    await whole(plain, (file) => copy(`oci-archive:${laid}`, `docker-archive:${file}`, options, toolbox));
    await whole(gzip, (file) =>
      copy(`oci-archive:${laid}`, `oci-archive:${file}`, { ...options, compression: 'gzip' }, toolbox),
    );
  } finally {
    await toolbox.close();
  }
  return { plain, gzip };
}

/** A file is there whole or not at all, so that an interrupted run is not measured later. */
async function whole(file, write) {
  await write(`${file}.part`);
  renameSync(`${file}.part`, file);
}

function installApplication(folder) {
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return folder;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(application));
  const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('npm could not install the measured application');
  return folder;
}

function* filesOf(folder, name) {
  for (const child of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, child.name);
    const header = { name: `${name}/${child.name}`, uid: 0, gid: 0, size: 0, mtime: 0 };
    if (child.isSymbolicLink())
      yield { header: { ...header, type: 'symlink', mode: 0o777, link: readlinkSync(path) }, content: Buffer.alloc(0) };
    else if (child.isDirectory()) yield* filesOf(path, `${name}/${child.name}`);
    else {
      const content = readFileSync(path);
      const mode = statSync(path).mode & 0o777;
      yield { header: { ...header, type: 'file', mode, size: content.length }, content };
    }
  }
}
