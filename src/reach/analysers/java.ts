import { parentPath } from '../../core/path.ts';
import { archiveEdge, nativeLibraries } from '../java/class-path.ts';
import { desktopEdges } from '../java/home.ts';
import { scanClasses } from '../java/scan-classes.ts';
import { machineFolders } from '../machine-folders.ts';
import { type Analyser, absolutePath } from '../world.ts';

/**
 * Archives and classes of Java. What is on the class path is kept whole, so that it does not matter how classes are
 * found in it; what they need outside it are other archives, native libraries, and what draws.
 */
export const java: Analyser = {
  id: 'java',
  version: 1,
  takes: ({ path, languages }) => languages.has('java') && /\.(?:[jw]ar|class)$/i.test(path),
  analyse: async ({ path, bytes }, world) => {
    const scan = scanClasses(await bytes(), path);
    const archives = scan.archives.flatMap((name) => absolutePath(decoded(name), parentPath(path)) ?? []);
    return {
      edges: [
        ...archives.map((to) => archiveEdge(to, 'Class-Path')),
        ...(scan.usesDesktop || !scan.understood ? desktopEdges(world) : []),
        ...nativeLibraries(scan.libraries, world, machineFolders(world.tree)),
      ],
      undecided: scan.understood ? [] : [{ problem: 'unreadable', detail: 'Java archive', language: 'java' }],
    };
  },
};

/** Manifests hold relative URLs. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
