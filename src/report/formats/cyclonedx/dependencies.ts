import { compareText } from '../../../core/compare-text.ts';
import type { Package } from '../../../inventory/model.ts';
import type { ScanResult } from '../../model.ts';
import { packageReference, systemReference } from './components.ts';

const systemTypes: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm']);

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

/**
 * The dependency graph: the image needs its operating system and the packages of languages that no other needs, the
 * operating system its own packages that no other needs, and packages what their managers say.
 */
export function createDependencies(result: ScanResult, imageReference: string): readonly Dependency[] {
  const known = new Set(result.packages.map((item) => item.id));
  const needed = new Set(result.packages.flatMap((item) => (item.dependsOn ?? []).filter((id) => id !== item.id)));
  const tops = result.packages.filter((item) => !needed.has(item.id));
  const hasSystem = result.image.os !== undefined;
  const ofSystem = (item: Package): boolean => hasSystem && systemTypes.has(item.type);
  return [
    edges(imageReference, [
      ...(hasSystem ? [systemReference] : []),
      ...tops.filter((item) => !ofSystem(item)).map((item) => packageReference(item.id)),
    ]),
    ...(hasSystem
      ? [
          edges(
            systemReference,
            tops.filter(ofSystem).map((item) => packageReference(item.id)),
          ),
        ]
      : []),
    ...result.packages.map((item) =>
      edges(
        packageReference(item.id),
        (item.dependsOn ?? []).filter((id) => known.has(id) && id !== item.id).map(packageReference),
      ),
    ),
  ];
}

function edges(ref: string, targets: readonly string[]): Dependency {
  return { ref, dependsOn: [...new Set(targets)].toSorted(compareText) };
}
