import { type ImagePath, parentPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge, Needs } from '../model.ts';
import type { World } from '../world.ts';
import { dependencyFiles } from './dependencies.ts';
import { allFrameworkEdges, frameworkEdges } from './frameworks.ts';
import { hostEdges, type Installation } from './host.ts';
import { icuEdges } from './icu.ts';
import { type RuntimeConfig, readRuntimeConfig } from './runtime-config.ts';

/** The detail of the edge to the assembly that is run. */
export const ownAssembly = 'assembly';

/** What is run: an assembly with its settings beside it, or one whose settings an executable holds. */
export interface Application {
  readonly assembly: ImagePath;
  readonly bundled?: string;
}

/**
 * What running an application needs: its host and frameworks, as its settings say, and the assemblies and native
 * libraries that it was published with. One that brings its runtime needs no installation.
 */
export async function applicationNeeds(
  application: Application,
  installation: Installation | undefined,
  environment: ReadonlyMap<string, string>,
  world: World,
): Promise<Needs> {
  const stem = application.assembly.replace(/\.(?:dll|exe)$/i, '');
  const settings = `${stem}.runtimeconfig.json`;
  const text = application.bundled ?? (await world.tree.readText(settings));
  const config = text === undefined ? undefined : readRuntimeConfig(text);
  const isInvariant = config?.isInvariant === true || isOn(environment.get('DOTNET_SYSTEM_GLOBALIZATION_INVARIANT'));
  const hooks = (environment.get('DOTNET_STARTUP_HOOKS') ?? '').split(':').filter((path) => path.startsWith('/'));
  return {
    edges: [
      ...(application.bundled === undefined ? await publishedEdges(application.assembly, stem, world) : []),
      ...hooks.map((to) => assemblyEdge(to, 'DOTNET_STARTUP_HOOKS')),
      ...(installation === undefined ? [] : await installedEdges(installation, config, environment, world)),
      ...(isInvariant ? [] : icuEdges(world)),
    ],
    undecided:
      installation !== undefined && config === undefined
        ? [{ problem: 'unreadable', detail: settings, language: 'dotnet' }]
        : [],
  };
}

/** The host and the frameworks; all of them where the settings cannot be read. */
async function installedEdges(
  { root, edges }: Installation,
  config: RuntimeConfig | undefined,
  environment: ReadonlyMap<string, string>,
  world: World,
): Promise<readonly Edge[]> {
  const frameworks =
    config === undefined
      ? await allFrameworkEdges(root, world)
      : await frameworkEdges(root, config.frameworks, environment, world);
  return [...edges, ...hostEdges(root, world), ...frameworks];
}

/** The assembly, its settings, and what is listed as published with it; without a list, what the folder holds. */
async function publishedEdges(assembly: ImagePath, stem: string, world: World): Promise<readonly Edge[]> {
  const list = `${stem}.deps.json`;
  const bytes = await world.tree.read(list);
  const listed = bytes === undefined ? undefined : dependencyFiles(bytes, list);
  const files = listed ?? filesBelow(parentPath(assembly), world).filter((path) => /\.(?:dll|so)$/i.test(path));
  return [
    assemblyEdge(assembly, ownAssembly),
    ...[`${stem}.runtimeconfig.json`, list].map((to): Edge => ({ to, kind: 'config', detail: '.NET', certain: false })),
    ...files.map((to) => assemblyEdge(to, listed === undefined ? 'folder' : list)),
  ];
}

/** Nothing says which assemblies a run loads. */
function assemblyEdge(to: ImagePath, detail: string): Edge {
  return { to, kind: 'import', detail, certain: false, language: 'dotnet' };
}

function isOn(value: string | undefined): boolean {
  return value === '1' || value?.toLowerCase() === 'true';
}
