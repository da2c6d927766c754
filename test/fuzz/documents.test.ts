import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { readChanges } from '../../src/advisories/feeds/osv/changes.ts';
import { createRecordReader } from '../../src/advisories/feeds/osv/records.ts';
import { parseBytes } from '../../src/configuration/bytes.ts';
import { readConfigurationFile } from '../../src/configuration/file.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import { parseLock } from '../../src/distroless/lock/read.ts';
import { parseGate } from '../../src/findings/gate.ts';
import { readIgnoreText } from '../../src/findings/ignore/load.ts';
import { english } from '../../src/i18n/en/index.ts';
import { imageLayers, parseImageConfig, parseIndex, parseManifest, readMediaType } from '../../src/image/manifest.ts';
import { parsePlatform, platformsOf, selectPlatform } from '../../src/image/platform.ts';
import { formatRegistryName, parseReference, parseRegistryName } from '../../src/image/reference.ts';
import { parseChallenges } from '../../src/image/registry/challenge.ts';
import { nextPage } from '../../src/image/registry/link.ts';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { formatPurl, parsePurl } from '../../src/inventory/purl.ts';
import { readSbom } from '../../src/inventory/sbom-input.ts';
import { reportFormats } from '../../src/report/formats/index.ts';
import { parseScanResult } from '../../src/report/parse.ts';
import { renderText } from '../../src/report/testing/render.ts';
import { sampleResult, sampleSbom } from '../../src/report/testing/sample-result.ts';
import { chunked, drain, type FuzzTarget, fuzz } from './fuzz.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [digest = ''] = makeLayout(join(folder, 'layout'), {
  layers: [makeLayer([{ name: 'a', content: 'b' }])],
  config: { User: '1', Env: ['A=b'], Cmd: ['/a'], Labels: { a: 'b' }, ExposedPorts: { '80/tcp': {} } },
});
const blob = (name: string): Buffer => readFileSync(join(folder, 'layout/blobs', name.replace(':', '/')));
const manifest = blob(digest);
const config = blob(parseManifest(manifest, 'manifest').config.digest);

const osvRecord = JSON.stringify({
  schema_version: '1.6.0',
  id: 'GHSA-aaaa-bbbb-cccc',
  modified: '2024-01-01T00:00:00Z',
  published: '2023-01-01T00:00:00Z',
  aliases: ['CVE-2024-0001'],
  upstream: ['CVE-2024-0002'],
  summary: 's',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'npm', name: 'a', purl: 'pkg:npm/a' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.2.3' }, { limit: '2' }] }],
      versions: ['1.0.0', '1.0.1'],
      severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' }],
    },
  ],
  references: [{ type: 'ADVISORY', url: 'https://example.org/a' }],
  database_specific: { severity: 'HIGH' },
});

const reader = await createRecordReader('npm', () => {});
const saved = renderText(await reportFormats.json(), sampleResult);
const sboms = await Promise.all(
  [reportFormats.cyclonedx, reportFormats.spdx].map(async (load) => renderText(await load(), sampleSbom)),
);

function inFile(name: string, read: (path: string) => unknown): FuzzTarget['parse'] {
  return (input) => {
    const path = join(folder, name);
    writeFileSync(path, input);
    return read(path);
  };
}

const targets: Readonly<Record<string, FuzzTarget>> = {
  manifests: {
    seeds: [manifest],
    parse: (input) => {
      readMediaType(input, undefined, 'manifest');
      imageLayers(parseManifest(input, 'manifest'), parseImageConfig(config, 'config'));
    },
  },
  indexes: {
    seeds: [readFileSync(join(folder, 'layout/index.json'))],
    parse: (input) => {
      const manifests = parseIndex(input, 'index');
      platformsOf(manifests);
      selectPlatform(manifests, { os: 'linux', architecture: 'amd64' });
    },
  },
  'image configurations': { seeds: [config], parse: (input) => parseImageConfig(input, 'config') },
  references: {
    seeds: [
      'docker-archive:a.tar:n:1',
      `oci:d@sha256:${'a'.repeat(64)}`,
      'ghcr.io/o/n:tag',
      'localhost:5000/a/b',
      'dir:/x',
    ],
    parse: (input) => {
      const text = input.toString();
      const again = formatRegistryName(parseRegistryName('ghcr.io/o/n'));
      parseReference(text.replaceAll('\0', ''));
      parseReference(text);
      return again;
    },
  },
  'registry names': {
    seeds: ['ghcr.io/o/n:tag', `a/b@sha256:${'0'.repeat(64)}`, '[::1]:5000/a'],
    parse: (input) => formatRegistryName(parseRegistryName(input.toString())),
  },
  platforms: { seeds: ['linux/arm/v7', 'arm64'], parse: (input) => parsePlatform(input.toString()) },
  sizes: { seeds: ['5GiB', '200 MB'], parse: (input) => parseBytes(input.toString(), 'size') },
  gates: { seeds: ['high,unknown,fixable', 'low'], parse: (input) => parseGate(input.toString()) },
  challenges: {
    seeds: ['Bearer realm="https://a/b",service="c",scope="d:e:f", Basic realm="x"'],
    parse: (input) => parseChallenges(input.toString()),
  },
  'links to further pages': {
    seeds: ['</v2/a/tags/list?n=1&last=b>; rel="next"'],
    parse: (input) => nextPage(input.toString(), new URL('https://registry.test/v2/')),
  },
  'package URLs': {
    seeds: ['pkg:deb/debian/bash@5.2?arch=amd64&distro=debian-12#a/b', 'pkg:npm/%40s/n@1.0.0', 'pkg:golang/a/b/c'],
    parse: (input) => {
      const purl = parsePurl(input.toString());
      if (purl !== undefined) formatPurl(purl);
    },
  },
  'OSV records': { seeds: [osvRecord], parse: (input) => reader.read(input, 'record') },
  'OSV change lists': {
    seeds: ['2024-01-02T00:00:00Z,GHSA-1\n2024-01-01T00:00:00Z,GHSA-2\n'],
    parse: (input) => drain(readChanges(chunked(input), 'list')),
  },
  'software bills of materials': { seeds: sboms, parse: (input) => readSbom(input, 'sbom', defaultLimits), cost: 2 },
  'saved scans, which are then rendered': {
    seeds: [saved],
    parse: async (input) => {
      const result = await parseScanResult(input, 'scan');
      for (const load of Object.values(reportFormats)) renderText(await load(), result, { catalogue: english });
    },
    cost: 4,
  },
  configuration: {
    seeds: [
      'quiet: true\nlimits:\n  entries: 5\nfeeds: [osv]\nfeeds.osv.url: x\nignore:\n  - id: CVE-2024-1\n    reason: r\n',
    ],
    parse: inFile('.cinzel.yaml', readConfigurationFile),
  },
  'ignore files': {
    seeds: [
      'ignore:\n  - id: CVE-2024-1\n    reason: r\n    expires: 2030-01-01\n    purl: pkg:npm/*\n    path: /a/**\n',
    ],
    parse: (input) => readIgnoreText('rules.yaml', input.toString(), () => {}),
  },
  '.trivyignore': {
    seeds: ['# why\nCVE-2024-1 exp:2030-01-01\nCVE-2024-2\n'],
    parse: (input) => readIgnoreText('.trivyignore', input.toString(), () => {}),
  },
  '.trivyignore.yaml': {
    seeds: [
      'vulnerabilities:\n  - id: CVE-2024-1\n    paths: [a]\n    purls: [pkg:npm/a]\n    expired_at: 2030-01-01\n    statement: s\n',
    ],
    parse: (input) => readIgnoreText('.trivyignore.yaml', input.toString(), () => {}),
  },
  '.grype.yaml': {
    seeds: [
      'ignore:\n  - vulnerability: CVE-2024-1\n    fix-state: unknown\n    package:\n      name: a.*\n      type: npm\n      location: "/a/**"\n',
    ],
    parse: (input) => readIgnoreText('.grype.yaml', input.toString(), () => {}),
  },
  locks: {
    seeds: [
      '{"version":1,"inputs":{"distribution":"debian","packages":[]},"encoder":{"name":"a","version":"1","level":6},"architectures":{}}',
    ],
    parse: (input) => parseLock(input, 'lock'),
  },
};

describe('readers of documents give an answer or a fault of their own', () => {
  it.each(Object.entries(targets))('%s', async (_, target) => fuzz(target));
});
