import { open } from 'node:fs/promises';
import type { RecipeDocument } from '../recipe/schema.ts';
import type { ApplicationKind, LaidApplication, Project } from './application.ts';
import {
  applicationFault,
  ignoredPaths,
  mainOf,
  namesIn,
  placeOf,
  requireProject,
  statOf,
  textOf,
} from './project-files.ts';

const usualMains = ['__main__.py', 'main.py', 'app.py', 'server.py', 'manage.py'];
const usualEnvironments = ['.venv', 'venv', 'env'];

/**
 * An application in Python: the project with its virtual environment, whose links to the interpreter and whose scripts
 * are made to fit the image. Installers and compiled caches are left out.
 */
export const pythonApplication: ApplicationKind = { base: async () => 'python3:nonroot', lay };

async function lay(project: Project): Promise<LaidApplication> {
  const target = project.to ?? '/app';
  if (!(await requireProject(project)).isDirectory()) return layScript(project, target);
  const environment = await findEnvironment(project);
  const main = await mainOf(project, usualMains);
  const place = environment && `${target}/${environment.name}`;
  const ignore = ignoredPaths(project, ['**/__pycache__', '.pytest_cache', '.mypy_cache', '.tox']);
  const document: RecipeDocument = {
    files: [
      { copy: project.path, to: target, ignore: [...ignore, ...(environment?.leftOut ?? [])] },
      ...(environment === undefined
        ? []
        : await environmentFiles(project, environment, `${target}/${environment.name}`)),
    ],
    workdir: target,
    env: {
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      ...(place === undefined ? {} : { VIRTUAL_ENV: place }),
    },
    ...(main === undefined
      ? {}
      : { entrypoint: [place === undefined ? '/usr/bin/python3' : `${place}/bin/python`], cmd: [main] }),
  };
  if (environment === undefined || place === undefined) return { document, checks: [] };
  const { version } = environment;
  return {
    document,
    checks: [
      { kind: 'runtime', path: place, language: 'python', version },
      { kind: 'extensions', folder: place },
    ],
  };
}

function layScript(project: Project, target: string): LaidApplication {
  const name = project.path.slice(project.path.lastIndexOf('/') + 1);
  const files = [{ copy: project.path, to: `${target}/` }];
  return { document: { files, workdir: target, entrypoint: ['/usr/bin/python3'], cmd: [name] }, checks: [] };
}

interface Environment {
  /** Relative to the project. */
  readonly name: string;
  /** `3.11`. */
  readonly version: string;
  readonly systemPackages: boolean;
  readonly leftOut: readonly string[];
}

async function findEnvironment(project: Project): Promise<Environment | undefined> {
  for (const name of usualEnvironments) {
    const text = await textOf(project, `${name}/pyvenv.cfg`);
    if (text === undefined) continue;
    // `version` is what venv writes, `version_info` what virtualenv and uv do.
    const [, version] = /^version(?:_info)?\s*=\s*(\d+\.\d+)/m.exec(text) ?? [];
    if (version === undefined) {
      throw applicationFault({ kind: 'other', path: placeOf(project, name), expected: 'pyvenv.cfg: version = …' });
    }
    const systemPackages = /^include-system-site-packages\s*=\s*true/im.test(text);
    return { name, version, systemPackages, leftOut: leftOut(name) };
  }
  await refuseWithoutEnvironment(project);
  return undefined;
}

/** What installs packages, and what is written anew for the image. */
function leftOut(name: string): readonly string[] {
  const packages = `${name}/lib/python*/site-packages`;
  return [
    `${packages}/pip`,
    `${packages}/pip-*.dist-info`,
    `${name}/bin/{python,python3,python3.*,pip*,activate*,Activate*}`,
    `${name}/{include,lib64,share/man,.gitignore,CACHEDIR.TAG,pyvenv.cfg}`,
  ];
}

async function refuseWithoutEnvironment(project: Project): Promise<void> {
  const requirements = (await textOf(project, 'requirements.txt')) ?? '';
  const names = requirements.split('\n').filter((line) => /^[A-Za-z0-9]/.test(line.trim()));
  if (names.length === 0) return;
  const missing = names.map((line) => line.trim().split(/[\s;]/)[0] ?? line);
  const command = 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt';
  throw applicationFault({ kind: 'not-installed', path: placeOf(project), missing, command });
}

type WrittenFiles = NonNullable<RecipeDocument['files']>;

/** The links, the note and the scripts of an environment as they would be, had it been made in the image. */
async function environmentFiles(project: Project, environment: Environment, place: string): Promise<WrittenFiles> {
  const { name, version, systemPackages } = environment;
  const interpreter = `/usr/bin/python${version}`;
  const note = [
    'home = /usr/bin',
    `include-system-site-packages = ${systemPackages}`,
    `version = ${version}`,
    `executable = ${interpreter}`,
  ];
  return [
    { text: note.map((line) => `${line}\n`).join(''), to: `${place}/pyvenv.cfg` },
    ...['python', 'python3', `python${version}`].map((link) => ({ symlink: interpreter, to: `${place}/bin/${link}` })),
    ...(await scripts(project, name, place)),
  ];
}

/** Scripts name the interpreter of the folder that the environment was made in. */
async function scripts(project: Project, name: string, place: string): Promise<WrittenFiles> {
  const made: WrittenFiles = [];
  for (const script of await namesIn(project, `${name}/bin`)) {
    const path = `${name}/bin/${script}`;
    if (/^(python|pip|activate|Activate)/.test(script) || !(await isScript(project, path))) continue;
    const text = await textOf(project, path);
    const own = text?.replace(/^#!\s*\S*\/bin\/python[\d.]*/, `#!${place}/bin/python`);
    if (own !== undefined && own !== text) made.push({ text: own, to: `${place}/bin/${script}`, mode: '0755' });
  }
  return made;
}

async function isScript(project: Project, path: string): Promise<boolean> {
  if ((await statOf(project, path))?.isFile() !== true) return false;
  const file = await open(placeOf(project, path));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1', 0, bytesRead) === '#!';
  } finally {
    await file.close();
  }
}
