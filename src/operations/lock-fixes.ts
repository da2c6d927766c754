import { readChangelogs } from '../advisories/feeds/debian-archive/read-changelogs.ts';
import type { Report } from '../core/diagnostics.ts';
import type { Lock, LockedPackage } from '../distroless/lock/model.ts';
import { sourceUpgrades } from '../distroless/lock/source-changes.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { obtainPackage } from './obtain-package.ts';
import { recipeMirrors } from './recipe-mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** What the change of a source package's version fixes. */
export interface SourceFixes {
  readonly source: string;
  readonly before: string;
  readonly after: string;
  /** CVEs that the changelog entries in between say they fix, by id. */
  readonly fixes: readonly string[];
}

/**
 * The CVEs that are fixed from one lock to the next, as the changelogs inside the new packages tell: by the rules of
 * the feed `debian-archive`. Sources whose changelog cannot be had are reported.
 */
export async function lockFixes(
  { before, after, recipe }: { readonly before: Lock; readonly after: Lock; readonly recipe: Recipe },
  report: Report,
  toolbox: Toolbox,
): Promise<readonly SourceFixes[]> {
  const upgrades = sourceUpgrades(before, after);
  const locked = new Map(upgrades.flatMap(({ binaries }) => binaries.map((one) => [one.sha256, one] as const)));
  const mirrors = recipeMirrors(recipe, toolbox);
  const archive = {
    newest: () => undefined,
    fetch: async function* ({ sha256 }: Pick<LockedPackage, 'sha256'>): AsyncGenerator<Uint8Array> {
      const wanted = locked.get(sha256);
      if (wanted !== undefined) yield await obtainPackage(wanted, mirrors, toolbox);
    },
  };
  const wanted = upgrades.map(({ source, before: installed, after: version, binaries }) => ({
    source,
    installed,
    newest: { version, binaries },
  }));
  const analyses = await readChangelogs(wanted, archive, { context: toolbox.context, cache: await toolbox.cache() });
  return upgrades.map(({ source, before: was, after: is }, index) => {
    const analysis = analyses[index];
    if (analysis === undefined) {
      report({ code: 'changelog.missing', severity: 'warning', parameters: { source, version: is } });
    } else if (analysis.cutAt !== undefined) {
      const parameters = { source, version: is, oldest: analysis.cutAt };
      report({ code: 'changelog.cut', severity: 'warning', parameters });
    }
    return { source, before: was, after: is, fixes: (analysis?.fixes ?? []).map(({ id }) => id) };
  });
}
