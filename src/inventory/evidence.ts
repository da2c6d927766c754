import type { Context } from '../core/context.ts';
import type { Diagnostic, Report } from '../core/diagnostics.ts';
import type { ImagePath } from '../core/path.ts';
import type { FileEntry, Filesystem, PathChange } from '../filesystem/model.ts';
import type { CatalogedPackage, Cataloger } from './cataloger.ts';
import { inBatches } from './in-batches.ts';
import type { Distribution } from './model.ts';
import type { EvidenceTimeline, EvidenceVersion } from './timeline.ts';

export interface EvidenceOptions {
  readonly filesystem: Filesystem;
  readonly distribution: Distribution | undefined;
  readonly report: Report;
  readonly context: Context;
}

/** What a cataloger finds in every version of every file that it selects. */
export async function readEvidence(
  cataloger: Cataloger,
  options: EvidenceOptions,
): Promise<readonly EvidenceTimeline[]> {
  const paths = options.filesystem.touched(cataloger.selects);
  const timelines: EvidenceTimeline[] = [];
  const read = async (path: ImagePath): Promise<EvidenceTimeline> => ({
    path,
    cataloger: cataloger.id,
    versions: await readVersions(path, cataloger, options),
  });
  for await (const timeline of inBatches(paths, options.context.signal, read)) timelines.push(timeline);
  return timelines;
}

async function readVersions(
  path: ImagePath,
  cataloger: Cataloger,
  options: EvidenceOptions,
): Promise<readonly EvidenceVersion[]> {
  const changes = options.filesystem.changes(path);
  const versions: EvidenceVersion[] = [];
  for (const change of changes) {
    // Of a file that ten layers wrote, what is wrong with it is said once.
    const report = change === changes.at(-1) ? options.report : () => {};
    const packages =
      change.kind === 'removed' ? [] : await readVersion(path, change, cataloger, { ...options, report });
    versions.push({ layer: change.layer, packages });
  }
  return [...versions, ...replacement(path, changes.at(-1), options.filesystem)];
}

/** A file that became a link or a folder proves nothing any more. */
function replacement(
  path: ImagePath,
  last: PathChange | undefined,
  filesystem: Filesystem,
): readonly EvidenceVersion[] {
  const now = filesystem.get(path);
  const isFile = now?.type === 'file' || now?.type === 'hardlink';
  return last?.kind !== 'written' || isFile ? [] : [{ layer: now?.layer ?? last.layer, packages: [] }];
}

async function readVersion(
  path: ImagePath,
  { entry, layer }: { readonly entry: FileEntry; readonly layer: number },
  cataloger: Cataloger,
  { filesystem, distribution, report }: EvidenceOptions,
): Promise<readonly CatalogedPackage[]> {
  const limit = cataloger.maximumBytes;
  if (limit !== undefined && entry.size > limit) {
    report({ code: 'file.too-large', severity: 'warning', parameters: { size: entry.size, limit }, path, layer });
    return [];
  }
  const bytes = await filesystem.readVersion(path, layer);
  if (bytes === undefined) return [];
  const view = { filesystem: filesystem.at(layer + 1), distribution, report: located(report, path, layer) };
  const found = await cataloger.catalog({ path, bytes }, view);
  return found.filter((one) => hasName(one, cataloger, view.report));
}

/** A namespace alone (`@scope/`, `group:`) is no name that a manager, a package URL or an advisory could mean. */
function hasName({ name }: CatalogedPackage, cataloger: Cataloger, report: Report): boolean {
  if (!/[/:]$/.test(name)) return true;
  const parameters = { cataloger: cataloger.id, problem: { kind: 'no-name', text: name.slice(0, 80) } } as const;
  report({ code: 'package.malformed', severity: 'warning', parameters });
  return false;
}

/** So many complaints about one file are enough to see what is wrong with it. */
const complaintsPerFile = 20;

/** Adds path and layer, and stops listening to a file that has nothing right. */
function located(report: Report, path: ImagePath, layer: number): Report {
  let count = 0;
  return (diagnostic: Diagnostic) => {
    if (count++ < complaintsPerFile) report({ path, layer, ...diagnostic });
  };
}
