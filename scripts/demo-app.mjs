// The demo's application: a server for Node.js that uses one package.

import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const server = `const { createServer } = require('node:http');
const semver = require('semver');
createServer((_, response) => response.end('Hello, semver ' + semver.SEMVER_SPEC_VERSION)).listen(8080);
`;

export const manifest = '{"name":"demo","version":"1.0.0","main":"server.js","dependencies":{"semver":"*"}}';

/** Writes it as a project, with its package installed from the checkout's own. */
export function writeApplication(folder, root) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'server.js'), server);
  writeFileSync(join(folder, 'package.json'), manifest);
  cpSync(join(root, 'node_modules/semver'), join(folder, 'node_modules/semver'), { recursive: true });
}
