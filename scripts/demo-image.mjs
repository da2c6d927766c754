// Makes the demo's naive application image from the Debian archive: `node scripts/demo-image.mjs FILE`.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createToolbox, layPackages, resolveConfiguration } from '../dist/index.js';
import { manifest, server } from './demo-app.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [file] = process.argv.slice(2);
const packages = JSON.parse(readFileSync(join(root, 'scripts/demo-packages.json'), 'utf8'));

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
            fileEntry('app/package.json', Buffer.from(manifest)),
            ...filesOf(join(root, 'node_modules/semver'), 'app/node_modules/semver'),
          ],
        },
      ],
    },
    toolbox,
  );
} catch (error) {
  if (!/^(environment)/.test(error.code ?? '')) throw error;
  const { url, problem, status, what } = error.parameters;
  const said = problem ?? (status === undefined ? 'not found' : `it answers ${status}`);
  console.error(`The demo needs a Debian archive, and none could be used: ${url ?? what ?? ''}: ${said}.`);
  console.error('  Name one that answers here: CINZEL_MIRROR=URL npm run demo');
  console.error('  Or scan an image of your own: node dist/cli.js scan docker-archive:FILE (or oci:FOLDER, or a name)');
  process.exit(3);
} finally {
  await toolbox.close();
}
