import { feedNeeds } from '../advisories/update.ts';
import { compareDiagnostics, type Diagnostic, type Report } from '../core/diagnostics.ts';
import type { Finding, Reachability } from '../findings/model.ts';
import { countFindings, countPackages } from '../findings/summary.ts';
import type { Image, Platform } from '../image/model.ts';
import type { Inventory } from '../inventory/model.ts';
import type { ImageSummary, ScanResult } from '../report/model.ts';
import { version } from '../version.ts';
import { type BaseSetting, findBase, refuseWithoutBase } from './find-base.ts';
import { imageSummary } from './image-summary.ts';
import { inspect } from './inspect.ts';
import { judge } from './judge.ts';
import { matchInventory } from './match-inventory.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import { knownAnswers, reachAnswers } from './reach.ts';
import { refreshStore } from './refresh-store.ts';
import type { Toolbox } from './toolbox.ts';

/** What is known of a target before anybody asks about vulnerabilities. */
interface Inspected {
  readonly image: ImageSummary;
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
  readonly key?: string;
  /** What reach says about packages, where it was computed. */
  readonly answers?: ReadonlyMap<string, Reachability>;
}

/** Tells what is in an image, or in an SBOM. */
export async function takeSbom(
  reference: string,
  toolbox: Toolbox,
  platform = wantedPlatform(toolbox),
): Promise<ScanResult> {
  return toResult(await inspectReference(reference, toolbox, { platform, needs: ['base'] }), toolbox);
}

/** Tells what is in an image, or in an SBOM, and which known vulnerabilities that has. */
export async function scan(
  reference: string,
  toolbox: Toolbox,
  platform = wantedPlatform(toolbox),
): Promise<ScanResult> {
  const inspected = await inspectReference(reference, toolbox, {
    platform,
    needs: ['base', 'only-base', 'ignore-base'],
  });
  const { packages, distribution } = inspected.inventory;
  const { base } = inspected.image;
  const refreshed = await refreshStore(feedNeeds(packages, distribution), toolbox);
  const matched = await matchInventory(inspected.inventory, inspected.key, refreshed, toolbox);
  const diagnostics = [...inspected.diagnostics, ...refreshed.diagnostics, ...matched.diagnostics];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const findings = await judge(withReachability(matched.findings, inspected), packages, {
    toolbox,
    report,
    ...(base === undefined ? {} : { baseLayers: base.layers }),
  });
  const result = toResult({ ...inspected, diagnostics }, toolbox);
  return {
    ...result,
    findings,
    summary: { ...result.summary, ...countFindings(findings) },
    advisories: matched.advisories,
  };
}

interface InspectOptions {
  readonly platform: Platform | undefined;
  readonly needs: readonly BaseSetting[];
}

async function inspectReference(
  reference: string,
  toolbox: Toolbox,
  { platform, needs }: InspectOptions,
): Promise<Inspected> {
  const opened = await openReference(reference, toolbox, { platform });
  if (opened.kind === 'sbom') return inspectSbom(reference, opened.path, toolbox, needs);
  const { image } = opened;
  try {
    const diagnostics: Diagnostic[] = [];
    const base = await findBase(image, toolbox, {
      report: (diagnostic) => void diagnostics.push(diagnostic),
      needs,
    });
    const inspection = await inspect(image, toolbox);
    const reach = await reachOf(image, inspection.inventory, toolbox);
    diagnostics.push(...inspection.diagnostics, ...reach.diagnostics);
    return { ...inspection, ...reach, image: imageSummary(image, inspection, base), diagnostics };
  } finally {
    await image.close();
  }
}

/** Reach when it is asked for; else what is known of it from before. */
async function reachOf(
  image: Image,
  inventory: Inventory,
  toolbox: Toolbox,
): Promise<Pick<Inspected, 'answers' | 'diagnostics'>> {
  if (toolbox.configuration.get('reach')) return reachAnswers(image, inventory, toolbox);
  const answers = await knownAnswers(image, toolbox);
  return { diagnostics: [], ...(answers === undefined ? {} : { answers }) };
}

function withReachability(findings: readonly Finding[], { answers }: Inspected): readonly Finding[] {
  if (answers === undefined) return findings;
  return findings.map((finding) => ({ ...finding, reachable: answers.get(finding.packageId) ?? finding.reachable }));
}

async function inspectSbom(
  reference: string,
  path: string,
  toolbox: Toolbox,
  needs: readonly BaseSetting[],
): Promise<Inspected> {
  refuseWithoutBase(path, toolbox, needs);
  const { readSbomFile } = await import('./read-sbom-file.ts');
  const inventory = await readSbomFile(path, toolbox.context.limits);
  const { distribution } = inventory;
  const os = distribution && {
    id: distribution.id,
    ...(distribution.versionId === undefined ? {} : { versionId: distribution.versionId }),
    ...(distribution.prettyName === undefined ? {} : { prettyName: distribution.prettyName }),
  };
  const image: ImageSummary = {
    reference,
    name: path,
    platform: 'unknown',
    ...(os === undefined ? {} : { os }),
    size: 0,
    layers: [],
    config: {},
    surface: inventory.surface,
  };
  return { image, inventory, diagnostics: inventory.diagnostics };
}

function toResult({ image, inventory, diagnostics }: Inspected, { context }: Toolbox): ScanResult {
  return {
    schemaVersion: 1,
    tool: { name: 'cinzel', version },
    createdAt: context.now().toISOString(),
    image,
    packages: inventory.packages,
    history: inventory.history,
    summary: { packages: countPackages(inventory.packages) },
    diagnostics: [...diagnostics].sort(compareDiagnostics),
  };
}
