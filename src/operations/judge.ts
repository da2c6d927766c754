import type { Report } from '../core/diagnostics.ts';
import { applyBaseline } from '../findings/baseline.ts';
import { filterFindings } from '../findings/filter.ts';
import { applyIgnoreRules } from '../findings/ignore/apply.ts';
import { readIgnoreRules } from '../findings/ignore/ignore-rules.ts';
import { loadForeignRules, loadIgnoreFile } from '../findings/ignore/load.ts';
import type { Finding } from '../findings/model.ts';
import { parseSeverity } from '../findings/severities.ts';
import type { Package } from '../inventory/model.ts';
import { readSavedScan } from './read-saved-scan.ts';
import type { Toolbox } from './toolbox.ts';

export interface JudgeOptions {
  readonly toolbox: Toolbox;
  readonly report: Report;
  /** How many of the first layers are the base image's, once that is known. */
  readonly baseLayers?: number;
}

/** What the user's rules make of findings: ignored ones are suppressed, then those that were not asked for are left out. */
export async function judge(
  findings: readonly Finding[],
  packages: readonly Package[],
  { toolbox, report, baseLayers }: JudgeOptions,
): Promise<readonly Finding[]> {
  const { configuration, context, ignoreRules, folder } = toolbox;
  const own = ignoreRules === undefined ? [] : readIgnoreRules(ignoreRules.path, ignoreRules.items);
  const named = await Promise.all((configuration.get('ignore-file') ?? []).map((path) => loadIgnoreFile(path, report)));
  const rules = [...own, ...(await loadForeignRules(folder, report)), ...named.flat()];
  const judged = await applyIgnoreRules(findings, packages, rules, { now: context.now(), report });
  const baseline = configuration.get('baseline');
  const fresh =
    baseline === undefined ? judged : applyBaseline(judged, await readBaseline(baseline, toolbox), baseline);
  return chosenFindings(ofBase(fresh, baseLayers, toolbox), toolbox);
}

/** What `--severity` and `--only-fixed` leave. Throws `usage.value` for a severity that does not exist. */
export function chosenFindings(findings: readonly Finding[], { configuration }: Toolbox): readonly Finding[] {
  const severities = configuration.get('severity')?.map((text) => parseSeverity(text, '--severity'));
  return filterFindings(findings, {
    onlyFixed: configuration.get('only-fixed'),
    ...(severities === undefined ? {} : { severities }),
  });
}

async function readBaseline(path: string, { context }: Toolbox): Promise<readonly Finding[]> {
  return (await readSavedScan(path, context.limits)).findings ?? [];
}

function ofBase(
  findings: readonly Finding[],
  baseLayers: number | undefined,
  { configuration }: Toolbox,
): readonly Finding[] {
  if (baseLayers === undefined) return findings;
  if (configuration.get('only-base')) return findings.filter(({ layer }) => layer < baseLayers);
  return configuration.get('ignore-base') ? findings.filter(({ layer }) => layer >= baseLayers) : findings;
}
