import { asObject, parseJson } from '../../core/json.ts';
import type { ApplicationCheck, ApplicationKind, LaidApplication, Project } from './application.ts';
import { applicationFault, ignoredPaths, mainOf, placeOf, requireProject, statOf, textOf } from './project-files.ts';

/** Page controllers are served, anything else is run. */
const controllers = ['public/index.php', 'index.php'];
const usualMains = [...controllers, 'main.php', 'server.php'];

/** An application in PHP: the project with the packages that Composer put into `vendor`. */
export const phpApplication: ApplicationKind = { base: async () => 'php:nonroot', lay };

async function lay(project: Project): Promise<LaidApplication> {
  const target = project.to ?? '/app';
  if (!(await requireProject(project)).isDirectory()) {
    const name = project.path.slice(project.path.lastIndexOf('/') + 1);
    const files = [{ copy: project.path, to: `${target}/` }];
    return { document: { files, workdir: target, entrypoint: ['/usr/bin/php'], cmd: [name] }, checks: [] };
  }
  const required = await requirements(project);
  const packages = required.filter((name) => name.includes('/'));
  if (packages.length > 0 && (await statOf(project, 'vendor/autoload.php')) === undefined) {
    const command = 'composer install --no-dev';
    throw applicationFault({ kind: 'not-installed', path: placeOf(project), missing: packages, command });
  }
  const main = await mainOf(project, usualMains);
  return {
    document: {
      files: [{ copy: project.path, to: target, ignore: ignoredPaths(project) }],
      workdir: target,
      ...(main === undefined ? {} : { entrypoint: ['/usr/bin/php'], cmd: commandOf(main) }),
      ...(main !== undefined && controllers.includes(main) ? { ports: [8080] } : {}),
    },
    checks: await checksOf(project, target, required),
  };
}

function commandOf(main: string): string[] {
  if (!controllers.includes(main)) return [main];
  return ['-S', '0.0.0.0:8080', ...(main.startsWith('public/') ? ['-t', 'public'] : [])];
}

async function requirements(project: Project): Promise<readonly string[]> {
  const text = await textOf(project, 'composer.json');
  if (text === undefined) return [];
  return Object.keys(asObject(asObject(parseJson(text, placeOf(project, 'composer.json')))?.['require']) ?? {});
}

async function checksOf(
  project: Project,
  target: string,
  required: readonly string[],
): Promise<readonly ApplicationCheck[]> {
  const names = required.filter((name) => name.startsWith('ext-')).map((name) => name.slice('ext-'.length));
  // What Composer found when it installed: 80200 for PHP 8.2 (Composer, "platform-check").
  const platform = (await textOf(project, 'vendor/composer/platform_check.php')) ?? '';
  const [, major, minor] = /PHP_VERSION_ID >= (\d+?)0(\d)\d\d\b/.exec(platform) ?? [];
  return [
    ...(major === undefined
      ? []
      : [{ kind: 'runtime', path: target, language: 'php', version: `${major}.${minor}` } as const]),
    ...(names.length === 0 ? [] : [{ kind: 'php-modules', path: target, names } as const]),
  ];
}
