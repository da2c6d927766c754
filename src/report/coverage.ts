import type { ScanResult } from './model.ts';

/**
 * How much of the image the findings speak for: `none` when no advisory was looked at, `partial` when packages were
 * not covered or something could not be read or decided, else `full`. "No vulnerabilities" is only true of `full`.
 */
export function coverageOf(result: ScanResult): 'none' | 'partial' | 'full' {
  if (result.findings === undefined || (result.advisories?.feeds.length ?? 0) === 0) {
    return result.packages.length === 0 && result.findings !== undefined ? coverageByDiagnostics(result) : 'none';
  }
  return (result.advisories?.uncovered.length ?? 0) > 0 ? 'partial' : coverageByDiagnostics(result);
}

function coverageByDiagnostics(result: ScanResult): 'partial' | 'full' {
  return result.diagnostics.some((diagnostic) => diagnostic.severity !== 'info') ? 'partial' : 'full';
}
