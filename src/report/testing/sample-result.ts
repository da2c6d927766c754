import { compareText } from '../../core/compare-text.ts';
import { sha256 } from '../../core/digest.ts';
import type { LayerSummary, ScanResult } from '../model.ts';
import { sampleFindings } from './sample-findings.ts';
import { hostileNames, sampleHistory, samplePackages } from './sample-packages.ts';

const steps: readonly { readonly createdBy?: string; readonly size: number }[] = [
  { createdBy: `/bin/sh -c #(nop) ADD file:${'4b'.repeat(32)} in / `, size: 77_815_296 },
  {
    createdBy:
      '/bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends curl git openssl; \trm -rf /var/lib/apt/lists/*',
    size: 98_566_144,
  },
  { createdBy: 'COPY /usr/local/ /usr/local/ # buildkit', size: 121_634_816 },
  { createdBy: 'WORKDIR /app', size: 1_536 },
  { createdBy: 'RUN /bin/sh -c npm ci --omit=dev # buildkit', size: 44_040_192 },
  { createdBy: `COPY . . # buildkit ${hostileNames.ansi} ${hostileNames.markup}`, size: 2_621_440 },
  { size: 9_437_184 },
];

const layers: readonly LayerSummary[] = steps.map((step, index) => ({
  index,
  digest: sha256(`blob ${index}`),
  diffId: sha256(`layer ${index}`),
  size: step.size,
  compressedSize: Math.round(step.size / 2.6),
  ...(step.createdBy === undefined ? {} : { createdBy: step.createdBy }),
  verified: index === 0 ? 'cache' : 'read',
}));

/**
 * A scan that has one of everything a report must show: several package types and layers, findings of every severity,
 * fix state and verdict, packages that others own or that are gone, hostile names, and parts that were not covered.
 */
export const sampleResult: ScanResult = {
  schemaVersion: 1,
  tool: { name: 'cinzel', version: '0.1.0' },
  createdAt: '2031-05-20T09:30:00.000Z',
  image: {
    reference: 'docker-archive:shop.tar',
    name: 'registry.example.com/shop/web:3.1',
    digest: sha256('manifest'),
    id: sha256('configuration'),
    platform: 'linux/amd64',
    os: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
    base: { name: 'debian:12', digest: sha256('base'), layers: 1 },
    size: layers.reduce((total, layer) => total + layer.size, 0),
    layers,
    config: {
      user: '',
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['node', 'server.js'],
      env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'NODE_ENV=production'],
      exposedPorts: ['8080/tcp'],
      workingDir: '/app',
      labels: { 'org.opencontainers.image.source': 'https://example.com/shop', hostile: hostileNames.markup },
    },
    surface: {
      shells: ['/usr/bin/bash', '/usr/bin/dash'],
      packageManagers: ['/usr/bin/apt', '/usr/bin/dpkg', '/usr/local/bin/npm'],
      downloaders: ['/usr/bin/curl', '/usr/bin/git'],
      setuid: ['/usr/bin/chsh', '/usr/bin/passwd', '/usr/bin/su'],
      executables: 1_204,
      files: 23_911,
    },
  },
  packages: samplePackages.toSorted(
    (a, b) =>
      compareText(a.type, b.type) ||
      compareText(a.name, b.name) ||
      compareText(a.version, b.version) ||
      compareText(a.id, b.id),
  ),
  history: sampleHistory,
  findings: sampleFindings.toSorted((a, b) => compareText(a.packageId, b.packageId) || compareText(a.id, b.id)),
  summary: {
    packages: { deb: 17, generic: 1, golang: 1, npm: 10, pypi: 4 },
    vulnerabilities: { critical: 3, high: 5, medium: 5, low: 4, negligible: 1, unknown: 3 },
    fixable: 13,
    suppressed: 2,
  },
  advisories: {
    feeds: [
      { id: 'debian-archive', part: 'bookworm', updatedAt: '2031-05-20T08:00:00.000Z', records: 214 },
      { id: 'osv', part: 'PyPI', updatedAt: '2031-05-17T04:00:00.000Z', records: 15_800 },
      { id: 'osv', part: 'npm', updatedAt: '2031-05-19T04:00:00.000Z', records: 19_200 },
    ],
    uncovered: [{ ecosystem: 'generic', reason: 'no feed has records of this kind', packages: 1 }],
  },
  diagnostics: [
    {
      code: 'feed.unreachable',
      severity: 'warning',
      parameters: { feed: 'osv:Go', problem: 'nothing-listens' },
    },
    {
      code: 'package.malformed',
      severity: 'warning',
      parameters: { cataloger: 'node-modules', problem: { kind: 'no-name', text: hostileNames.ansi } },
      path: `/app/node_modules/${hostileNames.markup}/package.json`,
      layer: 5,
    },
  ],
};

const { findings: _, advisories: __, ...inventory } = sampleResult;

/** The same image as `sbom` sees it: no findings, no advisories. */
export const sampleSbom: ScanResult = { ...inventory, summary: { packages: sampleResult.summary.packages } };
