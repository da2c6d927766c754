// The main job on real input: makes a naive application image from the Debian archive, and scans it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createToolbox, layPackages, resolveConfiguration } from '../dist/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const file = 'demo/image.tar';
mkdirSync('demo', { recursive: true });
const packages = JSON.parse(readFileSync(join(root, 'scripts/demo-packages.json'), 'utf8'));

const server = `const { createServer } = require('node:http');
const semver = require('semver');
createServer((_, response) => response.end('Hello, semver ' + semver.SEMVER_SPEC_VERSION)).listen(8080);
`;

/** The files of a folder as entries of a layer. */
function* filesOf(folder, name) {
  for (const child of readdirSync(folder).sort()) {
    const path = join(folder, child);
    if (statSync(path).isDirectory()) yield* filesOf(path, `${name}/${child}`);
    else yield fileEntry(`${name}/${child}`, readFileSync(path));
  }
}

function fileEntry(name, content) {
  return { header: { name, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 0 }, content };
}

console.log('1. Making a naive application image from Debian 12 as it was released, without security updates …');
const environment = process.env;
const toolbox = createToolbox({ configuration: resolveConfiguration({ environment }), environment });
try {
  await layPackages(
    {
      suite: packages.suite,
      architecture: 'amd64',
      file,
      tag: 'demo',
      config: {
        Entrypoint: ['node', '/app/server.js'],
        WorkingDir: '/app',
        ExposedPorts: { '8080/tcp': {} },
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      },
      layers: [
        {
          createdBy: 'ADD debian:bookworm /',
          packages: packages.base,
        },
        {
          createdBy: `RUN apt-get install -y ${packages.tools.join(' ')}`,
          packages: packages.tools,
        },
        { createdBy: `RUN apt-get install -y ${packages.runtime.join(' ')}`, packages: packages.runtime },
        {
          createdBy: 'COPY . /app',
          files: [
            fileEntry('app/server.js', Buffer.from(server)),
            fileEntry(
              'app/package.json',
              Buffer.from('{"name":"demo","version":"1.0.0","dependencies":{"semver":"*"}}'),
            ),
            ...filesOf(join(root, 'node_modules/semver'), 'app/node_modules/semver'),
          ],
        },
      ],
    },
    toolbox,
  );
} catch (error) {
  if (!/^(environment)/.test(error.code ?? '')) throw error;
  console.error(`No Debian archive could be used (${error.code} ${JSON.stringify(error.parameters)}).`);
  console.error('Set CINZEL_MIRROR to one, or scan an image of your own: node dist/cli.js scan IMAGE');
  process.exit(3);
} finally {
  await toolbox.close();
}

console.log(
  '2. Scanning it: no Docker, no account, no vulnerability service; the Debian archive itself tells what was fixed.\n',
);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'dist/cli.js'),
    'scan',
    file,
    '--feeds',
    'debian-archive',
    '-o',
    'table',
    '-o',
    'html=demo/report.html',
    '-o',
    'json=demo/scan.json',
  ],
  { stdio: 'inherit', env: { ...environment, CINZEL_DB_DIR: environment.CINZEL_DB_DIR ?? join(root, 'demo/db') } },
);
if (status !== 0) process.exit(status ?? 1);
spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'sbom', file, '-o', 'cyclonedx=demo/sbom.cdx.json'], {
  stdio: 'inherit',
});
console.log(
  '\nOpen demo/report.html in a browser; demo/sbom.cdx.json is the inventory, demo/scan.json the whole answer.',
);
