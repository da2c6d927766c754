import { baseName, type ImagePath } from '../../core/path.ts';
import { applicationNeeds } from '../dotnet/application.ts';
import { findInstallation, hasHost, type Installation, installationOf } from '../dotnet/host.ts';
import type { Needs } from '../model.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** Options of the host that take a value. */
const valued =
  /^--(?:depsfile|runtimeconfig|fx-version|additionalprobingpath|additional-deps|roll-forward|roll-forward-on-no-candidate-fx)$/;

/** `dotnet [host options] app.dll`, `dotnet exec … app.dll`; anything else is a command of the SDK, which may build. */
export const dotnetRunner: Runner = {
  id: '.NET',
  programs: /^dotnet$/,
  run: async ({ argv, environment, folder }, program, world) => {
    const installation = await installationFor(program, environment, world);
    const words = argv[1] === 'exec' ? argv.slice(2) : argv.slice(1);
    const at = words.findIndex((word, index) => !word.startsWith('-') && !valued.test(words[index - 1] ?? ''));
    const assembly = absolutePath(words[at] ?? '', folder);
    const isAssembly = assembly !== undefined && /\.(?:dll|exe)$/i.test(baseName(assembly));
    if (!isAssembly) return wholeInstallation(installation.root, program);
    return applicationNeeds({ assembly }, installation, environment, world);
  },
};

/** A `dotnet` that stands apart from its installation is a script or a launcher that finds it. */
async function installationFor(
  program: ImagePath,
  environment: ReadonlyMap<string, string>,
  world: World,
): Promise<Installation> {
  const own = installationOf(program, world);
  return hasHost(own.root, world) ? own : ((await findInstallation(environment, world)) ?? own);
}

function wholeInstallation(root: string, program: string): Needs {
  return {
    edges: [{ to: root, kind: 'module', detail: '.NET SDK', certain: false, whole: true }],
    undecided: [{ problem: 'language', detail: program }],
  };
}
