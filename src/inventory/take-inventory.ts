import type { Context } from '../core/context.ts';
import { compareDiagnostics, type Diagnostic, type Report } from '../core/diagnostics.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { Cataloger } from './cataloger.ts';
import { resolveDependencies } from './dependencies.ts';
import { type Details, type FoundPackage, readDetails } from './details.ts';
import { findDistribution } from './distribution.ts';
import { type EvidenceOptions, readEvidence } from './evidence.ts';
import type { Inventory, Package } from './model.ts';
import { comparePackages, isDistributionType } from './package-id.ts';
import { unpackFiles } from './packed-files.ts';
import { attributePackages } from './timeline.ts';

/**
 * Finds all packages of an image: those that the merged filesystem has, and those that only earlier layers had.
 *
 * 1. Each cataloger reads its evidence files, in every version that a layer wrote (`evidence.ts`).
 * 2. From the versions follows which layer brought a package and what became of it (`timeline.ts`).
 * 3. Packages that are present are detailed: files, licences, owners; and the attack surface is measured (`details.ts`).
 * 4. What packages say that they depend on is looked for among those that are present (`dependencies.ts`).
 */
export async function takeInventory(
  filesystem: Filesystem,
  catalogers: readonly Cataloger[],
  context: Context,
): Promise<Inventory> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const distribution = await findDistribution(filesystem, report);
  const options = { filesystem, distribution, report, context };
  const found = await findPackages(catalogers, options);
  const present = found.filter(({ fate }) => fate.kind === 'present');
  const details = await readDetails(present, options);
  const packages = describePresent(present, details);
  const history = found.filter(({ fate }) => fate.kind !== 'present').map(describe);
  if (distribution === undefined && packages.some(({ type }) => isDistributionType(type))) {
    report({ code: 'distribution.unknown', severity: 'warning', parameters: {} });
  }
  return {
    ...(distribution === undefined ? {} : { distribution }),
    packages: packages.toSorted(comparePackages),
    history: history.sort(comparePackages),
    surface: details.surface,
    diagnostics: diagnostics.sort(compareDiagnostics),
    files: async () => unpackFiles(details.files),
    packedFiles: details.files,
  };
}

async function findPackages(
  catalogers: readonly Cataloger[],
  options: EvidenceOptions,
): Promise<readonly FoundPackage[]> {
  const found: FoundPackage[] = [];
  for (const cataloger of catalogers) {
    const timelines = await readEvidence(cataloger, options);
    for (const attributed of attributePackages(timelines)) found.push({ ...attributed, cataloger });
  }
  return found;
}

function describe({ id, found, layer, fate, evidence }: FoundPackage): Package {
  const { location: _location, evidence: _evidence, dependencies: _needs, provides: _provides, ...rest } = found;
  return { ...rest, id, licenses: found.licenses ?? [], layer, fate, evidence };
}

function describePresent(present: readonly FoundPackage[], { byId, owners }: Details): readonly Package[] {
  const dependencies = resolveDependencies(
    present.map(({ id, found }) => ({ id, found, locations: byId.get(id)?.dependencyLocations })),
  );
  return present.map((one) => {
    const { dependencyLocations: _locations, ...detail } = byId.get(one.id) ?? {};
    const dependsOn = dependencies.get(one.id);
    const ownedBy = one.evidence.map(({ path }) => owners.get(path)).find((owner) => owner !== undefined);
    return {
      ...describe(one),
      ...detail,
      ...(dependsOn === undefined ? {} : { dependsOn }),
      ...(ownedBy === undefined || ownedBy === one.id ? {} : { ownedBy }),
    };
  });
}
