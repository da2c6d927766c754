import type { ScanResult } from '../model.ts';
import { sampleResult } from './sample-result.ts';

const noVulnerabilities = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 } as const;

/** An image of nothing: no layer, no package, nothing known about it. */
export const emptyResult: ScanResult = {
  schemaVersion: 1,
  tool: sampleResult.tool,
  createdAt: sampleResult.createdAt,
  image: {
    reference: 'dir:/',
    name: '',
    platform: 'linux/amd64',
    size: 0,
    layers: [],
    config: {},
    surface: { shells: [], packageManagers: [], downloaders: [], setuid: [], executables: 0, files: 0 },
  },
  packages: [],
  history: [],
  findings: [],
  summary: { packages: {}, vulnerabilities: noVulnerabilities, fixable: 0, suppressed: 0 },
  advisories: { feeds: [], uncovered: [] },
  diagnostics: [],
};

/** The sample image with every package covered and nothing found. */
export const cleanResult: ScanResult = {
  ...sampleResult,
  findings: [],
  summary: {
    packages: sampleResult.summary.packages,
    vulnerabilities: noVulnerabilities,
    fixable: 0,
    suppressed: 0,
  },
  advisories: { feeds: sampleResult.advisories?.feeds ?? [], uncovered: [] },
  diagnostics: [],
};
