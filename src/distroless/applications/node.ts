import { asObject, asString, isObject, type JsonObject, parseJson } from '../../core/json.ts';
import type { ApplicationKind, LaidApplication, Project } from './application.ts';
import { applicationFault, ignoredPaths, mainOf, placeOf, requireProject, statOf, textOf } from './project-files.ts';

const usualMains = ['index.js', 'server.js', 'app.js', 'main.js', 'index.mjs', 'server.mjs'];

/**
 * An application for Node.js: the project with its `node_modules` as they are, without what npm noted as being there
 * for development only. Nothing is installed and no script is run.
 */
export const nodeApplication: ApplicationKind = { base: async () => 'nodejs:nonroot', lay };

async function lay(project: Project): Promise<LaidApplication> {
  const target = project.to ?? '/app';
  if (!(await requireProject(project)).isDirectory()) return layScript(project, target);
  const manifest = await readJson(project, 'package.json');
  if (manifest === undefined)
    throw applicationFault({ kind: 'other', path: placeOf(project), expected: 'package.json' });
  await requireInstalled(project, manifest);
  const main = await mainOf(project, [...statedMains(manifest), ...usualMains]);
  const ignore = ignoredPaths(project, ['node_modules/.cache', ...(await developmentPackages(project))]);
  return {
    document: {
      files: [{ copy: project.path, to: target, ignore }],
      workdir: target,
      env: { NODE_ENV: 'production' },
      ...(main === undefined ? {} : { entrypoint: ['/usr/bin/node'], cmd: [main] }),
    },
    checks: [
      { kind: 'program', path: '/usr/bin/node' },
      { kind: 'extensions', folder: target },
    ],
  };
}

function layScript(project: Project, target: string): LaidApplication {
  const name = project.path.slice(project.path.lastIndexOf('/') + 1);
  return {
    document: {
      files: [{ copy: project.path, to: `${target}/` }],
      workdir: target,
      env: { NODE_ENV: 'production' },
      entrypoint: ['/usr/bin/node'],
      cmd: [name],
    },
    checks: [{ kind: 'program', path: '/usr/bin/node' }],
  };
}

async function readJson(project: Project, name: string): Promise<JsonObject | undefined> {
  const text = await textOf(project, name);
  return text === undefined ? undefined : asObject(parseJson(text, placeOf(project, name)));
}

/** What the project says that it starts with: the script "start" where it is no more than a file, else "main". */
function statedMains(manifest: JsonObject): readonly string[] {
  const start = asString(asObject(manifest['scripts'])?.['start']) ?? '';
  const [, script] = /^node\s+(?!-)(\S+)\s*$/.exec(start.trim()) ?? [];
  const main = asString(manifest['main']);
  const named = [script, main].filter((one) => one !== undefined);
  return named.flatMap((name) => [name, `${name}.js`, `${name}/index.js`]);
}

async function requireInstalled(project: Project, manifest: JsonObject): Promise<void> {
  const names = Object.keys(asObject(manifest['dependencies']) ?? {});
  const missing: string[] = [];
  for (const name of names) {
    if ((await statOf(project, `node_modules/${name}`))?.isDirectory() !== true) missing.push(name);
  }
  if (missing.length === 0) return;
  throw applicationFault({ kind: 'not-installed', path: placeOf(project), missing, command: 'npm ci --omit=dev' });
}

/** npm's own note of what it installed (docs.npmjs.com, package-lock.json, "Hidden Lockfiles"). */
async function developmentPackages(project: Project): Promise<readonly string[]> {
  const packages = asObject((await readJson(project, 'node_modules/.package-lock.json'))?.['packages']) ?? {};
  return Object.entries(packages)
    .filter(([path, note]) => path.startsWith('node_modules/') && isObject(note) && note['dev'] === true)
    .map(([path]) => path.replace(/[*?[\]{}()!+@\\]/g, '\\$&'));
}
