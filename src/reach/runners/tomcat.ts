import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { folderEdges } from '../java/class-path.ts';
import type { Edge, Invocation } from '../model.ts';
import { findProgram } from '../programs.ts';
import type { World } from '../world.ts';
import type { Runner } from './runner.ts';

/** Tomcat's start scripts, which find Java and the class path by themselves; Debian's have a folder of their own. */
export const tomcatRunner: Runner = {
  id: 'tomcat',
  programs: /^(?:catalina\.sh|startup\.sh|tomcat-start\.sh)$/,
  run: (invocation, program, world) => {
    const { environment, folder } = invocation;
    const home = homeFolder(program, environment, world);
    const base = environment.get('CATALINA_BASE') ?? baseFolder(home, world);
    const { from: _from, ...rest } = invocation;
    const jars = ['bootstrap.jar', 'tomcat-juli.jar'].map((name) => joinPath(home, `bin/${name}`));
    const argv = [
      '-cp',
      jars.join(':'),
      `-Dcatalina.home=${home}`,
      `-Dcatalina.base=${base}`,
      'org.apache.catalina.startup.Bootstrap',
      'start',
    ];
    const runs = javaPrograms(environment, folder, world).map(
      (java): Invocation => ({ ...rest, argv: [java, ...argv], kind: 'command', certain: false }),
    );
    return { runs, edges: [...new Set([home, base])].flatMap((one) => serverEdges(one, world)) };
  },
};

function homeFolder(program: ImagePath, environment: ReadonlyMap<string, string>, { tree }: World): ImagePath {
  const named = environment.get('CATALINA_HOME');
  if (named !== undefined) return named;
  const real = tree.find(program)?.path ?? program;
  const version = /\/(tomcat\d*)\//.exec(real)?.[1];
  const own = parentPath(parentPath(real));
  return tree.findFile(joinPath(own, 'bin/bootstrap.jar')) === undefined && version !== undefined
    ? `/usr/share/${version}`
    : own;
}

function baseFolder(home: ImagePath, { tree }: World): ImagePath {
  const own = /^\/usr\/share\/(tomcat\d+)$/.exec(home)?.[1];
  return own !== undefined && tree.findFolder(`/var/lib/${own}`) !== undefined ? `/var/lib/${own}` : home;
}

function javaPrograms(
  environment: ReadonlyMap<string, string>,
  folder: ImagePath,
  { tree }: World,
): readonly ImagePath[] {
  const homes = ['JRE_HOME', 'JAVA_HOME'].flatMap((name) => environment.get(name) ?? []);
  const installed = tree.list('/usr/lib/jvm').map(({ path }) => path);
  const found = [...homes, '/usr/lib/jvm/default-java'].map((one) => joinPath(one, 'bin/java'));
  const searched = findProgram('java', folder, environment, tree);
  const [first] = [
    ...found,
    ...(searched === undefined ? [] : [searched]),
    ...installed.map((one) => joinPath(one, 'bin/java')),
  ].filter((path) => tree.findFile(path) !== undefined);
  return first === undefined ? [] : [first];
}

/** Libraries, settings, web applications and the folders that are written to, each of which may be a link. */
function serverEdges(folder: ImagePath, world: World): readonly Edge[] {
  return world.tree
    .list(folder)
    .filter(({ path }) => !/\/(?:logs|work|temp)$/.test(path))
    .flatMap(({ path }): readonly Edge[] => [
      { to: path, kind: 'folder', detail: folder, certain: false },
      ...(world.tree.findFolder(path) === undefined ? [] : folderEdges(path, world)),
    ])
    .concat(
      ['logs', 'work', 'temp'].map((name) => ({
        to: joinPath(folder, name),
        kind: 'data',
        detail: 'written',
        certain: false,
      })),
    );
}
