import type { ApplicationKind, LaidApplication, Project } from './application.ts';
import { applicationFault, ignoredPaths, mainOf, namesIn, placeOf, requireProject, textOf } from './project-files.ts';

const usualMains = ['main.rb', 'app.rb', 'server.rb'];
const bundles = 'vendor/bundle/ruby';

/** An application in Ruby: the project with the gems that Bundler put into `vendor/bundle`. */
export const rubyApplication: ApplicationKind = { base: async () => 'ruby:nonroot', lay };

async function lay(project: Project): Promise<LaidApplication> {
  const target = project.to ?? '/app';
  if (!(await requireProject(project)).isDirectory()) {
    const name = project.path.slice(project.path.lastIndexOf('/') + 1);
    const files = [{ copy: project.path, to: `${target}/` }];
    return { document: { files, workdir: target, entrypoint: ['/usr/bin/ruby'], cmd: [name] }, checks: [] };
  }
  const version = (await namesIn(project, bundles)).find((name) => /^\d+\.\d+\.\d+$/.test(name));
  if (version === undefined) await refuseWithoutGems(project);
  const main = await mainOf(project, usualMains);
  const gems = version === undefined ? {} : { GEM_HOME: `${target}/${bundles}/${version}` };
  return {
    document: {
      files: [{ copy: project.path, to: target, ignore: ignoredPaths(project, [`${bundles}/*/cache`, 'log', 'tmp']) }],
      workdir: target,
      env: gems,
      ...(main === undefined ? {} : { entrypoint: ['/usr/bin/ruby'], cmd: [main] }),
    },
    checks:
      version === undefined
        ? []
        : [
            {
              kind: 'runtime',
              path: `${target}/${bundles}`,
              language: 'ruby',
              version: version.split('.').slice(0, 2).join('.'),
            },
            { kind: 'extensions', folder: target },
          ],
  };
}

async function refuseWithoutGems(project: Project): Promise<void> {
  const gemfile = (await textOf(project, 'Gemfile')) ?? '';
  const missing = [...gemfile.matchAll(/^\s*gem\s+['"]([^'"]+)/gm)].map(([, name = '']) => name);
  if (missing.length === 0) return;
  const command = 'bundle config set --local path vendor/bundle && bundle install';
  throw applicationFault({ kind: 'not-installed', path: placeOf(project), missing, command });
}
